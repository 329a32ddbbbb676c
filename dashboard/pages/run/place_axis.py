"""The places that maps are drawn over: an axis of positions, and directions of travel."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.base.theme import GRID
from dashboard.runs.place_words import PlaceWords


def place_axis(places: pd.DataFrame, called: PlaceWords) -> dict[str, Any]:
    """The columns of a map: positions, once for each direction of travel, or samples."""
    if places["position"].isna().all():
        return {"title": {"text": "training sample"}, "tickmode": "auto"}
    directions = _directions(places)
    bins = len(places) // directions
    positions = places["position"].to_numpy()[:bins]
    length = positions[0] + positions[-1]
    middle, end = ("π", "2π") if called.is_angle else (f"{length / 2:.3g}", f"{length:.3g}")
    starts = ["0", *[f"{end} | 0"] * (directions - 1), end]
    edges = {bins * at - 0.5: text for at, text in enumerate(starts)}
    middles = {bins * (at + 0.5) - 0.5: middle for at in range(directions)}
    ticks = edges | middles
    return {
        "title": {"text": called.axis},
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
    }


def direction_lines(places: pd.DataFrame) -> list[dict[str, Any]]:
    """A line between the directions of travel."""
    count = _directions(places)
    bins = len(places) // max(count, 1)
    return [
        {
            "type": "line",
            "x0": bins * index - 0.5,
            "x1": bins * index - 0.5,
            "yref": "y domain",
            "y0": 0,
            "y1": 1.06,
            "line": {"color": GRID.replace("0.22", "0.9"), "width": 1},
        }
        for index in range(1, count)
    ]


def direction_names(places: pd.DataFrame) -> list[dict[str, Any]]:
    """What the halves of a two-way track are."""
    if _directions(places) < 2:
        return []
    return [
        {
            "x": share,
            "xref": "x domain",
            "y": 1,
            "yref": "y domain",
            "yanchor": "bottom",
            "text": text,
            "showarrow": False,
            "font": {"size": 11},
        }
        for share, text in ((0.25, "← going down"), (0.75, "going up →"))
    ]


def _directions(places: pd.DataFrame) -> int:
    return int(places["direction"].nunique())
