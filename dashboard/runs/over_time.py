"""A run over training time: its curves and phases, and the axis that holds them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.runs import fits, queries
from dashboard.runs.time_axis import TimeAxis
from dashboard.urls import RunLimits
from simulation.archive import Run


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a run starts.

    Attributes
    ----------
    step : of the parent's snapshot.
    curves, snapshots : what the parent recorded, before and after; None if it is not at hand.
    """

    step: int
    curves: pd.DataFrame | None = None
    snapshots: pd.DataFrame | None = None

    @property
    def steps(self) -> list[int]:
        """Every step to be drawn."""
        tables = (self.curves, self.snapshots)
        return [step for table in tables if table is not None for step in table["step"].tolist()]


class OverTime:
    """What a run recorded over training, with its parent's record before and after the fork.

    `last` is the step the run ends at, which may be before the axis does.
    """

    def __init__(self, run: Run, limits: RunLimits, kind: str, parent: Run | None = None) -> None:
        self.run = run
        self.curves = queries.curves(run)
        self.snapshots = run.snapshots()
        self.phases = fits.phases(run)
        self.origin = _origin(run, parent)
        steps = [*self.curves["step"].tolist(), *limits.steps]
        self.last = run.config.schedule.steps if run.status.in_progress else max(steps, default=1)
        steps += self.origin.steps if self.origin else []
        self.axis = TimeAxis.over(kind, steps, max(self.last, *steps, 1))


def _origin(run: Run, parent: Run | None) -> Origin | None:
    start = run.config.parent
    if not start.run:
        return None
    if parent is None:
        return Origin(start.step)
    return Origin(start.step, queries.curves(parent), parent.snapshots())
