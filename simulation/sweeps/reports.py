"""What a runner tells of its jobs."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.archive import Status
from simulation.sweeps.worker import Job


@dataclass(frozen=True)
class Ended:
    """A job that is done with: archived with `status`, or failed with a message and a remedy."""

    job: Job
    status: Status | None
    message: str = ""
    remedy: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.message)


@dataclass(frozen=True)
class Report:
    """How far all jobs are.

    Attributes
    ----------
    latest : the job that has just ended; None when nothing did.
    running, elsewhere, slots : jobs under way here, computed by others, and possible at once.
    seconds_left : at the speed so far; None until the first has ended.
    """

    done: int
    total: int
    failed: int
    running: int
    elsewhere: int
    slots: int
    seconds_left: float | None
    latest: Ended | None
