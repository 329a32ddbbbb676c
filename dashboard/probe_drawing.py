"""What a run's probe found: the figures of changed scenery, and the same in words."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import words
from dashboard.figures import probe
from dashboard.time_drawing import TimeDrawing
from simulation.archive import Run
from simulation.config import FeedforwardConfig

FEWEST_MOMENTS = 5
"""Snapshots from which on a rank correlation is given."""


class ProbeDrawing:
    """The probe of a run, over the time axis of its curves."""

    def __init__(self, run: Run, time: TimeDrawing) -> None:
        self.run, self._time = run, time
        config = run.config
        self.possible = isinstance(config, FeedforwardConfig) and config.task.has_position
        self.asked = isinstance(config, FeedforwardConfig) and config.probe.morphs > 0
        self.probes = run.probes() if self.asked else pd.DataFrame()

    @cached_property
    def _since_learning(self) -> pd.DataFrame:
        """Rows from the end of learning on (all, if that is unknown), with the trace then."""
        learned = self._time.phases.learning_end or 0
        rows = self.probes[self.probes["step"] >= learned]
        traces = self._time.curves[["step", "hessian_trace"]].dropna()
        traces = traces.astype({"step": np.int64, "hessian_trace": np.float64})
        return pd.merge_asof(rows.sort_values("step"), traces, on="step", direction="nearest")

    def over_training(self) -> go.Figure:
        return probe.probe_figure(self.probes, self._time.axis, self._time.phases)

    def flatness(self) -> go.Figure:
        return probe.flatness_figure(self._since_learning)

    def words(self) -> str:
        rows = self._since_learning
        grades = np.unique(rows["morph"].to_numpy())
        if len(grades) < 2:
            return ""
        middle = rows[rows["morph"] == grades[len(grades) // 2]]
        return words.remapping(middle, _rank_correlation(middle))


def _rank_correlation(rows: pd.DataFrame) -> float | None:
    """Spearman's rank correlation between trace and map correlation; None for few moments."""
    known = rows[["hessian_trace", "rate_map_correlation"]].dropna()
    if len(known) < FEWEST_MOMENTS:
        return None
    ranks = known.rank()
    rho = ranks["hessian_trace"].corr(ranks["rate_map_correlation"])
    return float(rho) if np.isfinite(rho) else None
