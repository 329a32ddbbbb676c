"""Recorders measure a network while it is trained, and write what they find to the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from simulation.models.model import Counted

Measured = TypeVar("Measured", bound=Counted, contravariant=True)


@dataclass(frozen=True)
class CurvePoint:
    """One recording of the curves: the columns of the `curves` table, without the run."""

    step: int
    loss: float
    log10_normalized_loss: float
    active_fraction: float
    active_units: float
    tuned_units: float | None = None
    mean_spatial_information_bits: float | None = None
    hessian_trace: float | None = None
    hessian_largest: float | None = None


class Rows(Protocol):
    """Where a recorder writes: a run's `simulation.archive.RunWriter`."""

    def append(self, table: str, **columns: Any) -> None:
        """Add rows of a table."""

    def append_row(self, table: str, row: Mapping[str, Any]) -> None:
        """Add one row to a table that is read whole."""


class Nowhere:
    """Rows that nobody keeps."""

    def append(self, table: str, **columns: Any) -> None:
        pass

    def append_row(self, table: str, row: Mapping[str, Any]) -> None:
        pass


class Recorder(Protocol[Measured]):
    """Measures networks of one configuration at the steps of its schedule; it only reads them.

    Attributes
    ----------
    steps : every step at which something is recorded, ascending; the first is that of the start.
    """

    steps: list[int]

    @property
    def unsolved(self) -> int:
        """Snapshots whose eigenvalues are still being solved."""

    def wait(self, seconds: float | None = None) -> None:
        """Wait until one more of them is solved, at most so long."""

    def record(self, state: Measured) -> CurvePoint | None:
        """Record what is due at `state.step`; the curve point, if one was."""

    def record_last(self, state: Measured) -> None:
        """Record a network whose run ends before its time, so that others can start from there."""
