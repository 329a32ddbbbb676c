"""How a run stands, or how it ended, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Stage = Literal["queued", "preparing", "compiling", "training", "finishing"]


class Status(StrEnum):
    """Where a run stands; all but the first two are endings, each kept with what was recorded."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    DIVERGED = "diverged"
    ALL_UNITS_SILENT = "all_units_silent"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    TIME_LIMIT = "time_limit"

    @property
    def words(self) -> str:
        """One sentence for a reader."""
        return _WORDS[self]

    @property
    def in_progress(self) -> bool:
        """Still queued or running: more may be recorded."""
        return self in (Status.QUEUED, Status.RUNNING)

    @property
    def settled(self) -> bool:
        """The configuration itself leads here: running it again would end the same way."""
        return self in (Status.FINISHED, Status.DIVERGED, Status.ALL_UNITS_SILENT)


_WORDS = {
    Status.QUEUED: "Waiting for its turn.",
    Status.RUNNING: "Training now.",
    Status.FINISHED: "Ran to its last step.",
    Status.DIVERGED: "Stopped because the loss exceeded 10 or was no longer a number.",
    Status.ALL_UNITS_SILENT: "Stopped because every hidden unit had fallen silent.",
    Status.CANCELLED: "Cancelled; everything recorded until then is kept.",
    Status.INTERRUPTED: "Its process ended early; everything recorded until then is kept.",
    Status.TIME_LIMIT: "Reached its time limit; everything recorded until then is kept.",
}


@dataclass(frozen=True)
class Progress:
    """How far a run in progress has come.

    Attributes
    ----------
    step, steps : updates done, and the step at which the run ends.
    steps_per_second : recent speed; None until it has been measured.
    eta_seconds : seconds left at that speed; None until it has been measured.
    stage : what it is doing.
    updated_at : UTC time of this report, ISO 8601.
    log10_normalized_loss, active_units : latest recording; None before the first.
    first : the step the run starts from: 0, or that of its parent's snapshot.
    """

    step: int
    steps: int
    steps_per_second: float | None
    eta_seconds: float | None
    stage: Stage
    updated_at: str
    log10_normalized_loss: float | None = None
    active_units: float | None = None
    first: int = 0

    @property
    def share(self) -> float:
        """Share of the run's own steps that are done."""
        return (self.step - self.first) / (self.steps - self.first)
