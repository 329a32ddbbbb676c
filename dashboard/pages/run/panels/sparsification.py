"""How much of the hidden layer stays active, over training, with the fitted timescales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import INK, ORANGE, VERMILLION
from dashboard.base.words import known, minus, whole
from dashboard.pages.run.look import Look
from dashboard.pages.run.origin import draw_origin
from dashboard.pages.run.panel import About
from dashboard.pages.run.time_panel import TimePanel, nothing_yet
from dashboard.runs.fits import FitCurve, Phases, fit_curves
from dashboard.runs.over_time import Origin
from dashboard.runs.time_axis import TimeAxis, time_figure
from simulation.models import model_of
from simulation.models.activations import ACTIVATIONS

_DASHES = {"robust": "dash", "published": "dot"}


class Sparsification(TimePanel):
    id = "run-sparsification"
    columns = ("active_units", "active_fraction")

    def about(self, look: Look) -> About:
        model = model_of(look.run.config)
        return About(
            "Sparsification",
            "Share of active units and active fraction over training",
            model.words.sparsification_caption.format(
                active=ACTIVATIONS[model.activation].active_words
            ),
        )

    def missing(self, look: Look) -> str:
        return nothing_yet(look)

    def figure(self, look: Look) -> go.Figure:
        time = look.time
        fits = [] if look.run.status.in_progress else fit_curves(look.run)
        return sparsification_figure(time.curves, time.axis, time.phases, fits, time.origin)

    def words(self, look: Look) -> Any:
        if look.run.status.in_progress:
            return None
        record, reasons = look.run.record, look.run.reasons
        return [timescale(record, reasons), " ", published_rate(record, reasons)]


def sparsification_figure(
    curves: pd.DataFrame,
    axis: TimeAxis,
    phases: Phases,
    fits: Sequence[FitCurve],
    origin: Origin | None = None,
) -> go.Figure:
    """Share of active units and active fraction, and the curves fitted to the former."""
    y = {"title": {"text": "share"}, "rangemode": "tozero", "tickformat": ".0%"}
    figure = time_figure(axis, phases, y, "sparsification")
    for column, name, colour in (
        ("active_units", "active units", VERMILLION),
        ("active_fraction", "active fraction", ORANGE),
    ):
        figure.add_scatter(
            x=axis.place(curves["step"]),
            y=curves[column].to_numpy(),
            mode="lines" if len(curves) > 1 else "markers",
            name=name,
            line={"color": colour, "width": 1.8},
            hovertemplate="%{y:.1%}<extra>" + name + "</extra>",
        )
    for fit in fits:
        figure.add_scatter(
            x=axis.place(fit.steps),
            y=np.where(fit.is_share, fit.values, np.nan),
            mode="lines",
            name=f"{fit.name} fit",
            line={"color": INK, "width": 1.6, "dash": _DASHES[fit.name]},
            hoverinfo="skip",
        )
    columns = ["active_units", "active_fraction"]
    draw_origin(figure, axis, origin, origin and origin.curves, columns)
    figure.update_layout(
        showlegend=True,
        legend={"y": 1.1},
        margin={"t": 50},
    )
    return figure


def timescale(record: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """tau with its interval, or why there is none."""
    tau, low, high = (_number(record, f"tau_steps{part}") for part in ("", "_low", "_high"))
    if tau is None:
        reason = reasons.get("tau_steps", "it is fitted once the run has ended")
        return f"No timescale τ: {reason.rstrip('.')}."
    interval = (
        f" (95 % interval {whole(low)} to {whole(high)})"
        if low is not None and high is not None
        else ""
    )
    verdict = record.get("tau_verdict") or ""
    doubt = "" if verdict == "identified" else f" The verdict on this fit: {verdict}."
    return f"Units fall silent with a timescale of τ = {whole(tau)} steps{interval}.{doubt}"


def published_rate(record: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """The published rate, or why there is none."""
    rate = _number(record, "log10_sparsification_rate")
    if rate is None:
        reason = reasons.get("log10_sparsification_rate", "it is fitted once the run has ended")
        return f"The published method gives no rate: {reason.rstrip('.')}."
    return (
        f"The published method (dotted) gives log₁₀ of the rate as {minus(rate, 2)}, "
        f"that is τ = {whole(10**-rate)} steps."
    )


def _number(record: Mapping[str, Any], column: str) -> float | None:
    value: Any = record.get(column)
    return float(value) if known(value) else None


PANEL = Sparsification()
