"""What happens in changed scenery: remapping and loss over training, and against flatness."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import find_intermediate_color

from dashboard.base.evenly import evenly
from dashboard.base.theme import BLUE, GREY, TEMPLATE, VERMILLION
from dashboard.runs.fits import Phases
from dashboard.runs.time_axis import TimeAxis, time_figure

NAMED_GRADES = 6
_UNITS = "maps correlate %{y:.3f} with the familiar ones"
_LOSS = "log<sub>10</sub> loss %{y:.2f}"


def probe_figure(probes: pd.DataFrame, axis: TimeAxis, phases: Phases) -> go.Figure:
    """Correlation with the familiar maps above, loss below: one line a grade of change."""
    figure = time_figure(axis, phases, {}, "probe")
    for grade, colour, named in _grades(probes):
        rows = probes[probes["morph"] == grade]
        look = {
            "x": axis.place(rows["step"]),
            "mode": "lines+markers",
            "name": f"{grade:.2g}",
            "legendgroup": f"{grade:.2g}",
            "line": {"color": colour, "width": 1.8},
            "marker": {"size": 4},
        }
        about = f"step %{{x:,.0f}}<br>{_changed(grade)}<br>"
        if grade > 0:
            figure.add_scatter(
                **look,
                y=rows["rate_map_correlation"].to_numpy(),
                showlegend=named,
                hovertemplate=f"{about}{_UNITS}<extra></extra>",
            )
        figure.add_scatter(
            **look,
            y=rows["log10_normalized_loss"].to_numpy(),
            yaxis="y2",
            showlegend=named and grade == 0,
            hovertemplate=f"{about}{_LOSS}<extra></extra>",
        )
    figure.update_shapes(y0=0, y1=1, yref="paper")
    figure.update_annotations(selector={"text": "0"}, yref="paper")
    figure.update_layout(
        xaxis={"anchor": "y2"},
        yaxis={"domain": [0.46, 0.94], "nticks": 5, "title": {"text": "map correlation"}},
        yaxis2={
            "domain": [0, 0.4],
            "fixedrange": True,
            "title": {"text": "loss (log<sub>10</sub>)"},
        },
        **_legend(),
    )
    return figure


def flatness_figure(probes: pd.DataFrame) -> go.Figure:
    """A point a moment and grade: curvature of the loss then, and how far the maps remap."""
    figure = go.Figure(layout={"template": TEMPLATE})
    for grade, colour, named in _grades(probes[probes["morph"] > 0]):
        rows = probes[probes["morph"] == grade]
        figure.add_scatter(
            x=rows["hessian_trace"].to_numpy(),
            y=rows["rate_map_correlation"].to_numpy(),
            customdata=rows["step"].to_numpy(),
            mode="markers",
            name=f"{grade:.2g}",
            showlegend=named,
            marker={"color": colour, "size": 7, "opacity": 0.75},
            hovertemplate=f"step %{{customdata:,.0f}}<br>{_changed(grade)}"
            f"<br>trace %{{x:.3g}}<br>{_UNITS}<extra></extra>",
        )
    figure.update_layout(
        xaxis={
            "type": "log",
            "title": {"text": "trace of the Hessian (flatter to the left)"},
            "fixedrange": True,
            "minorloglabels": "none",
        },
        yaxis={"title": {"text": "map correlation"}, "fixedrange": True},
        hovermode="closest",
        **_legend(),
    )
    return figure


def _legend() -> dict[str, object]:
    title = {"text": "change of scenery", "font": {"size": 12}}
    return {"showlegend": True, "legend": {"title": title}}


def _changed(grade: float) -> str:
    alike = math.cos(grade * math.pi / 2)
    return f"scenery changed by {grade:.2g} (correlates {alike:.2f})"


def _grades(probes: pd.DataFrame) -> Iterator[tuple[float, str, bool]]:
    """Each grade, its colour, and whether the legend names it: at most six, evenly chosen."""
    grades = np.unique(probes["morph"].to_numpy())
    named = set(grades[evenly(len(grades), NAMED_GRADES)].tolist())
    for grade in grades.tolist():
        colour = find_intermediate_color(_rgb(BLUE), _rgb(VERMILLION), grade, colortype="rgb")
        yield grade, colour if grade else GREY, grade in named


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
