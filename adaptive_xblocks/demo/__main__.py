"""Start the demo: `python -m adaptive_xblocks.demo [--port 8000] [--no-seed] [--fresh]`."""

import argparse
import os
import sys


def main(arguments=None) -> None:
    """Make the tables, seed the learners of a new database, serve until interrupted."""
    options = parse(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adaptive_xblocks.demo.settings")
    try:
        import django
        import workbench  # noqa: F401
    except ImportError as missing:
        sys.exit(f"The demo needs {missing.name}: pip install 'adaptive-xblocks[demo]'")
    prepare(options)
    from django.core.management import call_command

    django_version = ".".join(map(str, django.VERSION[:2]))
    print(f"Demo on http://127.0.0.1:{options.port}/ (Django {django_version}). Stop it with Control-C.", flush=True)
    call_command("runserver", f"127.0.0.1:{options.port}", use_reloader=False, skip_checks=True)


def parse(arguments):
    """The command line's options."""
    parser = argparse.ArgumentParser(prog="python -m adaptive_xblocks.demo", description="Serve the demo.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-seed", action="store_true", help="start without the three seeded learners")
    parser.add_argument("--fresh", action="store_true", help="forget what was answered before")
    return parser.parse_args(arguments)


def prepare(options) -> None:
    """Set Django up, make the tables, seed."""
    import django
    from django.conf import settings
    from django.core.management import call_command

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
