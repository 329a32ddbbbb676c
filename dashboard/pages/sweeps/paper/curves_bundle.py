"""Many runs' curves as a few lines with gaps, and their mean on top; a panel a group of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import urls
from dashboard.base.evenly import evenly
from dashboard.base.theme import ORANGE, TEMPLATE, VERMILLION
from dashboard.pages.sweeps.paper.curves import (
    MOST_LINES,
    Bundle,
    CurveQuantity,
    MeanCurve,
    mean_curve,
    relative_time,
    with_gaps,
)
from dashboard.runs.time_axis import TimeAxis

LAYERS = 8
"""Lines with gaps that the curves of a panel are put in: where those of one cross it gets no
darker, where layers do it does. WebGL would need no layers, but takes ten times as long to draw
where there is no graphics card."""
_SHADES = (0.16, 0.6)
"""Least and largest opacity of one curve: of many, each is faint and the crowd is dark."""


def bundle_figure(
    groups: Mapping[str, Bundle],
    names: Mapping[str, str],
    quantity: CurveQuantity,
    time: str,
    normalised: bool,
) -> tuple[go.Figure, dict[str, MeanCurve]]:
    """A panel for each of `groups`, all on the same axes, and the mean curve of each.

    Parameters
    ----------
    names : run id -> what the run is called.
    time : `log` (training steps) or `share` (share of each run that has passed).
    """
    columns = 1 if len(groups) == 1 else 2
    figure = make_subplots(
        rows=-(-len(groups) // columns),
        cols=columns,
        shared_xaxes="all",
        shared_yaxes="all",
        subplot_titles=_titles(groups),
        horizontal_spacing=0.05,
        vertical_spacing=0.2 / -(-len(groups) // columns),
    )
    axis = _axis(groups, time)
    means = {}
    lines = lines_drawn(groups)
    for place, (name, curves) in enumerate(groups.items()):
        where = {"row": place // columns + 1, "col": place % columns + 1}
        _lines(figure, curves.some(evenly(len(curves), lines[name])), names, axis, where)
        means[name] = _mean(figure, curves, axis, where)
    _lay_out(figure, axis, quantity, normalised, len(groups))
    figure.update_yaxes(range=_y_range(groups, quantity))
    return figure, means


def _titles(groups: Mapping[str, Bundle]) -> list[str]:
    return [f"{name} (n = {len(curves):,})" for name, curves in groups.items() if name]


def _y_range(groups: Mapping[str, Bundle], quantity: CurveQuantity) -> list[float]:
    """All curves; from 0 where the values are no logarithms."""
    low = min(float(curves.values.min()) for curves in groups.values())
    high = max(float(curves.values.max()) for curves in groups.values())
    low = low if quantity.is_log else 0.0
    margin = 0.03 * (high - low or 1.0)
    return [low - margin, high + margin]


def _axis(groups: Mapping[str, Bundle], time: str) -> TimeAxis | None:
    """The common axis of training steps; None: time is relative."""
    if time == "share":
        return None
    steps = np.concatenate([curves.steps for curves in groups.values()])
    return TimeAxis.over("log", steps, int(steps.max()))


def lines_drawn(groups: Mapping[str, Bundle]) -> dict[str, int]:
    """How many curves of each group get a line; the others are in the mean alone."""
    share = min(1.0, MOST_LINES / sum(map(len, groups.values())))
    return {name: max(1, int(share * len(curves))) for name, curves in groups.items()}


def _lines(
    figure: go.Figure,
    curves: Bundle,
    names: Mapping[str, str],
    axis: TimeAxis | None,
    where: dict[str, int],
) -> None:
    """The curves in layers, and the one that is pointed at, in front of them."""
    first = len(figure.data)
    layers = min(LAYERS, len(curves))
    shade = float(np.clip(4 / np.sqrt(len(curves)), *_SHADES))
    for layer in range(layers):
        some = curves.some(np.arange(layer, len(curves), layers)).without_flat_points()
        drawn = some if axis else relative_time(some)
        figure.add_scatter(
            x=with_gaps(drawn, axis.place(drawn.steps) if axis else drawn.steps),
            y=with_gaps(drawn, drawn.values),
            mode="lines",
            name="runs",
            line={"width": 1, "color": f"rgba(61, 150, 211, {shade:.2f})", "simplify": False},
            meta={
                "runs": some.run_ids,
                "names": [names[run_id] for run_id in some.run_ids],
                "starts": (some.starts[:-1] + np.arange(len(some))).tolist(),
                "pointed": first + layers,
            },
            hoverinfo="none",
            **where,
        )
    figure.add_scatter(
        x=[],
        y=[],
        mode="lines",
        name="pointed at",
        line={"width": 2.2, "color": ORANGE},
        hoverinfo="skip",
        **where,
    )


def _mean(
    figure: go.Figure, curves: Bundle, axis: TimeAxis | None, where: dict[str, int]
) -> MeanCurve:
    drawn = curves if axis else relative_time(curves)
    mean = mean_curve(drawn, np.log10(axis.place(drawn.steps)) if axis else drawn.steps)
    x = (10**mean.places if axis else mean.places).astype(np.float32)
    for name, y, width in (
        ("mean − s.d.", mean.mean - mean.sd, 1.2),
        ("mean + s.d.", mean.mean + mean.sd, 1.2),
        ("mean", mean.mean, 3.0),
    ):
        figure.add_scatter(
            x=x,
            y=y.astype(np.float32),
            mode="lines",
            name=name,
            line={"width": width, "color": VERMILLION, "dash": "dash" if width < 2 else "solid"},
            hovertemplate="%{y:.3g}<extra>" + name + "</extra>",
            **where,
        )
    return mean


def _lay_out(
    figure: go.Figure,
    axis: TimeAxis | None,
    quantity: CurveQuantity,
    normalised: bool,
    panels: int,
) -> None:
    x: dict[str, Any] = axis.layout() if axis else {"range": [0, 1], "tickformat": ".0%"}
    x.pop("title", None)
    figure.update_xaxes(**x)
    share = not quantity.is_log and "share" in quantity.axis
    figure.update_yaxes(tickformat=".0%" if share else None)
    figure.update_layout(
        template=TEMPLATE,
        showlegend=False,
        hovermode="closest",
        hoverdistance=12,
        dragmode=False,
        margin={"t": 30},
        meta={"link": urls.run_url("~")},
    )
    figure.update_annotations(font_size=12.5)
    columns = 1 if panels == 1 else 2
    for column in range(1, columns + 1):
        last = -(-(panels - column + 1) // columns)
        title = "training step" if axis else "share of the run that has passed"
        figure.update_xaxes(title_text=title, showticklabels=True, row=last, col=column)
        if axis and axis.first == 0:
            _name_zero(figure, axis, {"row": last, "col": column})
    figure.update_yaxes(title_text=quantity.relative_axis if normalised else quantity.axis, col=1)


def _name_zero(figure: go.Figure, axis: TimeAxis, where: dict[str, int]) -> None:
    """A log axis has no 0: step 0 is drawn left of the first recording, under this label."""
    number = (where["row"] - 1) * len(figure._grid_ref[0]) + where["col"]
    figure.add_annotation(
        x=float(np.log10(axis.zero)),
        xref=f"x{number if number > 1 else ''}",
        y=0,
        yref=f"y{number if number > 1 else ''} domain",
        yanchor="top",
        yshift=-4,
        text="0",
        showarrow=False,
    )
