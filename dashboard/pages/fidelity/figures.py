"""Published simulations and ours: two strips of points over one axis, and the noise sweep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard import urls
from dashboard.base.beside import beside
from dashboard.base.theme import BLUE, GREY, INK, LOG_TICKS, TEMPLATE
from dashboard.pages.fidelity.reports import WORDS
from simulation.fidelity.compare import Spread
from simulation.fidelity.exponent import Exponent
from simulation.fidelity.report import NOISE, StratumReport
from simulation.fidelity.stratum import RATE

THEORY_SLOPE = 2.0
"""The drift towards flatter places is proportional to the variance of the noise."""
_WIDTH = 0.62


def strips_figure(about: StratumReport, metric: str) -> go.Figure:
    """All published values and ours, a point each; bar: quartiles, line: median."""
    comparison = next(item for item in about.comparisons if item.metric == metric)
    figure = go.Figure(layout={"template": TEMPLATE})
    if comparison.published is not None:
        values = about.published[metric]
        rows = [f"published row {index}" for index in values.index]
        _strip(figure, "published", 1, GREY, values, comparison.published, rows, [None] * len(rows))
    runs = about.runs[about.runs[metric].notna()]
    links = [urls.run_url(run_id) for run_id in runs["run_id"]]
    names = [f"our run of row {index}" for index in runs.index]
    _strip(figure, "ours", 0, BLUE, runs[metric], comparison.ours, names, links)
    words = WORDS[metric]
    figure.update_layout(
        xaxis={
            "type": "log" if words.log else "linear",
            "title": {"text": words.axis},
            "fixedrange": True,
            **(LOG_TICKS if words.log else {}),
        },
        yaxis={
            "range": [-0.55, 1.55 if comparison.published is not None else 0.55],
            "tickvals": [0, 1],
            "ticktext": ["ours", "published"],
            "showgrid": False,
            "fixedrange": True,
        },
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        margin={"l": 76},
    )
    return figure


def _strip(
    figure: go.Figure,
    name: str,
    height: int,
    colour: str,
    values: Any,
    spread: Spread | None,
    labels: Sequence[str],
    links: Sequence[str | None],
) -> None:
    """Points beside each other (spread evenly, not at random), quartiles and median on top."""
    across = height + beside(len(values), _WIDTH)
    figure.add_scatter(
        x=np.asarray(values),
        y=across,
        mode="markers",
        name=name,
        text=labels,
        customdata=links,
        marker={
            "color": colour,
            "size": 9 if name == "ours" else 6,
            "opacity": 0.8 if name == "ours" else 0.55,
            "line": {"width": 0},
        },
        hovertemplate="%{text}<br>%{x:.3g}<extra></extra>",
    )
    if spread is None:
        return
    edge = {"mode": "lines", "hoverinfo": "skip", "line": {"color": INK, "width": 1.3}}
    low, high = height - 0.4, height + 0.4
    figure.add_scatter(
        x=[spread.low, spread.high, spread.high, spread.low, spread.low],
        y=[low, low, high, high, low],
        **edge,
    )
    figure.add_scatter(
        x=[spread.median] * 2,
        y=[low, high],
        **(edge | {"line": {"color": INK, "width": 3.2}}),
    )


def sweep_figure(about: StratumReport) -> go.Figure:
    """Rate against noise, with the fitted power laws and the slope that theory gives."""
    figure = go.Figure(layout={"template": TEMPLATE})
    noise = about.published[NOISE]
    ours = about.runs[about.runs[RATE].notna()]
    for name, points, colour, links in (
        ("published", about.published[about.published[RATE].notna()], GREY, None),
        ("ours", ours, BLUE, [urls.run_url(run_id) for run_id in ours["run_id"]]),
    ):
        figure.add_scatter(
            x=noise.loc[points.index],
            y=points[RATE],
            mode="markers",
            name=name,
            customdata=links,
            marker={"color": colour, "size": 9 if links else 6, "opacity": 0.75},
            hovertemplate="s = %{x:.3g}, log₁₀ rate %{y:.2f}<extra>" + name + "</extra>",
        )
        if (fit := about.exponents[name]) is not None:
            _line(figure, noise, fit, colour, f"{name}, slope {fit.slope:.2f}")
    if (fit := about.exponents["published"]) is not None:
        middle = float(np.log10(noise).mean())
        level = fit.intercept + fit.slope * middle
        theory = Exponent(0, THEORY_SLOPE, 0, 0, level - THEORY_SLOPE * middle)
        _line(figure, noise, theory, INK, f"slope {THEORY_SLOPE:g}, theory", dash="dot")
    figure.update_layout(
        xaxis={
            "type": "log",
            "title": {"text": "update noise s"},
            "fixedrange": True,
            **LOG_TICKS,
        },
        yaxis={"title": {"text": "log₁₀ rate (per step)"}, "fixedrange": True},
        hovermode="closest",
        dragmode=False,
        margin={"t": 64},
    )
    return figure


def _line(
    figure: go.Figure, noise: Any, fit: Exponent, colour: str, name: str, dash: str = "solid"
) -> None:
    ends = np.array([noise.min(), noise.max()])
    figure.add_scatter(
        x=ends,
        y=fit.intercept + fit.slope * np.log10(ends),
        mode="lines",
        name=name,
        line={"color": colour, "width": 1.8, "dash": dash},
        hoverinfo="skip",
    )
