"""Live runs: reserved in the archive, worked off in order, each in a process of its own.

A run is queued in the archive the moment it is asked for, so its page can be watched and shared
from then on. Its process starts at its turn and not before: what waits costs a folder, not a
process. The queue belongs to this server; when the server ends, its runs end.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

from dashboard.jobs.launcher import QueueFull
from dashboard.jobs.limits import check_limits
from dashboard.jobs.worker import RunEnd, failure, outcome
from dashboard.jobs.workers import Worker, Workers
from dashboard.settings import Settings
from simulation.archive import Archive, RunWriter, Status
from simulation.config import RunConfig
from simulation.errors import ArchiveError, UnknownRun
from simulation.running.lineage import check_parent

COLLECTION = "live"
GRACE_SECONDS = 5.0
TICK_SECONDS = 0.2
OUTCOMES_KEPT = 200
CALIBRATE_SECONDS = 10.0
"""After the start of the server or of a run, so that what compiles for it has the machine alone."""
PREPARE_SECONDS = 2.0
"""After a start, so that loading the next process does not slow the first points of this one."""

log = logging.getLogger("driftscape.launcher")


@dataclass
class _Job:
    worker: Worker
    writer: RunWriter  # handed over to the worker; still tells whether a cancel was asked for
    kill_at: float | None = None


class ProcessLauncher:
    """A Launcher with a process a run: first come, first served, at most so many at once."""

    def __init__(self, archive: Archive, settings: Settings, workers: Workers) -> None:
        self._archive, self._settings, self._workers = archive, settings, workers
        self._waiting: dict[str, RunWriter] = {}
        self._working: dict[str, _Job] = {}
        self._outcomes: dict[str, RunEnd] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._prepare_at = time.monotonic()
        self._calibrate_at: float | None = None
        if archive.writable:
            self._calibrate_at = time.monotonic() + CALIBRATE_SECONDS
        self._thread = threading.Thread(target=self._supervise, name="launcher", daemon=True)
        self._thread.start()

    def launch(self, config: RunConfig, name: str) -> str:
        check_limits(config, self._settings)
        if config.parent.run:
            check_parent(config, self._archive)
        with self._changed:
            if not self._exists(config.run_id):
                self._refuse_when_full()
                writer = self._archive.writer(config, collection=COLLECTION, name=name)
                self._waiting[config.run_id] = writer
                self._changed.notify()
        return config.run_id

    def is_active(self, run_id: str) -> bool:
        with self._changed:
            return run_id in self._waiting or run_id in self._working

    def position(self, run_id: str) -> int | None:
        with self._changed:
            waiting = list(self._waiting)
        return waiting.index(run_id) + 1 if run_id in waiting else None

    def cancel(self, run_id: str) -> None:
        self._archive.request_cancel(run_id)
        with self._changed:
            self._changed.notify()

    def outcome(self, run_id: str) -> RunEnd | None:
        return self._outcomes.get(run_id)

    def close(self) -> None:
        """End every run within a few seconds, so that nothing outlives the server."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        self._workers.close()
        for job in self._working.values():
            job.worker.terminate()
        while self._waiting:
            _, writer = self._waiting.popitem()
            _end(writer, Status.INTERRUPTED, "The server stopped before its turn.")
        deadline = time.monotonic() + GRACE_SECONDS
        while self._working:
            run_id, job = self._working.popitem()
            try:
                job.worker.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                job.worker.kill()
                job.worker.wait()
            self._settle(run_id, job)

    def _exists(self, run_id: str) -> bool:
        try:
            status = self._archive.open_run(run_id).status
        except UnknownRun:
            return False
        return status.in_progress or status.settled

    def _refuse_when_full(self) -> None:
        free = self._settings.max_concurrent_runs - len(self._working)
        if len(self._waiting) - free >= self._settings.max_queued_runs:
            raise QueueFull(
                f"The queue is full: {len(self._working)} live runs in progress, "
                f"{len(self._waiting)} waiting.",
                remedy="Try again in a few minutes, or cancel a run that is not needed.",
            )

    def _supervise(self) -> None:
        while not self._closed:
            try:
                self._settle_ended()
                self._enforce_cancels()
                self._start_waiting()
            except Exception:
                log.exception("the queue of live runs met an error and goes on")
            with self._changed:
                if not self._closed:
                    nothing_to_do = self._is_idle() and self._calibrate_at is None
                    self._changed.wait(None if nothing_to_do else TICK_SECONDS)

    def _is_idle(self) -> bool:
        return not self._waiting and not self._working

    def _settle_ended(self) -> None:
        for run_id, job in list(self._working.items()):
            if job.worker.poll() is not None:
                self._settle(run_id, job)
                with self._changed:
                    del self._working[run_id]

    def _settle(self, run_id: str, job: _Job) -> None:
        """Have a run archived whose process did not do so itself; keep what came of it."""
        told, code = _told(job.worker), job.worker.poll()
        if code != 0 and job.writer.cancel_requested():
            self._workers.end(run_id, Status.CANCELLED, "Its process had to be stopped.")
        elif code != 0:
            why = told["words"] if told else _exit_in_words(code)
            self._workers.end(run_id, Status.INTERRUPTED, why)
        self._remember(run_id, told)

    def _remember(self, run_id: str, told: RunEnd | None) -> None:
        try:
            ended = told or outcome(self._archive.open_run(run_id))
        except ArchiveError as error:
            ended = failure(run_id, error)
        self._outcomes = dict(list(self._outcomes.items())[1 - OUTCOMES_KEPT :])
        self._outcomes[run_id] = ended

    def _enforce_cancels(self) -> None:
        for job in self._working.values():
            if job.kill_at is None and job.writer.cancel_requested():
                job.kill_at = time.monotonic() + GRACE_SECONDS
            elif job.kill_at is not None and time.monotonic() > job.kill_at:
                job.worker.kill()
        for run_id, writer in list(self._waiting.items()):
            if writer.cancel_requested():
                _end(writer, Status.CANCELLED, "It had not started yet.")
                self._remember(run_id, None)
                with self._changed:
                    del self._waiting[run_id]

    def _start_waiting(self) -> None:
        with self._changed:
            while self._waiting and len(self._working) < self._settings.max_concurrent_runs:
                self._start_next()
            if self._archive.writable and time.monotonic() > self._prepare_at:
                self._workers.prepare()
            if self._calibrate_at is not None and self._is_idle():
                self._calibrate_when_due(self._calibrate_at)

    def _calibrate_when_due(self, due: float) -> None:
        """Have this machine's speed measured once no run needs it: runs come first."""
        if time.monotonic() > due:
            self._calibrate_at = None
            self._workers.calibrate()

    def _start_next(self) -> None:
        run_id = next(iter(self._waiting))
        writer = self._waiting.pop(run_id)
        try:
            worker = self._workers.start(run_id)
        except OSError as error:
            _end(writer, Status.INTERRUPTED, f"Its process could not be started: {error}.")
            return
        writer.hand_over()
        self._working[run_id] = _Job(worker, writer)
        self._prepare_at = time.monotonic() + PREPARE_SECONDS
        if self._calibrate_at is not None:
            self._calibrate_at = time.monotonic() + CALIBRATE_SECONDS


def _end(writer: RunWriter, status: Status, reason: str) -> None:
    """Archive the run with this ending; where that fails it is left for the next reader."""
    try:
        writer.finish(status, reason)
    except ArchiveError as error:
        log.error("run %s could not be archived: %s", writer.run_id, error)
        writer.release()


def _told(worker: Worker) -> RunEnd | None:
    """What an ended process said came of its run; None if it could not."""
    text = worker.stdout.read() if worker.stdout else ""
    try:
        told: RunEnd = json.loads(text)
    except ValueError:
        return None
    return told


def _exit_in_words(code: int | None) -> str:
    if code is None or code >= 0:
        return f"It ended with exit code {code}; the server's log has more."
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"It was ended by {name}."
