"""A run over training time: the four figures whose axis is the step."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.pages.run.panels import decoding, information, loss, sparsification
from dashboard.runs import fits
from dashboard.runs.over_time import OverTime
from dashboard.runs.place_words import place_words
from simulation.models import model_of


class TimeDrawing(OverTime):
    """The four figures over training time."""

    def loss(self) -> go.Figure:
        relative_to = model_of(self.run.config).words.loss_reference
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
