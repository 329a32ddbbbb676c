"""Panels and axes of the scatter, the drawn selection among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.base.theme import GREY, INK
from dashboard.sweeps.colouring import Classes
from dashboard.sweeps.colours import ticks_of
from dashboard.sweeps.columns import in_words
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.selection import Mask
from dashboard.urls.conditions import Lasso, Range

_GAP = 0.055


@dataclass(frozen=True, eq=False)
class ScatterPanel:
    """One pair of axes: its place from 0, its title, and whose runs it shows (None: all)."""

    place: int
    title: str
    mask: Mask | None

    @property
    def xaxis(self) -> str:
        return "x" if self.place == 0 else f"x{self.place + 1}"

    @property
    def yaxis(self) -> str:
        return "y" if self.place == 0 else f"y{self.place + 1}"


def panels_of(scene: Scene) -> list[ScatterPanel]:
    """One panel a class of the column for panels that has runs to draw; one without a column."""
    if scene.panels is None:
        return [ScatterPanel(0, "", None)]
    there = [(name, mask) for name, mask in scene.panels.masks() if (mask & scene.drawn.mask).any()]
    if not there:
        return [ScatterPanel(0, "", None)]
    return [ScatterPanel(place, name, mask) for place, (name, mask) in enumerate(there)]


def grid_of(count: int) -> tuple[int, int]:
    """Rows and columns of this many panels."""
    columns = 1 if count == 1 else 2 if count in (2, 4) else 3
    return -(-count // columns), columns


def layout_of(scene: Scene, panels: list[ScatterPanel]) -> dict[str, Any]:
    """Axes, titles, legends, and the outline of what was selected here."""
    rows, columns = grid_of(len(panels))
    axes: dict[str, Any] = {}
    titles = []
    for panel in panels:
        row, column = divmod(panel.place, columns)
        across, up = _share(column, columns, _GAP), _share(rows - 1 - row, rows, 0.13)
        last = panel.place + columns >= len(panels)
        suffix = "" if panel.place == 0 else str(panel.place + 1)
        axes[f"xaxis{suffix}"] = _axis(scene, "x", across, panel) | (
            {"title": {"text": scene.x_field.axis}} if last else {"title": {"text": ""}}
        )
        axes[f"yaxis{suffix}"] = _axis(scene, "y", up, panel) | (
            {"title": {"text": scene.y_field.axis}} if column == 0 else {"showticklabels": False}
        )
        if panel.title and scene.panels is not None:
            titles.append(_title(f"{scene.panels.field.label}: {panel.title}", across, up))
    return {
        **axes,
        "annotations": titles,
        "shapes": [shape for panel in panels for shape in _outlines(scene, panel)],
        **_legends(scene, titled=bool(titles), rows=rows),
        "dragmode": "select",
        "hovermode": "closest",
        "hoverdistance": 12,
        "newselection": {"line": {"color": GREY, "width": 1.5, "dash": "dot"}},
        "meta": _meta(scene),
        "uirevision": "|".join([scene.view.x, scene.view.y, scene.view.xscale, scene.view.yscale]),
        "selectionrevision": scene.view.where,
    }  # fmt: skip


_HEIGHTS = {1: 440, 2: 580, 3: 800}
"""Pixels of the drawing, about, by rows of panels."""


def _legends(scene: Scene, *, titled: bool, rows: int) -> dict[str, Any]:
    """Both legends above the panels and their titles; the margin grows with them."""
    look = {"orientation": "h", "x": 0, "xanchor": "left", "yanchor": "bottom",
            "itemsizing": "constant"}  # fmt: skip
    colour = scene.colour.field.label if isinstance(scene.colour, Classes) else ""
    symbol = scene.symbol.field.label if scene.symbol is not None else ""
    above = 4 + 20 * titled
    height = _HEIGHTS[rows]
    return {
        "legend": look | {
            "title": {"text": colour, "side": "left", "font": {"size": 12}},
            "y": 1 + (above + 26 * bool(symbol)) / height,
        },
        "legend2": look | {
            "title": {"text": symbol, "side": "left", "font": {"size": 12}},
            "y": 1 + above / height, "itemclick": False, "itemdoubleclick": False,
        },
        "margin": {"l": 66, "r": 14, "t": 12 + above, "b": 52},
    }  # fmt: skip


def _share(place: int, of: int, gap: float) -> tuple[float, float]:
    width = (1 - gap * (of - 1)) / of
    start = place * (width + gap)
    return start, start + width


def _axis(
    scene: Scene, way: str, domain: tuple[float, float], panel: ScatterPanel
) -> dict[str, Any]:
    name = getattr(scene.view, way)
    field = scene.table.fields[name]
    log = scene.logs[0 if way == "x" else 1]
    anchor = panel.yaxis if way == "x" else panel.xaxis
    axis: dict[str, Any] = {"type": "log" if log else "linear", "domain": domain, "anchor": anchor}
    if panel.place:
        axis["matches"] = way
    if log:
        axis |= _log_ticks(scene, way)
    if not field.numeric:
        names = list(scene.table.frame[name].cat.categories)
        said = [in_words(text) for text in names]
        axis |= {"tickvals": list(range(len(names))), "ticktext": said, "automargin": True}
    return axis


def _log_ticks(scene: Scene, way: str) -> dict[str, Any]:
    """Round numbers, with half a decade of them beyond the runs: published ones may be there."""
    values = (scene.x if way == "x" else scene.y)[scene.drawn.mask]
    if not len(values):
        return {}
    places, names = ticks_of(values.min() / 3, values.max() * 3)
    return {"tickvals": [10**place for place in places], "ticktext": names}


def _title(text: str, across: tuple[float, float], up: tuple[float, float]) -> dict[str, Any]:
    return {
        "text": text, "x": across[0], "y": up[1], "xref": "paper", "yref": "paper",
        "xanchor": "left", "yanchor": "bottom", "showarrow": False,
        "font": {"size": 12, "color": INK},
    }  # fmt: skip


def _outlines(scene: Scene, panel: ScatterPanel) -> list[dict[str, Any]]:
    """The part of the selection that was drawn on these two columns, as a dotted line."""
    look = {
        "xref": panel.xaxis, "yref": panel.yaxis, "layer": "above",
        "line": {"color": GREY, "width": 1.5, "dash": "dot"}, "fillcolor": "rgba(0, 0, 0, 0)",
    }  # fmt: skip
    view = scene.view
    for condition in scene.conditions:
        if isinstance(condition, Lasso) and (condition.x, condition.y) == (view.x, view.y):
            if condition.logs != scene.logs:
                continue
            path = "M" + "L".join(f"{x:.6g},{y:.6g}" for x, y in condition.corners) + "Z"
            return [look | {"type": "path", "path": path}]
    found = {c.column: c for c in scene.conditions if isinstance(c, Range)}
    x, y = (found.get(name, Range(name, None, None)) for name in (view.x, view.y))
    if not (x.column in found or y.column in found):
        return []
    for ends, log in zip((x, y), scene.logs, strict=True):
        if log and ends.high is not None and ends.high <= 0:
            return []
    sides = _sides("x", panel.xaxis, x, scene.logs[0]) | _sides("y", panel.yaxis, y, scene.logs[1])
    return [look | {"type": "rect"} | sides]


def _sides(way: str, axis: str, ends: Range, log: bool) -> dict[str, Any]:
    """Both sides of a box along `way`; an end that the axis does not have is the panel's edge."""
    places, refs = [], []
    for end, edge in ((ends.low, 0), (ends.high, 1)):
        there = end is not None and not (log and end <= 0)
        places.append(end if there else edge)
        refs.append(axis if there else f"{axis} domain")
    ref = refs[0] if refs[0] == refs[1] else refs
    return {f"{way}ref": ref, f"{way}0": places[0], f"{way}1": places[1]}


def _meta(scene: Scene) -> dict[str, Any]:
    """What the browser needs to make a selection, and the words beside a hovered point."""
    named = {}
    for way in ("x", "y"):
        name = getattr(scene.view, way)
        field = scene.table.fields[name]
        kinds = None if field.numeric else list(scene.table.frame[name].cat.categories)
        said = kinds and [in_words(text) for text in kinds]
        about = {"column": name, "label": field.label, "unit": field.unit}
        named[way] = about | {"names": kinds, "said": said}
    return {"axes": named, "logs": list(scene.logs), "panels": bool(scene.panels)}
