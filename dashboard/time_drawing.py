"""A run over training time: the four figures whose axis is the step."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import fits, queries
from dashboard.figures import decoding, information, loss, sparsification
from dashboard.figures.time import TimeAxis
from dashboard.urls import RunLimits
from simulation.archive import Run


class TimeDrawing:
    """The four figures over training time."""

    def __init__(self, run: Run, limits: RunLimits, kind: str) -> None:
        self.run = run
        self.curves = queries.curves(run)
        self.snapshots = run.snapshots()
        self.phases = fits.phases(run)
        steps = [*self.curves["step"].tolist(), *limits.steps]
        last = run.config.schedule.steps if run.status.in_progress else max(steps, default=1)
        self.axis = TimeAxis.over(kind, steps, last)

    def loss(self) -> go.Figure:
        return loss.loss_figure(self.curves, self.axis, self.phases)

    def sparsification(self) -> go.Figure:
        fitted = [] if self.run.status.in_progress else fits.fit_curves(self.run)
        return sparsification.sparsification_figure(self.curves, self.axis, self.phases, fitted)

    def information(self) -> go.Figure:
        return information.information_figure(self.curves, self.axis, self.phases)

    def decoding(self) -> go.Figure:
        return decoding.decoding_figure(self.snapshots, self.axis, self.phases)
