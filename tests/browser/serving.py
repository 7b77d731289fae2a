"""A demo in a process of its own and a Chromium to look at it: for the browser tests and for the screenshots."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
STARTUP_SECONDS = 60


class DemoFailed(RuntimeError):
    """The demo did not serve its index; the message holds its own words."""


@contextmanager
def served_demo(folder: Path) -> Iterator[str]:
    """The address of a demo, not seeded, that keeps its data in `folder`; DemoFailed unless it answers."""
    port = free_port()
    command = [sys.executable, "-m", "adaptive_xblocks.demo", "--port", str(port), "--no-seed"]
    environment = {**os.environ, "ADAPTIVE_XBLOCKS_DEMO_DIR": str(folder)}
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_served(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def served_here() -> Iterator[str]:
    """The address of the demo in this process, on this process's database and with its scenarios."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=20)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chromium_path() -> str | None:
    """The Chromium of `CHROMIUM`, else Debian's binary (past its wrapper script), else one on the path."""
    debian = Path("/usr/lib/chromium/chromium")
    named = os.environ.get("CHROMIUM") or (str(debian) if debian.exists() else None)
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _wait_until_served(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=STARTUP_SECONDS)
            return
        except urllib.error.HTTPError as error:
            raise DemoFailed(f"the demo's index answered {error.code}:\n{log.read_text()[-4000:]}") from error
        except OSError:
            time.sleep(0.2)
    raise DemoFailed(f"the demo did not start:\n{log.read_text()[-4000:]}")
