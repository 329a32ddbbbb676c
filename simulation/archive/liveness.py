"""Is the process behind a run in progress still there? A heartbeat says so, and its process id.

A run is dead once its heartbeat has been released, or is silent for `SILENCE_SECONDS` while no such
process exists on this machine. The second look spares a run whose computer merely slept.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

BEAT_SECONDS = 2.0
SILENCE_SECONDS = 10.0


def owner() -> dict[str, Any]:
    """What identifies this process, for `is_dead` to check later."""
    process = psutil.Process()
    return {
        "host": socket.gethostname(),
        "pid": process.pid,
        "process_started": process.create_time(),
    }


def is_dead(heartbeat: Path, owner: Mapping[str, Any]) -> bool:
    """Whether nobody writes this run any more."""
    try:
        silence = time.time() - heartbeat.stat().st_mtime
    except FileNotFoundError:
        return True
    return silence > SILENCE_SECONDS and not _is_running_here(owner)


def _is_running_here(owner: Mapping[str, Any]) -> bool:
    if owner.get("host") != socket.gethostname():
        return False
    try:
        process = psutil.Process(int(owner["pid"]))
        started = abs(process.create_time() - float(owner["process_started"])) < 1
        return bool(started and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


class Heartbeat:
    """Touches a file every two seconds from a daemon thread until it is stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stopped = threading.Event()
        path.touch()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def _beat(self) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            try:
                os.utime(self._path)
            except OSError:
                return

    def stop(self) -> None:
        """Stop beating; the file stays."""
        self._stopped.set()
        self._thread.join()

    def release(self) -> None:
        """Stop beating and remove the file: the run has no writer from now on."""
        self.stop()
        self._path.unlink(missing_ok=True)
