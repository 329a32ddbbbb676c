"""What a run's probe found: the figures of changed scenery, and the same in words."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.pages.run import words
from dashboard.pages.run.panels import probe
from dashboard.pages.run.time_drawing import TimeDrawing
from simulation.archive import Run
from simulation.models import model_of
from simulation.recording.probe import TRAINED

FEWEST_MOMENTS = 5
"""Snapshots from which on a rank correlation is given."""


class ProbeDrawing:
    """The probe of a run, over the time axis of its curves."""

    def __init__(self, run: Run, time: TimeDrawing) -> None:
        self.run, self._time = run, time
        model = model_of(run.config)
        self.possible = model.has_scenery
        self.asked = model.morphs > 0
        recorded = run.probes() if self.asked else pd.DataFrame()
        self.probes, self._whole = by_units(recorded)

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
        said = words.remapping(middle, _rank_correlation(middle))
        return f"{said} {words.untrained(self.probes, self._whole)}".rstrip()


def by_units(recorded: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is drawn, and the same of all units, which is empty where it is that.

    Drawn are the trained units, those active on a training sample; of runs of earlier versions all.
    """
    if recorded.empty or not (trained := recorded["units"] == TRAINED).any():
        return recorded, recorded.iloc[:0]
    return recorded[trained], recorded[~trained]


def _rank_correlation(rows: pd.DataFrame) -> float | None:
    """Spearman's rank correlation between trace and map correlation; None for few moments."""
    known = rows[["hessian_trace", "rate_map_correlation"]].dropna()
    if len(known) < FEWEST_MOMENTS:
        return None
    ranks = known.rank()
    rho = ranks["hessian_trace"].corr(ranks["rate_map_correlation"])
    return float(rho) if np.isfinite(rho) else None
