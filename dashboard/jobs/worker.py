"""The body of a live run, in a process of its own: `python -m dashboard.jobs.worker`.

`workers` starts it. It loads what a simulation needs and nothing else, and ends when its server
is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from dashboard.jobs.workers import CALIBRATE, END, RECOVER, SERVER_PID, WORK
from dashboard.settings import read_settings
from simulation.errors import DriftscapeError

if TYPE_CHECKING:
    from simulation.archive import Run
    from simulation.archive.status import Stage

ORPHAN_SECONDS = 4.0


class RunEnd(TypedDict):
    """What came of a run, in words, for the tab that launched it; `failed` if it went wrong."""

    run_id: str
    name: str
    words: str
    failed: bool


def outcome(run: Run) -> RunEnd:
    words = run.record.get("status_reason") or run.status.words
    return RunEnd(run_id=run.run_id, name=run.name, words=words, failed=False)


def failure(run_id: str, error: DriftscapeError) -> RunEnd:
    return RunEnd(run_id=run_id, name="", words=str(error), failed=True)


def simulate(run_id: str) -> RunEnd:
    """Compute a queued run; what came of it.

    Settings come from the environment. The run ends as interrupted when the server does.
    """
    from simulation.archive import Archive, Status
    from simulation.running.run import execute

    settings = read_settings(os.environ)
    archive = Archive.open(settings.archive)
    writer = archive.adopt(run_id)
    leave = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: leave.set())
    run = execute(
        writer.config,
        archive,
        writer=writer,
        stop=lambda: Status.INTERRUPTED if leave.is_set() or is_orphan() else None,
        time_limit_seconds=settings.max_live_seconds,
    )
    return outcome(run)


def calibrate() -> None:
    """Measure this machine's speed, behind everything else, as far as that has not been done.

    The loops of all rules are compiled on the way, so that later processes find them on disk.
    """
    os.nice(19)
    from dashboard.jobs.estimate import is_measured, read_speeds, write_speeds
    from simulation.config import RULES

    cache = read_settings(os.environ).cache_path
    speeds = read_speeds(cache) or {}
    for rule in RULES:
        if not is_measured(rule, speeds):
            from dashboard.jobs.calibration import measure

            speeds |= measure(rule)
            write_speeds(cache, speeds)


def is_orphan() -> bool:
    """Whether the server that started this process is gone."""
    return os.getppid() != int(os.environ[SERVER_PID])


def _leave_with_server() -> None:
    """End this process when its server is gone and the run did not notice in time."""
    while not is_orphan():
        time.sleep(0.5)
    time.sleep(ORPHAN_SECONDS)
    os._exit(1)


def _rehearse(tell: Callable[[bool], object], enough: Callable[[], bool]) -> None:
    """Load and compile all that a run needs, by runs too small to notice; what most need first.

    `tell` : see `simulation.engines.when_compiling`.
    `enough` : asked before each; a run that waits is the better rehearsal.
    """
    from simulation.archive import Archive
    from simulation.config import RunConfig
    from simulation.engines import when_compiling
    from simulation.running.run import execute

    with tempfile.TemporaryDirectory() as folder, when_compiling("compiled", tell):
        archive = Archive.open(folder, create=True)
        for task, precision, noise in (
            ("corridor", "float32", "update"),
            ("smoothed_random", "float64", "label"),
        ):
            if enough():
                return
            values = {"task.kind": task, "precision": precision, f"noise.{noise}_scale": 0.01}
            execute(RunConfig.parse({**values, **_TINY}), archive)


_TINY = {
    "task.n_samples": 5,
    "network.hidden_units": 4,
    "schedule.steps": 20,
    "schedule.curve_points": 2,
    "schedule.snapshots": 2,
}


@dataclass
class _Readiness:
    """At which stage a run stands that this process is told of now; None: it can start."""

    stage: Stage | None = "preparing"

    def tell(self, begins: bool) -> None:
        self.stage = "compiling" if begins else "preparing"


def _listen(asked: Future[str], now: _Readiness) -> None:
    """Read the id of the run to compute; of one that cannot start at once say what it waits for.

    No id: the server needs us no more.
    """
    run_id = sys.stdin.readline().strip()
    if run_id and (stage := now.stage):
        with contextlib.suppress(DriftscapeError):  # whoever computes it meets that again
            _say(run_id, stage)
    asked.set_result(run_id)


def _say(run_id: str, stage: Stage) -> None:
    from simulation.archive import Archive, Progress, Status
    from simulation.archive.writer import now

    writer = Archive.open(read_settings(os.environ).archive).adopt(run_id)
    first, last = writer.config.parent.step, writer.config.schedule.steps
    writer.note(status=Status.RUNNING.value)
    writer.report(Progress(first, last, None, None, stage, now(), first=first))
    writer.flush(force=True)
    writer.hand_over()


def work() -> None:
    """Get ready, wait for the id of a run, compute it, tell what came of it."""
    answer, sys.stdout = sys.stdout, sys.stderr  # so that nothing else is taken for the answer
    asked: Future[str] = Future()
    ready = _Readiness()
    threading.Thread(target=_listen, args=(asked, ready), name="listen", daemon=True).start()
    _rehearse(ready.tell, asked.done)
    ready.stage = None
    run_id = asked.result()
    if not run_id:
        return  # the server needs us no more
    try:
        told = simulate(run_id)
    except DriftscapeError as error:
        print(json.dumps(failure(run_id, error)), file=answer, flush=True)
        raise
    print(json.dumps(told), file=answer, flush=True)


def end(run_id: str, status: str, reason: str) -> None:
    """Archive what a process that is gone left of a run."""
    from simulation.archive import Archive, Status
    from simulation.errors import UnknownRun

    archive = Archive.open(read_settings(os.environ).archive)
    with contextlib.suppress(UnknownRun):  # it has been archived
        archive.adopt(run_id).finish(Status(status), reason)


def recover() -> None:
    """Archive what processes that are gone left of their runs."""
    from simulation.archive import Archive

    Archive.open(read_settings(os.environ).archive).running()


COMMANDS: dict[str, Callable[..., None]] = {
    WORK: work,
    END: end,
    RECOVER: recover,
    CALIBRATE: calibrate,
}


def main(arguments: list[str]) -> int:
    """`work` (a run told on standard input), `end RUN_ID STATUS REASON`, or another command."""
    threading.Thread(target=_leave_with_server, name="server watch", daemon=True).start()
    command, *details = arguments
    try:
        COMMANDS[command](*details)
    except DriftscapeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
