"""What lies over the points of a scatter: means with their band, fits, theory, published runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from plotly.colors import hex_to_rgb

from dashboard.base.theme import GREY, INK
from dashboard.base.traces import Traces, add_scatter, named
from dashboard.base.words import minus
from dashboard.pages.sweeps.scatter_axes import ScatterPanel
from dashboard.sweeps.colouring import OTHER, UNKNOWN, Classes, few_numbers
from dashboard.sweeps.colours import PALETTE, colour_of
from dashboard.sweeps.groups import Groups
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.selection import Mask
from dashboard.sweeps.trends import Trend


def draw_overlay(traces: Traces, scene: Scene, panels: list[ScatterPanel]) -> None:
    """Published simulations as open diamonds, each in its panel."""
    points = zip(panels, overlay_points(scene, panels), strict=True)
    for place, (panel, some) in enumerate((p, some) for p, some in points if len(some)):
        add_scatter(
            traces,
            x=some["x"].to_numpy(),
            y=some["y"].to_numpy(),
            mode="markers",
            name="published (DriftReg)",
            legendgroup="published",
            showlegend=place == 0,
            text=[f"published row {index}" for index in some.index],
            marker={
                "symbol": "diamond-open", "size": 7, "color": GREY, "opacity": 0.8,
                "line": {"width": 1.2, "color": GREY},
            },
            hoverinfo="none",
            xaxis=panel.xaxis,
            yaxis=panel.yaxis,
        )  # fmt: skip


def overlay_points(scene: Scene, panels: list[ScatterPanel]) -> list[pd.DataFrame]:
    """Places `x` and `y` of the published simulations that are drawn, a frame a panel.

    Left out: those of a category or of a panel that no run here has, and all of them where the
    column for panels was not published.
    """
    assert scene.overlay is not None
    rows = scene.overlay.rows
    columns = {"x": scene.view.x, "y": scene.view.y}
    places = pd.DataFrame({way: _place(scene, name, rows[name]) for way, name in columns.items()},
                          index=rows.index)  # fmt: skip
    known = places.notna().all(axis=1).to_numpy()
    return [places[known & _in_panel(scene, rows, panel)] for panel in panels]


def _in_panel(scene: Scene, rows: pd.DataFrame, panel: ScatterPanel) -> Mask:
    """(rows,): belongs to this panel by its value in the column for panels."""
    if panel.mask is None or scene.panels is None:
        return np.ones(len(rows), np.bool_)
    if scene.view.facet not in rows:
        return np.zeros(len(rows), np.bool_)
    codes = scene.panels.codes_of(rows[scene.view.facet])
    return np.asarray(codes == scene.panels.names.index(panel.title), np.bool_)


def _place(scene: Scene, name: str, values: pd.Series) -> Any:
    if scene.table.fields[name].numeric:
        return values.to_numpy(np.float32)
    names = list(scene.table.frame[name].cat.categories)
    return np.array([names.index(v) if v in names else np.nan for v in values], np.float32)


def draw_groups(traces: Traces, scene: Scene, panels: list[ScatterPanel]) -> None:
    """Means: a line with a band where a colour has one mean at each x, else points with bars."""
    assert scene.groups is not None
    frame = scene.groups.frame
    classes = _by_colour(scene, scene.groups)
    for panel in panels:
        here = _in_panel(scene, frame, panel)
        for name, colour, mask in classes:
            rows = frame[here & mask]
            if len(rows) > 1 and rows["x"].is_unique:
                _band(traces, panel, rows, colour)
            if len(rows):
                _means(traces, panel, rows, colour, name)


def _by_colour(scene: Scene, groups: Groups) -> list[tuple[str, str, Mask]]:
    """Name, colour and (means,) mask of the means that belong together."""
    name, colour, frame = scene.view.colour, scene.colour, groups.frame
    all_alike = [("mean", PALETTE[0], np.ones(len(frame), np.bool_))]
    if name not in groups.by:
        return all_alike
    if not isinstance(colour, Classes):
        colour = few_numbers(frame[name], scene.table.fields[name])
    if colour is None:
        return all_alike
    codes = colour.codes_of(frame[name])
    return [
        (f"mean, {text}", colour_of(colour, text), codes == code)
        for code, text in enumerate(colour.names)
    ]


def _band(traces: Traces, panel: ScatterPanel, rows: pd.DataFrame, colour: str) -> None:
    known = rows.assign(low=rows["low"].fillna(rows["y"]), high=rows["high"].fillna(rows["y"]))
    red, green, blue = hex_to_rgb(colour)
    add_scatter(
        traces, x=np.concatenate([known["x"], known["x"][::-1]]),
        y=np.concatenate([known["high"], known["low"][::-1]]),
        fill="toself", fillcolor=f"rgba({red}, {green}, {blue}, 0.18)",
        line={"width": 0, "color": colour}, mode="lines", hoverinfo="skip", showlegend=False,
        xaxis=panel.xaxis, yaxis=panel.yaxis,
    )  # fmt: skip


def _means(traces: Traces, panel: ScatterPanel, rows: pd.DataFrame, colour: str, name: str) -> None:
    joined = len(rows) > 1 and rows["x"].is_unique
    add_scatter(
        traces, x=rows["x"].to_numpy(), y=rows["y"].to_numpy(),
        mode="lines+markers" if joined else "markers",
        name=name,
        legendgroup=name,
        showlegend=name not in named(traces),
        text=[f"mean of {n:,} run{'s' * (n != 1)}" for n in rows["n"]],
        line={"color": colour, "width": 2},
        marker={"color": colour, "size": 8},
        error_y={
            "type": "data", "symmetric": False, "visible": not joined, "thickness": 1.2,
            "array": (rows["high"] - rows["y"]).fillna(0).to_numpy(),
            "arrayminus": (rows["y"] - rows["low"]).fillna(0).to_numpy(),
        },
        hoverinfo="none", xaxis=panel.xaxis, yaxis=panel.yaxis,
    )  # fmt: skip


def draw_lines(traces: Traces, scene: Scene, panels: list[ScatterPanel]) -> None:
    """Fitted lines, and the one that theory gives, in every panel."""
    for trend in scene.trends:
        if trend.fit is not None:
            colour = _colour_of(scene, trend)
            _line(traces, panels, trend.x, trend.y, f"fit{_of(trend)}, {slope(scene, trend)}",
                  colour, "solid")  # fmt: skip
    if scene.theory is not None:
        value, x, y = scene.theory
        _line(traces, panels, x, y, f"theory, exponent {minus(value, 0)}", INK, "dot")


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
    return colour_of(scene.colour, trend.name)


def _line(
    traces: Traces, panels: list[ScatterPanel], x: Any, y: Any, name: str, colour: str, dash: str
) -> None:
    for panel in panels:
        add_scatter(
            traces, x=x, y=y, mode="lines", name=name,
            legendgroup=name, showlegend=panel.place == 0,
            line={"color": colour, "width": 2, "dash": dash}, hoverinfo="skip",
            xaxis=panel.xaxis, yaxis=panel.yaxis,
        )  # fmt: skip
