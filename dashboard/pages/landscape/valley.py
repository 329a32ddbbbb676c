"""Drift along a valley of the toy landscape: at every place, and of walkers from one start."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.theme import BLUE, GREY, INK, TEMPLATE, VERMILLION
from simulation.analysis import valley_theory
from simulation.analysis.valley_drift import DriftProfile
from simulation.models.landscape import NoisyDescent

PER_STEPS = 1000
"""Drift is drawn for this many steps: a single step's is a small number."""
LAST = 3.0
BINS = 45


def drift_figure(profile: DriftProfile, descent: NoisyDescent) -> go.Figure:
    """Measured drift with two standard errors against the predicted curve."""
    figure = go.Figure(layout={"template": TEMPLATE})
    place = np.linspace(0.02, LAST, 300)
    expected = PER_STEPS * valley_theory.drift(descent, place)
    trusted = valley_theory.holds(descent, place)
    lowest = _lowest(profile, expected[trusted])
    _shade_untrusted(figure, place, trusted)
    for mask, name, dash in (
        (trusted, "prediction", "solid"),
        (~trusted, "not trusted", "dot"),
    ):
        figure.add_scatter(
            x=place,
            y=np.where(mask & (expected > 2 * lowest), expected, np.nan),
            mode="lines",
            line={"color": INK, "width": 1.6, "dash": dash},
            name=name,
            hoverinfo="skip",
        )
    known = profile.measured
    figure.add_scatter(
        x=profile.position[known],
        y=PER_STEPS * profile.drift[known],
        error_y={"array": 2 * PER_STEPS * profile.standard_error[known], "thickness": 1.4},
        mode="markers",
        marker={"color": BLUE, "size": 7},
        name="measured",
        hovertemplate="|x| = %{x:.2f}<br>%{y:.3g} ± %{error_y.array:.2g}<extra></extra>",
    )
    figure.update_layout(
        xaxis={"title": {"text": "distance from the crossing, |x|"}, "range": [0, LAST]},
        yaxis={
            "title": {"text": f"mean change of |x| in {PER_STEPS:,} steps"},
            "range": [1.12 * lowest, -0.06 * lowest],
        },
        hovermode="closest",
        margin={"t": 50},
    )
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    return figure


def _lowest(profile: DriftProfile, trusted: NDArray[np.float64]) -> float:
    """The strongest drift to be shown; the prediction has no bound at the crossing."""
    measured = PER_STEPS * (profile.drift - 2 * profile.standard_error)[profile.measured]
    return float(min([*measured, *trusted], default=0.0)) or -1.0


def _shade_untrusted(
    figure: go.Figure, place: NDArray[np.float64], trusted: NDArray[np.bool_]
) -> None:
    inside = place[trusted]
    spans = [(0.0, inside[0]), (inside[-1], LAST)] if len(inside) else [(0.0, LAST)]
    for low, high in spans:
        if high - low > place[1] - place[0]:
            figure.add_shape(
                type="rect",
                x0=low,
                x1=high,
                y0=0,
                y1=1,
                yref="y domain",
                line_width=0,
                fillcolor=GREY,
                opacity=0.1,
                layer="below",
            )


def spread_figure(
    displacements: NDArray[np.float64], distance: float, expected: float
) -> go.Figure:
    """How far walkers are from where they would be without noise, with mean and prediction."""
    figure = go.Figure(layout={"template": TEMPLATE})
    low, high = min(displacements.min(), 0.0), max(displacements.max(), 0.0)
    margin = max(0.04 * (high - low), 0.02)
    counts, edges = np.histogram(displacements, BINS, (low - margin, high + margin))
    top = 1.06 * counts.max()
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=0.94 * (edges[1] - edges[0]),
        marker={"color": BLUE, "line": {"width": 0}},
        opacity=0.75,
        showlegend=False,
        hovertemplate="%{x:.2f}: %{y} walkers<extra></extra>",
    )
    _add_line(figure, 0.0, top, "no noise", GREY, "solid")
    if edges[0] < -distance:
        _add_line(figure, -distance, top, "crossing", GREY, "dash")
    _add_line(figure, float(displacements.mean()), top, "mean", VERMILLION, "solid")
    if np.isfinite(expected):
        _add_line(figure, expected, top, "predicted", INK, "dot")
    figure.update_layout(
        xaxis={
            "title": {"text": "displacement along the valley (inwards < 0)"},
            "range": [edges[0], edges[-1]],
            "fixedrange": True,
        },
        yaxis={"title": {"text": "walkers"}, "range": [0, top], "fixedrange": True},
        bargap=0,
        hovermode="closest",
        margin={"t": 50},
    )
    return figure


def _add_line(
    figure: go.Figure, place: float, top: float, name: str, colour: str, dash: str
) -> None:
    line: dict[str, Any] = {"color": colour, "width": 2, "dash": dash}
    figure.add_scatter(
        x=[place, place], y=[0, top], mode="lines", line=line, name=name, hoverinfo="skip"
    )
