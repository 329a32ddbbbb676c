"""Parallel coordinates: the lines in colour are the runs that are selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.pages.sweeps.parallel import parallel_figure
from tests.dashboard.sweep_helpers import COUNT, scene_of, with_engines

NOISE, RATE, SAMPLES = "noise.update_scale", "log10_sparsification_rate", "task.n_samples"


def snapped(end: float, ticks: Sequence[float]) -> float:
    """Where plotly.js puts the low end of a range on an axis with ticks; its high end, mirrored."""
    before = here = ticks[0]
    for tick in ticks[1:]:
        if end < 0.99 * here + 0.01 * tick:
            return 0.75 * here + 0.25 * before
        if end < tick or tick == ticks[-1]:
            return 0.75 * tick + 0.25 * here
        before, here = here, tick
    return here


def in_range(axis: Any) -> Any:
    """(lines,): in colour, as far as this axis goes."""
    low, high = axis.constraintrange
    if axis.tickvals is not None:
        low = snapped(low, axis.tickvals)
        high = -snapped(-high, [-tick for tick in reversed(axis.tickvals)])
        if low >= high:
            return np.ones(len(axis["values"]), np.bool_)  # plotly.js drops such a range
    values = np.array(axis["values"])
    return (values >= low - 1e-6) & (values <= high + 1e-6)


def highlighted(figure: go.Figure) -> int:
    """Lines that the ranges on the axes leave in colour."""
    axes = figure.data[0].dimensions if figure.data else ()
    inside = [in_range(axis) for axis in axes if axis.constraintrange is not None]
    lines = len(axes[0]["values"]) if axes else 0
    return int(np.logical_and.reduce(inside, axis=0).sum()) if inside else lines


@pytest.mark.parametrize(
    "where",
    [
        "",
        "seed:=1|3",
        "seed:=1",
        "seed:1..2;seed:2..3",
        "engine:=a|c",
        "engine:=b|c",
        "engine:=d",
        "engine:=nothing",
        "rule.kind:=Adam",
        "engine:~a",
        f"{NOISE}:0..0.01",
        f"{NOISE}:-5..0.01",
        f"{NOISE}:..0",
        f"{NOISE}:0.02..",
        f"{NOISE}:0.02..0.03",
        f"{NOISE}:0.01..0.1",
        f"{NOISE}:5..",
        f"{NOISE}:0.0011..0.01;engine:=a|b;seed:=0|1",
        f"{NOISE}:0.01..0.02;{SAMPLES}:5..5",
    ],
)
def test_lines_in_colour_are_the_selected_runs(where: str) -> None:
    frame = with_engines(4).assign(**{NOISE: np.geomspace(0.001, 0.5, COUNT)})
    found = scene_of(frame, axes=f"{NOISE},engine,seed,rule.kind", where=where)
    assert highlighted(parallel_figure(found)) == int(found.chosen.sum())


def ends(figure: go.Figure) -> Sequence[float] | None:
    found: Sequence[float] | None = figure.data[0].dimensions[0].constraintrange
    return found


def test_an_axis_shows_what_is_one_range_on_it() -> None:
    frame = with_engines(4).assign(**{NOISE: np.geomspace(0.001, 0.5, COUNT)})
    low = np.log10(0.001)
    for axes, where, told in (
        (NOISE, f"{NOISE}:0..0.01", (low, -2)),
        (NOISE, f"{NOISE}:..0.01", (low, -2)),
        ("engine", "engine:=c|b", (0.65, 2.35)),
        ("engine", "engine:=c|a", None),
        ("seed", "seed:=1|2", None),
    ):
        found = ends(parallel_figure(scene_of(frame, axes=f"{axes},{RATE}", where=where)))
        assert found == (told and pytest.approx(told))
