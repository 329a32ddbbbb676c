"""What lies over the points of a scatter: means with their band, fits, theory, published runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from dashboard.figures.scatter_axes import Panel
from dashboard.figures.sweep_colours import PALETTE
from dashboard.sweeps.colouring import MOST_COLOURS, OTHER, UNKNOWN, Classes
from dashboard.sweeps.groups import Groups
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.table import said
from dashboard.sweeps.trends import Trend
from dashboard.theme import GREY, INK
from dashboard.words import minus


def draw_overlay(figure: go.Figure, scene: Scene, panels: list[Panel]) -> None:
    """Published simulations as open diamonds, each in its panel where that is known."""
    assert scene.overlay is not None
    rows = scene.overlay.rows
    facet = scene.view.facet
    for panel in panels:
        some = rows
        if panel.mask is not None and facet in rows:
            some = rows[_texts(scene, rows[facet], facet) == panel.title]
        places = [_place(scene, name, some[name]) for name in (scene.view.x, scene.view.y)]
        figure.add_scatter(
            x=places[0],
            y=places[1],
            mode="markers",
            name="published (DriftReg)",
            legendgroup="published",
            showlegend=panel.place == 0,
            text=[f"published row {index}" for index in some.index],
            marker={
                "symbol": "diamond-open", "size": 7, "color": GREY, "opacity": 0.8,
                "line": {"width": 1.2, "color": GREY},
            },
            hoverinfo="none",
            xaxis=panel.xaxis,
            yaxis=panel.yaxis,
        )  # fmt: skip


def _place(scene: Scene, name: str, values: pd.Series) -> Any:
    if scene.table.fields[name].numeric:
        return values.to_numpy(np.float32)
    names = list(scene.table.frame[name].cat.categories)
    return np.array([names.index(v) if v in names else np.nan for v in values], np.float32)


def draw_groups(figure: go.Figure, scene: Scene, panels: list[Panel]) -> None:
    """Means: a line with a band where a colour has one mean at each x, else points with bars."""
    assert scene.groups is not None
    for panel in panels:
        frame = _in_panel(scene, scene.groups, panel)
        for name, colour, rows in _by_colour(scene, frame):
            if len(rows) > 1 and rows["x"].is_unique:
                _band(figure, panel, rows, colour)
            _means(figure, panel, rows, colour, name)


def _in_panel(scene: Scene, groups: Groups, panel: Panel) -> pd.DataFrame:
    frame, facet = groups.frame, scene.view.facet
    if panel.mask is None or facet not in frame:
        return frame
    return frame[_texts(scene, frame[facet], facet) == panel.title]


def _texts(scene: Scene, column: pd.Series, name: str) -> pd.Series:
    return said(column, scene.table.fields[name]).fillna(UNKNOWN)


def _by_colour(scene: Scene, frame: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    name = scene.view.colour
    few = name and frame[name].nunique(dropna=False) <= MOST_COLOURS
    if not few:
        return [("mean", PALETTE[0], frame)]
    texts = _texts(scene, frame[name], name)
    colour = scene.colour
    known = list(colour.names) if isinstance(colour, Classes) else list(dict.fromkeys(texts))
    named = [text for text in known if text not in (OTHER, UNKNOWN)]
    return [
        (f"mean, {text}", PALETTE[named.index(text) % len(PALETTE)] if text in named else GREY,
         frame[texts == text])
        for text in dict.fromkeys(texts)
    ]  # fmt: skip


def _band(figure: go.Figure, panel: Panel, rows: pd.DataFrame, colour: str) -> None:
    known = rows.assign(low=rows["low"].fillna(rows["y"]), high=rows["high"].fillna(rows["y"]))
    red, green, blue = hex_to_rgb(colour)
    figure.add_scatter(
        x=np.concatenate([known["x"], known["x"][::-1]]),
        y=np.concatenate([known["high"], known["low"][::-1]]),
        fill="toself", fillcolor=f"rgba({red}, {green}, {blue}, 0.18)",
        line={"width": 0, "color": colour}, mode="lines", hoverinfo="skip", showlegend=False,
        xaxis=panel.xaxis, yaxis=panel.yaxis,
    )  # fmt: skip


def _means(figure: go.Figure, panel: Panel, rows: pd.DataFrame, colour: str, name: str) -> None:
    joined = len(rows) > 1 and rows["x"].is_unique
    figure.add_scatter(
        x=rows["x"], y=rows["y"], mode="lines+markers" if joined else "markers", name=name,
        legendgroup=name,
        showlegend=name not in {trace.name for trace in figure.data if trace.showlegend},
        text=[f"mean of {n:,} run{'s' * (n != 1)}" for n in rows["n"]],
        line={"color": colour, "width": 2},
        marker={"color": colour, "size": 8},
        error_y={
            "type": "data", "symmetric": False, "visible": not joined, "thickness": 1.2,
            "array": (rows["high"] - rows["y"]).fillna(0),
            "arrayminus": (rows["y"] - rows["low"]).fillna(0),
        },
        hoverinfo="none", xaxis=panel.xaxis, yaxis=panel.yaxis,
    )  # fmt: skip


def draw_lines(figure: go.Figure, scene: Scene, panels: list[Panel]) -> None:
    """Fitted lines, and the one that theory gives, in every panel."""
    for trend in scene.trends:
        if trend.fit is not None:
            colour = _colour_of(scene, trend)
            _line(figure, panels, trend.x, trend.y, f"fit{_of(trend)}, {slope(scene, trend)}",
                  colour, "solid")  # fmt: skip
    if scene.theory is not None:
        value, x, y = scene.theory
        _line(figure, panels, x, y, f"theory, exponent {minus(value, 0)}", INK, "dot")


def _of(trend: Trend) -> str:
    return f" {trend.name}" if trend.name else ""


def slope(scene: Scene, trend: Trend) -> str:
    """'exponent 1.98'."""
    assert trend.fit is not None
    word = "exponent" if scene.view.fit == "power" else "slope"
    return f"{word} {trend.fit.slope:.3g}".replace("-", "−")


def _colour_of(scene: Scene, trend: Trend) -> str:
    if not isinstance(scene.colour, Classes) or not trend.name or trend.name in (OTHER, UNKNOWN):
        return INK
    named = [name for name in scene.colour.names if name not in (OTHER, UNKNOWN)]
    return PALETTE[named.index(trend.name) % len(PALETTE)]


def _line(
    figure: go.Figure, panels: list[Panel], x: Any, y: Any, name: str, colour: str, dash: str
) -> None:
    for panel in panels:
        figure.add_scatter(
            x=x, y=y, mode="lines", name=name, legendgroup=name, showlegend=panel.place == 0,
            line={"color": colour, "width": 2, "dash": dash}, hoverinfo="skip",
            xaxis=panel.xaxis, yaxis=panel.yaxis,
        )  # fmt: skip
