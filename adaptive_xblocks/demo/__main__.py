"""Start the demo: `python -m adaptive_xblocks.demo [--port 8000] [--no-seed] [--fresh]`."""

import argparse
import os
import sys

#: The packages whose modules have other names.
NEEDED = {"workbench": "xblock-sdk", "django": "Django"}


def main(arguments=None) -> None:
    """Start the demo as the command line says."""
    start(parse(arguments))


def start(options) -> None:
    """Make the tables, seed the learners of a new database, serve until interrupted."""
    # Whatever site this environment belongs to: the demo must never touch its database.
    os.environ["DJANGO_SETTINGS_MODULE"] = "adaptive_xblocks.demo.settings"
    try:
        import django
        import workbench  # noqa: F401
    except ImportError as missing:
        sys.exit(f"The demo needs {NEEDED.get(missing.name, missing.name)}: pip install 'adaptive-xblocks[demo]'")
    try:
        prepare(options)
    except OSError as error:
        sys.exit(f"The demo cannot keep its data ({error.strerror}: {error.filename}): name a folder that it may write "
                 "to, e.g. ADAPTIVE_XBLOCKS_DEMO_DIR=/tmp/demo")
    from django.core.management import call_command

    django_version = ".".join(map(str, django.VERSION[:2]))
    print(f"Demo on http://127.0.0.1:{options.port}/ (Django {django_version}). Stop it with Control-C.", flush=True)
    call_command("runserver", f"127.0.0.1:{options.port}", use_reloader=False, skip_checks=True)


def parse(arguments):
    """The command line's options."""
    parser = argparse.ArgumentParser(prog="python -m adaptive_xblocks.demo", description="Serve the demo.")
    add_options(parser)
    return parser.parse_args(arguments)


def add_options(parser) -> None:
    """What the demo can be asked for."""
    parser.add_argument("--port", type=port, default=8000, help="where it listens; 8000")
    parser.add_argument("--no-seed", action="store_true", help="start without the three seeded learners")
    parser.add_argument("--fresh", action="store_true", help="forget what was answered before")


def port(text: str) -> int:
    """A port's number; argparse.ArgumentTypeError for any other."""
    if not text.isdecimal() or not 1 <= int(text[:6]) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 1 to 65535, e.g. 8000")
    return int(text)


def prepare(options) -> None:
    """Set Django up, make the tables, seed."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    from adaptive_xblocks.demo.languages import make_known_to_django

    make_known_to_django(settings.DEMO_DIR)
    database = settings.DATABASES["default"]["NAME"]
    if options.fresh:
        database.unlink(missing_ok=True)
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    if options.no_seed:
        return
    from adaptive_xblocks.demo.seed import seed

    seed()


if __name__ == "__main__":
    main()
