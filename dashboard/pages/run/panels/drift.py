"""How far tuning has moved after how long: mean squared shift of centroids against lag."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.base.theme import BLUE, GREY, TEMPLATE, VERMILLION
from dashboard.pages.run.drift_rows import DiffusionLine, DriftCurve
from dashboard.runs.place_words import PlaceWords


def drift_figure(curve: DriftCurve, line: DiffusionLine | None, called: PlaceWords) -> go.Figure:
    """Both axes logarithmic; the fitted line where it was fitted, and its continuation dotted."""
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_scatter(
        x=curve.lags,
        y=curve.mean_squared,
        mode="markers",
        name="units",
        marker={"color": BLUE, "size": 7},
        hovertemplate="after %{x:,.0f} steps<br>%{y:.3g} " + called.unit + "²<extra></extra>",
    )
    if line is not None:
        _draw_line(figure, curve, line)
    figure.add_scatter(
        x=curve.lags[[0, -1]],
        y=[curve.ceiling] * 2,
        mode="lines",
        name=f"{called.noun} forgotten",
        line={"color": GREY, "width": 1.2, "dash": "dash"},
        hoverinfo="skip",
    )
    decades = {"type": "log", "dtick": 1, "minor": {"dtick": "D1", "showgrid": False}}
    figure.update_layout(
        xaxis={**decades, "title": {"text": "lag (steps)"}, "tickformat": "~s"},
        yaxis={
            **decades,
            "title": {"text": f"mean squared shift ({called.unit}²)"},
            "exponentformat": "power",
        },
        showlegend=True,
        legend={"y": 1.04},
        margin={"t": 44},
    )
    return figure


def _draw_line(figure: go.Figure, curve: DriftCurve, line: DiffusionLine) -> None:
    first, last = float(curve.lags[0]), float(curve.lags[-1])
    for start, end, dash in ((first, line.longest_lag, "solid"), (line.longest_lag, last, "dot")):
        lags = np.geomspace(start, max(end, start), 60)
        shown = line.at(lags) < curve.ceiling
        figure.add_scatter(
            x=lags[shown],
            y=line.at(lags)[shown],
            mode="lines",
            name="offset + 2 D lag",
            line={"color": VERMILLION, "width": 1.8, "dash": dash},
            hoverinfo="skip",
            showlegend=dash == "solid",
        )
