"""How often each value of a column occurs: all runs in grey, those selected in front."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.empty import empty_figure
from dashboard.base.theme import GREY, TEMPLATE
from dashboard.sweeps.colours import PALETTE, ticks_of
from dashboard.sweeps.columns import in_words
from dashboard.sweeps.exclusions import considered
from dashboard.sweeps.scene import Scene

BINS = 30
MOST_BARS = 20
_LOG_FROM = 100.0


def histogram_figure(scene: Scene) -> go.Figure:
    """Bars that can be clicked: each carries the range, or the value, that it stands for."""
    name = scene.view.histogram
    field = scene.table.fields[name]
    among = considered(scene.table, scene.view)
    if not scene.table.frame[name][among].notna().any():
        return empty_figure(f"No run here has a value of {field.in_sentence}")
    bars = _numeric(scene, name) if field.numeric else _categories(scene, name)
    figure = go.Figure(layout={"template": TEMPLATE})
    common = {"x": bars["x"], "customdata": bars["ranges"], "width": bars["width"]}
    figure.add_bar(
        y=bars["all"], name="all runs", marker={"color": GREY, "opacity": 0.3}, **common,
        hovertemplate="%{text}: %{y} runs<extra></extra>", text=bars["names"], textposition="none",
    )  # fmt: skip
    figure.add_bar(
        y=bars["chosen"], name="selected", marker={"color": PALETTE[0]}, **common,
        hovertemplate="%{text}: %{y} selected<extra></extra>", text=bars["names"],
        textposition="none",
    )  # fmt: skip
    figure.update_layout(
        barmode="overlay", bargap=0.04, dragmode="select", selectdirection="h",
        showlegend=bool(scene.conditions), hovermode="closest",
        xaxis={"title": {"text": field.axis}, "fixedrange": True, **bars["axis"]},
        yaxis={"title": {"text": "runs"}, "fixedrange": True, "rangemode": "tozero"},
        newselection={"line": {"color": GREY, "width": 1.5, "dash": "dot"}},
        selectionrevision=scene.view.where + name,
        meta={"column": name, "log": bars["log"], "names": bars["categories"]},
    )  # fmt: skip
    return figure


def _numeric(scene: Scene, name: str) -> dict[str, Any]:
    values = scene.table.numbers(name)
    among = considered(scene.table, scene.view) & np.isfinite(values)
    low, high = float(values[among].min()), float(values[among].max())
    log = low > 0 and high / low >= _LOG_FROM
    seen = np.log10(values, where=values > 0, out=np.full(len(values), np.nan)) if log else values
    edges = np.histogram_bin_edges(seen[among], BINS if low < high else 1)
    axis: dict[str, Any] = {}
    ends = edges
    if log:
        places, names = ticks_of(low, high)
        axis, ends = {"tickvals": places, "ticktext": names}, 10**edges
    ranges = [[float(f"{a:.7g}"), float(f"{b:.7g}")] for a, b in itertools.pairwise(ends)]
    return {
        "x": (edges[1:] + edges[:-1]) / 2,
        "width": float(edges[1] - edges[0]) * 0.96,
        "all": np.histogram(seen[among], edges)[0],
        "chosen": np.histogram(seen[among & scene.chosen], edges)[0],
        "ranges": ranges,
        "names": [f"{a:.3g} to {b:.3g}" for a, b in ranges],
        "axis": axis,
        "log": log,
        "categories": None,
    }


def without_bar(scene: Scene) -> tuple[int, int]:
    """How many values are too rare for a bar of their own, and how many runs have one of them."""
    name = scene.view.histogram
    if scene.table.fields[name].numeric:
        return 0, 0
    rarer = _frequency(scene, name).iloc[MOST_BARS:]
    return int((rarer > 0).sum()), int(rarer.sum())


def _frequency(scene: Scene, name: str) -> pd.Series[int]:
    """Runs with each category of a column, most frequent first."""
    return scene.table.frame[name][considered(scene.table, scene.view)].value_counts()


def _categories(scene: Scene, name: str) -> dict[str, Any]:
    column = scene.table.frame[name]
    among = considered(scene.table, scene.view)
    names = sorted(_frequency(scene, name).index[:MOST_BARS])
    said = [in_words(text) for text in names]

    def counts(mask: NDArray[np.bool_]) -> list[int]:
        found = column[mask].value_counts()
        return [int(found.get(value, 0)) for value in names]

    return {
        "x": list(range(len(names))),
        "width": 0.8,
        "all": counts(among),
        "chosen": counts(among & scene.chosen),
        "ranges": [[value] for value in names],
        "names": said,
        "axis": {"tickvals": list(range(len(names))), "ticktext": said},
        "log": False,
        "categories": names,
    }
