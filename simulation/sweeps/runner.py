"""Making many runs at once on any executor; resumable at any time.

The archive's folder is where workers and runner meet: a worker claims a run there, writes it
there, and looks there whether it is to stop. So a worker may be anywhere that sees this folder
under this path, and two runners may share a sweep.
"""

from __future__ import annotations

import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import suppress
from itertools import islice

import psutil

from simulation.archive import Archive
from simulation.errors import ArchiveError
from simulation.sweeps.order import cost
from simulation.sweeps.pools import Pool, SchedulerError
from simulation.sweeps.reports import Ended, Report
from simulation.sweeps.worker import Job, JobEnd, work

LOOK_SECONDS = 1.0
"""Between two looks at runs that are computed elsewhere, and two reports."""
LEAST_TOGETHER, MOST_TOGETHER = 16, 512
"""How many runs of one shape a GPU makes in lockstep; fewer are made one by one."""
MOST_KILLS = 2
"""A run that ends its worker's process so often has failed."""


def run_all(
    jobs: Iterable[Job],
    archive: Archive,
    collection: str,
    pool: Pool,
    tell: Callable[[Report], None],
) -> list[Ended]:
    """Make every run and return how each job ended; `tell` hears of it, and once a second.

    A run whose worker was killed is made again, unless it was killed twice; one that another
    process computes is waited for. KeyboardInterrupt ends the runs under way as cancelled, each
    archived with what it recorded, and is raised again.

    Raises
    ------
    SchedulerError : the scheduler went away.
    """
    sweep = _Sweep(list(jobs), archive, collection, pool, tell)
    try:
        sweep.run()
    except BaseException:
        sweep.cancel()
        raise
    return sweep.ended


class _Sweep:
    """The jobs by where they are: waiting, running, computed elsewhere, ended."""

    def __init__(
        self,
        jobs: list[Job],
        archive: Archive,
        collection: str,
        pool: Pool,
        tell: Callable[[Report], None],
    ) -> None:
        self._archive, self._collection = archive, collection
        self._pool, self._tell = pool, tell
        self._waiting = deque(jobs)
        self._running: dict[Future[list[JobEnd]], list[Job]] = {}
        self._elsewhere: list[Job] = []
        self._kills: Counter[str] = Counter()
        self.ended: list[Ended] = []
        self._total, self._began = len(jobs), time.monotonic()
        self._cost, self._spent = sum(cost(job.config) for job in jobs), 0.0
        self._slots = 0

    def run(self) -> None:
        """Until every job has ended."""
        while self._waiting or self._running or self._elsewhere:
            self._fill()
            self._report(None)
            if self._running:
                done, _ = wait(self._running, LOOK_SECONDS, FIRST_COMPLETED)
                for future in done:
                    self._settle(future)
            else:
                time.sleep(LOOK_SECONDS)
            self._look_elsewhere()

    def cancel(self) -> None:
        """End what is under way, and wait until it is archived."""
        for future in self._running:
            future.cancel()
        while unfinished := [
            job
            for future, jobs in self._running.items()
            for job in jobs
            if not future.done() or self._is_in_progress(job)
        ]:
            for job in unfinished:
                with suppress(ArchiveError):  # its worker has not claimed it yet
                    self._archive.request_cancel(job.config.run_id)
            time.sleep(LOOK_SECONDS / 5)

    def _fill(self) -> None:
        self._slots = self._pool.slots()
        while self._waiting and len(self._running) < self._slots:
            jobs = self._next()
            future = self._pool.executor.submit(work, jobs, self._archive.path, self._collection)
            self._running[future] = jobs

    def _next(self) -> list[Job]:
        """The next job, with those of its shape if there are enough to make them in lockstep."""
        first = self._waiting.popleft()
        shape = self._shape(first)
        alike = () if shape is None else (j for j in self._waiting if self._shape(j) == shape)
        jobs = [first, *islice(alike, MOST_TOGETHER - 1)]
        if len(jobs) < LEAST_TOGETHER:
            return [first]
        taken = {job.config.run_id for job in jobs}
        self._waiting = deque(job for job in self._waiting if job.config.run_id not in taken)
        return jobs

    def _shape(self, job: Job) -> Hashable | None:
        """What jobs made together have in common; None: made alone, as after a kill."""
        return None if self._kills[job.config.run_id] else self._pool.shape(job.config)

    def _settle(self, future: Future[list[JobEnd]]) -> None:
        jobs = self._running[future]
        try:
            outcomes = future.result()
        except CancelledError:
            raise SchedulerError(
                "The scheduler lost a run that it had been given.",
                subject=jobs[0].config.run_id,
                remedy="Run the same command again: it goes on where it stopped.",
            ) from None
        except BrokenExecutor:
            outcomes = [self._after_kill(job) for job in jobs]
        except Exception as error:  # a Dask worker that was killed again and again, say
            outcomes = [JobEnd(None, f"{type(error).__name__}: {error}", _TOO_LARGE)] * len(jobs)
        del self._running[future]
        for job, outcome in zip(jobs, outcomes, strict=True):
            self._place(job, outcome)

    def _place(self, job: Job, outcome: JobEnd) -> None:
        if outcome.is_elsewhere:
            self._elsewhere.append(job)
        elif outcome.status is None or outcome.status.settled:
            self._end(Ended(job, outcome.status, outcome.message, outcome.remedy))
        else:
            self._end(Ended(job, outcome.status, outcome.status.words, _AGAIN))

    def _after_kill(self, job: Job) -> JobEnd:
        """What becomes of a run whose process was ended from outside."""
        self._release(job)
        self._kills[job.config.run_id] += 1
        if self._kills[job.config.run_id] < MOST_KILLS:
            return JobEnd(None)
        return JobEnd(None, f"Its process was ended from outside {MOST_KILLS} times.", _TOO_LARGE)

    def _release(self, job: Job) -> None:
        """Free a run of a process that is gone at once, not when its silence is noticed."""
        with suppress(ArchiveError):
            run = self._archive.open_run(job.config.run_id)
            owner = run.record.get("owner", {})
            is_ours = run.status.in_progress and owner.get("host") == socket.gethostname()
            if is_ours and not psutil.pid_exists(int(owner["pid"])):
                self._archive.adopt(run.run_id).release()

    def _look_elsewhere(self) -> None:
        """Take back the runs that nobody computes any more."""
        before, self._elsewhere = self._elsewhere, []
        for job in before:
            if self._is_in_progress(job):
                self._elsewhere.append(job)
            else:
                self._waiting.appendleft(job)

    def _is_in_progress(self, job: Job) -> bool:
        try:
            return self._archive.open_run(job.config.run_id).status.in_progress
        except ArchiveError:  # not there, or damaged: for a worker to say
            return False

    def _end(self, ended: Ended) -> None:
        self.ended.append(ended)
        self._spent += cost(ended.job.config)
        self._report(ended)

    def _report(self, latest: Ended | None) -> None:
        left = None
        if self._spent:
            left = (time.monotonic() - self._began) * (self._cost / self._spent - 1)
        failed = sum(ended.failed for ended in self.ended)
        counts = (sum(map(len, self._running.values())), len(self._elsewhere), self._slots)
        self._tell(Report(len(self.ended), self._total, failed, *counts, left, latest))


_AGAIN = "Run the sweep again to make it."
_TOO_LARGE = "Perhaps it needs more memory than there is: use fewer workers, or a smaller network."
