"""The scatter of a sweep: points by colour, symbol and panel, with means, lines and theory."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.theme import GREY, TEMPLATE
from dashboard.base.traces import Traces, add_scatter, named
from dashboard.pages.sweeps.scatter_axes import ScatterPanel, layout_of, panels_of
from dashboard.pages.sweeps.scatter_lines import draw_groups, draw_lines, draw_overlay
from dashboard.sweeps.colouring import UNKNOWN, Classes, Shades
from dashboard.sweeps.colours import NUMBER_SCALE, PALETTE, SYMBOLS, colour_of, ticks_of
from dashboard.sweeps.scene import Scene

MOST_ELEMENTS = 4_000
"""Points up to which marks are drawn as elements (sharp, and coloured for dark pages); above, by
WebGL."""


def scatter_figure(scene: Scene) -> go.Figure:
    """Selected runs in colour, the others behind them in grey."""
    traces: Traces = []
    panels = panels_of(scene)
    faint = scene.groups is not None
    for panel in panels:
        _behind(traces, scene, panel)
        _points(traces, scene, panel, faint=faint)
    if scene.overlay is not None:
        draw_overlay(traces, scene, panels)
    if scene.groups is not None:
        draw_groups(traces, scene, panels)
    draw_lines(traces, scene, panels)
    if scene.symbol is not None:
        _symbol_legend(traces, scene.symbol)
    layout = {"template": TEMPLATE, **layout_of(scene, panels)}
    if isinstance(scene.colour, Shades):
        layout["coloraxis"] = _colour_axis(scene.colour)
    return go.Figure(data=traces, layout=layout)


def _rows(panel: ScatterPanel, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    return rows if panel.mask is None else rows[panel.mask[rows]]


def _behind(traces: Traces, scene: Scene, panel: ScatterPanel) -> None:
    rows = _rows(panel, scene.behind)
    if not len(rows):
        return
    _draw(traces, scene, panel, rows, "not selected", {"color": GREY, "size": 4, "opacity": 0.35})


def _points(traces: Traces, scene: Scene, panel: ScatterPanel, *, faint: bool) -> None:
    rows = _rows(panel, scene.front)
    many = len(scene.front) > 2_000
    look = {
        "size": 4 if many or faint else 8,
        "opacity": 0.3 if faint else 0.6 if many else 0.85,
        "line": {"width": 0 if many or faint else 0.6, "color": "rgba(127, 136, 150, 0.8)"},
    }
    colour = scene.colour
    if isinstance(colour, Classes):
        for name, mask in colour.masks():
            some = rows[mask[rows]]
            if len(some):
                _draw(
                    traces, scene, panel, some, name,
                    look | {"color": colour_of(colour, name)},
                    legend=panel.place == 0 or name not in named(traces),
                )  # fmt: skip
    elif isinstance(colour, Shades):
        known = np.isfinite(colour.values[rows])
        if (~known).any():
            _draw(traces, scene, panel, rows[~known], UNKNOWN, look | {"color": GREY},
                  legend=UNKNOWN not in named(traces))  # fmt: skip
        values = colour.values[rows[known]].astype(np.float32)
        shaded = look | {"color": values, "coloraxis": "coloraxis"}
        _draw(traces, scene, panel, rows[known], "runs", shaded)
    else:
        _draw(traces, scene, panel, rows, "runs", look | {"color": PALETTE[0]})


def _many(scene: Scene) -> bool:
    """Whether there are too many points for marks that are elements of the page."""
    return len(scene.front) + len(scene.behind) > MOST_ELEMENTS


def _draw(
    traces: Traces,
    scene: Scene,
    panel: ScatterPanel,
    rows: NDArray[np.intp],
    name: str,
    marker: dict[str, Any],
    *,
    legend: bool = False,
) -> None:
    if scene.symbol is not None and name != "not selected":
        marker = marker | {"symbol": [SYMBOLS[code] for code in scene.symbol.codes[rows]]}
    add_scatter(
        traces,
        type="scattergl" if _many(scene) else "scatter",
        x=scene.x[rows].astype(np.float32),
        y=scene.y[rows].astype(np.float32),
        customdata=scene.table.frame["run_id"].to_numpy()[rows].tolist(),
        mode="markers",
        name=name,
        legendgroup=name,
        showlegend=legend,
        marker=marker,
        hoverinfo="none",
        xaxis=panel.xaxis,
        yaxis=panel.yaxis,
    )


def _symbol_legend(traces: Traces, symbol: Classes) -> None:
    for code, name in enumerate(symbol.names):
        add_scatter(
            traces, x=[None], y=[None], mode="markers", name=name,
            legend="legend2", showlegend=True,
            marker={"symbol": SYMBOLS[code], "color": GREY, "size": 9}, hoverinfo="skip",
        )  # fmt: skip


def _colour_axis(colour: Shades) -> dict[str, Any]:
    known = colour.values[np.isfinite(colour.values)]
    bar = {
        "title": {"text": colour.field.axis, "side": "right", "font": {"size": 12}},
        "thickness": 12,
        "outlinewidth": 0,
        "tickfont": {"size": 11},
    }
    if colour.log and len(known):
        places, names = ticks_of(10 ** known.min(), 10 ** known.max())
        bar |= {"tickvals": places, "ticktext": names}
    return {"colorscale": NUMBER_SCALE, "colorbar": bar}
