"""Driftscape's web server: `python app.py`, or `gunicorn app:server` (see the Procfile).

Importing this module does nothing; `server` is built from the environment when first asked for.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import logging
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from dashboard.settings import SettingError, Settings, describe, read_settings

if TYPE_CHECKING:
    from dash import Dash


def create_dashboard(settings: Settings) -> Dash:
    """The dashboard on the archive of `settings`, or the page that says why it cannot be opened."""
    from dashboard.app import create_app, create_message_app
    from dashboard.jobs.process_launcher import ProcessLauncher
    from dashboard.jobs.workers import ProcessWorkers
    from dashboard.services import Services
    from simulation.archive import Archive
    from simulation.errors import ArchiveError

    try:
        archive = Archive.open(settings.archive, create=True)
    except ArchiveError as error:
        logging.getLogger("driftscape").error("%s", error)
        return create_message_app(error)
    workers = ProcessWorkers(settings)
    archive.recover_elsewhere = workers.recover
    launcher = ProcessLauncher(archive, settings, workers)
    atexit.register(launcher.close)
    return create_app(Services(settings, archive, launcher))


def main() -> None:
    """Serve with the settings of the environment until Ctrl-C or SIGTERM."""
    argparse.ArgumentParser(
        prog="python app.py",
        description="Serve the Driftscape dashboard. Environment variables set it up:",
        epilog=describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    settings = _settings_or_exit()
    listener = _listen_or_exit(settings)
    from werkzeug.serving import make_server

    for name in (signal.SIGINT, signal.SIGTERM):  # also where a shell had SIGINT ignored
        signal.signal(name, signal.default_int_handler)
    server = make_server(
        settings.host,
        settings.port,
        create_dashboard(settings).server,
        threaded=True,
        fd=listener.fileno(),
    )
    print(
        f"Driftscape is at http://{settings.host}:{settings.port} · archive: {settings.archive} "
        "· Ctrl-C stops it",
        flush=True,
    )
    server.serve_forever()


def _listen_or_exit(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=128)
    except OSError as error:
        _exit(
            f"Cannot listen on HOST={settings.host} PORT={settings.port}: "
            f"{os.strerror(error.errno or 0).lower()}. Choose another one."
        )


def _settings_or_exit() -> Settings:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        return read_settings(os.environ)
    except SettingError as error:
        _exit(str(error))


def _exit(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(2)


def __getattr__(name: str) -> Any:
    if name == "server":
        globals()["server"] = create_dashboard(_settings_or_exit()).server
        return globals()["server"]
    raise AttributeError(name)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
