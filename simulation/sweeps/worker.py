"""What happens in a worker: from jobs to answers that any executor can carry."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulation.archive import Archive, Run, Status
from simulation.config import RunConfig
from simulation.errors import AlreadyRunning, DriftscapeError

GRACE_SECONDS = 3.0
"""An orphaned worker's run has this long to end and be archived."""

_orphaned = threading.Event()


@dataclass(frozen=True)
class Job:
    """A run to be made, and the name it is archived under."""

    config: RunConfig
    name: str


@dataclass(frozen=True)
class JobEnd:
    """How a job ended.

    Attributes
    ----------
    status : the run's; None where there is none: it failed, or is computed elsewhere.
    message, remedy : why it failed, and what to do; empty where it did not.
    """

    status: Status | None
    message: str = ""
    remedy: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Another process computes this run already."""
        return self.status is None and not self.message


def work(jobs: Sequence[Job], archive: Path, collection: str) -> list[JobEnd]:
    """Make runs and archive them: one, or several of one shape in lockstep.

    Raises nothing: what went wrong is the answer.
    """
    try:
        return [_outcome(end) for end in _make(jobs, Archive.open(archive), collection)]
    except Exception as error:
        return [_outcome(error)] * len(jobs)


def _make(
    jobs: Sequence[Job], archive: Archive, collection: str
) -> Sequence[Run | DriftscapeError]:
    def stop() -> Status | None:
        return Status.INTERRUPTED if _orphaned.is_set() else None

    if len(jobs) == 1:
        from simulation.running.run import execute

        (job,) = jobs
        return [execute(job.config, archive, collection=collection, name=job.name, stop=stop)]
    from simulation.running.together import execute_together

    configs, names = [job.config for job in jobs], [job.name for job in jobs]
    return execute_together(configs, archive, collection=collection, names=names, stop=stop)


def _outcome(end: Run | Exception) -> JobEnd:
    if isinstance(end, Run):
        return JobEnd(end.status)
    if isinstance(end, AlreadyRunning):
        return JobEnd(None)
    if isinstance(end, DriftscapeError):
        return JobEnd(None, end.message, end.remedy)
    return JobEnd(None, *_in_words(end))


def _in_words(error: Exception) -> tuple[str, str]:
    """An error that nobody foresaw: what, and where in the code."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{where}: {text}.", "Run the sweep again to try once more."


def end_with_parent() -> None:
    """In a process started by another: end soon after that one, with the run under way archived.

    Without this a worker whose parent was killed would wait for its next job for ever.
    """
    threading.Thread(target=_watch_parent, name="parent watch", daemon=True).start()


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    _orphaned.set()
    time.sleep(GRACE_SECONDS)
    os._exit(1)
