"""Running what is missing from an archive, in processes of its own; resumable at any time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

from simulation.archive import Archive, Status
from simulation.config import FeedforwardConfig, RunConfig
from simulation.errors import AlreadyRunning, DriftscapeError

COLLECTION = "fidelity"


@dataclass(frozen=True)
class Job:
    """A run to be made, and the name it is archived under."""

    config: RunConfig
    name: str


@dataclass(frozen=True)
class Done:
    """One job's end: `status` is None where another process computes that run already."""

    job: Job
    status: Status | None
    finished: int
    total: int
    seconds_left: float


def missing(configs: Iterable[RunConfig], archive: Archive) -> list[RunConfig]:
    """Those that the archive does not hold, or holds cut short."""
    runs = archive.runs(["run_id", "status"])
    settled = {
        run_id
        for run_id, status in zip(runs["run_id"], runs["status"], strict=True)
        if Status(status).settled
    }
    return [config for config in configs if config.run_id not in settled]


def run_all(
    jobs: list[Job], archive: Path, collection: str, workers: int, tell: Callable[[Done], None]
) -> None:
    """Make every run; `tell` hears of each as it ends.

    KeyboardInterrupt ends the runs under way as cancelled, each archived with what it recorded,
    and is raised again.

    Raises
    ------
    DriftscapeError : what ended a run early; or a worker was killed (for want of memory, say).
    """
    for library in ("OPENBLAS", "OMP", "MKL"):  # read when a worker starts: one core each
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    began, total = time.monotonic(), sum(_cost(job.config) for job in jobs)
    spent, finished = 0.0, 0
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_prepare, initargs=(stop,)
    ) as pool:
        try:
            futures = {pool.submit(_execute, job, archive, collection): job for job in jobs}
            for future in as_completed(futures):
                job = futures[future]
                finished += 1
                spent += _cost(job.config)
                left = (time.monotonic() - began) * (total / spent - 1)
                tell(Done(job, future.result(), finished, len(jobs), left))
        except BrokenProcessPool:
            raise DriftscapeError(
                "A process that computed a run was ended from outside.",
                remedy="Run the command again: it goes on where it stopped.",
            ) from None
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise


_stop: Event


def _prepare(stop: Event) -> None:
    """In a worker: Ctrl-C reaches it too, but it is `stop` that ends its run, cleanly."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _execute(job: Job, archive: Path, collection: str) -> Status | None:
    from simulation.run import execute

    try:
        run = execute(
            job.config,
            Archive.open(archive),
            collection=collection,
            name=job.name,
            stop=lambda: Status.CANCELLED if _stop.is_set() else None,
        )
    except AlreadyRunning:
        return None
    return run.status


def _cost(config: RunConfig) -> float:
    """Arithmetic of a run, up to a factor; the constant stands for what every step costs."""
    assert isinstance(config, FeedforwardConfig)
    return config.schedule.steps * (config.parameter_count * config.task.n_samples + 10_000)
