"""A run over training time: the four figures whose axis is the step."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import fits, queries
from dashboard.figures import decoding, information, loss, sparsification
from dashboard.figures.origin import Origin
from dashboard.figures.time import TimeAxis
from dashboard.place_words import place_words
from dashboard.urls import RunLimits
from simulation.archive import Run
from simulation.config import SimilarityConfig


class TimeDrawing:
    """The four figures over training time, with the curves of the run's parent behind its own.

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

    def loss(self) -> go.Figure:
        matching = isinstance(self.run.config, SimilarityConfig)
        relative_to = "that of a silent network" if matching else "variance"
        return loss.loss_figure(self.curves, self.axis, self.phases, self.origin, relative_to)

    def sparsification(self) -> go.Figure:
        fitted = [] if self.run.status.in_progress else fits.fit_curves(self.run)
        return sparsification.sparsification_figure(
            self.curves, self.axis, self.phases, fitted, self.origin
        )

    def information(self) -> go.Figure:
        return information.information_figure(self.curves, self.axis, self.phases, self.origin)

    def decoding(self) -> go.Figure:
        called = place_words(self.run.config.task)
        return decoding.decoding_figure(self.snapshots, self.axis, self.phases, called, self.origin)


def _origin(run: Run, parent: Run | None) -> Origin | None:
    start = run.config.parent
    if not start.run:
        return None
    if parent is None:
        return Origin(start.step)
    return Origin(start.step, queries.curves(parent), parent.snapshots())
