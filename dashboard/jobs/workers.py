"""The processes of live runs, started from the server, one of them ahead of need.

Each is a new interpreter: not a fork, which hangs once threads run, and not a pickled closure,
which would import the web application again. To load the engine takes longer than to simulate a
short run, so one process has done that already and waits for the id of a run on its input.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Protocol

from dashboard.settings import Settings
from simulation.archive.status import Status

ROOT = Path(__file__).resolve().parents[2]
WORK, END, RECOVER, CALIBRATE = "work", "end", "recover", "calibrate"
SERVER_PID = "DRIFTSCAPE_SERVER_PID"
RETRY_SECONDS = 5.0
"""Before recovery is tried again of runs that could not be archived."""


class Worker(Protocol):
    """A process that computes one run; `subprocess.Popen` is one.

    Once it has ended, `stdout` holds its `jobs.worker.RunEnd` as JSON, or nothing if it was killed.
    """

    stdout: IO[str] | None

    def poll(self) -> int | None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class Workers(Protocol):
    """Where the launcher gets its processes."""

    def start(self, run_id: str) -> Worker:
        """A process that computes the queued run `run_id`; OSError where that fails."""

    def prepare(self) -> None:
        """Make the next `start` fast."""

    def calibrate(self) -> None:
        """Measure how fast this machine is, unless that has been done or is under way."""

    def end(self, run_id: str, status: Status, reason: str) -> None:
        """Archive a run whose process is gone, unless that has been done."""

    def close(self) -> None:
        """End every process that computes no run."""


class ProcessWorkers:
    """Workers as processes `python -m dashboard.jobs.worker`; one measures this machine's speed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._spare: subprocess.Popen[str] | None = None
        self._calibration: subprocess.Popen[str] | None = None
        self._recovering = threading.Lock()
        self._recover_at = time.monotonic()

    def start(self, run_id: str) -> Worker:
        ready, self._spare = self._spare, None
        worker = ready if ready is not None and ready.poll() is None else self._process(WORK)
        assert worker.stdin is not None
        with worker.stdin as line:
            line.write(f"{run_id}\n")
        return worker

    def prepare(self) -> None:
        if self._spare is None:
            self._spare = self._process(WORK)

    def calibrate(self) -> None:
        if self._calibration is None:
            self._calibration = self._process(CALIBRATE)
            threading.Thread(target=self._calibration.wait, daemon=True).start()

    def end(self, run_id: str, status: Status, reason: str) -> None:
        """In a process of its own: what archiving loads and merges would weigh on the server."""
        self._process(END, run_id, status.value, reason).communicate()

    def recover(self) -> None:
        """Archive all runs of dead processes, in a process of its own for the same reason."""
        with self._recovering:
            if time.monotonic() >= self._recover_at:
                self._process(RECOVER).communicate()
                self._recover_at = time.monotonic() + RETRY_SECONDS

    def close(self) -> None:
        for process in (self._spare, self._calibration):
            if process is not None:
                process.kill()
                process.communicate()

    def _process(self, *arguments: str) -> subprocess.Popen[str]:
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        server = {SERVER_PID: str(os.getpid())}
        return subprocess.Popen(
            [sys.executable, "-m", "dashboard.jobs.worker", *arguments],
            cwd=ROOT,
            env=one_thread | dict(os.environ) | self._settings.environment() | server,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the server, which ends its workers
            text=True,
        )
