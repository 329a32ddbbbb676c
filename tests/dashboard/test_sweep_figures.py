"""The sweep explorer's figures show the runs that are selected, and say how many they show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.pages.sweeps import sentences
from dashboard.pages.sweeps.histogram import MOST_BARS, histogram_figure
from dashboard.pages.sweeps.scatter import scatter_figure
from dashboard.sweeps.colouring import MOST_COLOURS, OTHER, UNKNOWN, Classes
from dashboard.sweeps.colours import PALETTE, colour_of
from dashboard.sweeps.selection import fulfilled
from dashboard.urls.conditions import Range
from tests.dashboard.sweep_helpers import COUNT, RUNS, scene_of, with_engines
from tests.sweep_runs import made_up_runs

NOISE, RATE, SAMPLES = "noise.update_scale", "log10_sparsification_rate", "task.n_samples"


def number_before(words: str, text: str) -> int:
    found = re.search(rf"([\d,]+) {words}", text)
    assert found, text
    return int(found[1].replace(",", ""))


# histogram


def test_bars_select_the_runs_they_count() -> None:
    rng = np.random.default_rng(3)
    ugly: dict[str, Any] = {
        NOISE: rng.lognormal(-5, 2, COUNT),
        RATE: rng.normal(-3e3, 700, COUNT),
        "active_units_final": -1e-9 * rng.random(COUNT),
        "positive_eigenvalue_fraction": rng.standard_normal(COUNT),
        "wall_seconds": 10 ** rng.uniform(-12, 12, COUNT),
        "parameter_count": rng.integers(1, 10**9, COUNT),
        SAMPLES: rng.integers(5, 10**6, COUNT),
        "seed": rng.integers(0, 10**6, COUNT),
    }
    frame = RUNS.assign(**ugly)
    found = scene_of(frame)
    for name in ugly:
        bars = histogram_figure(replace(found, view=replace(found.view, hist=name))).data[0]

        def selected(low: float, high: float, name: str = name) -> int:
            return int((found.chosen & fulfilled(found.table, Range(name, low, high))).sum())

        assert [selected(*ends) for ends in bars.customdata] == list(bars.y)
        assert selected(bars.customdata[0][0], bars.customdata[-1][1]) == sum(bars.y) == 235


def test_values_without_a_bar_are_counted() -> None:
    found = scene_of(with_engines(25), hist="engine")
    bars = histogram_figure(found).data[0]
    assert len(bars.y) == MOST_BARS
    lacking = int(found.chosen.sum()) - sum(bars.y)
    assert sentences.histogram(found).endswith(f" No bar for 5 rarer values of {lacking} runs.")
    assert "No bar" not in sentences.histogram(scene_of(with_engines(20), hist="engine"))
    assert "No bar" not in sentences.histogram(scene_of(RUNS, hist=NOISE))


# colours


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("kinds", range(2, 9))
def test_no_two_classes_have_one_colour(kinds: int, unknown: bool) -> None:
    found = scene_of(with_engines(kinds, unknown=unknown), colour="engine", mean="sd",
                     group="engine")  # fmt: skip
    colour = found.colour
    assert isinstance(colour, Classes)
    assert len({colour_of(colour, name) for name in colour.names}) == len(colour.names)
    named = [name for name in colour.names if name not in (OTHER, UNKNOWN)]
    assert len(named) == min(kinds, MOST_COLOURS) <= len(PALETTE)
    masks = [mask for _, mask in colour.masks()]
    np.testing.assert_array_equal(np.sum(masks, axis=0), 1)
    assert bool(colour.sentence) == (kinds > MOST_COLOURS)
    assert ("not known" in colour.sentence) == (unknown and kinds > MOST_COLOURS)
    means = {trace.name: trace.marker.color for trace in scatter_figure(found).data
             if (trace.name or "").startswith("mean, ")}  # fmt: skip
    assert means == {f"mean, {name}": colour_of(colour, name) for name in colour.names}


def test_a_mean_has_the_colour_of_its_number_in_every_panel() -> None:
    found = scene_of(RUNS, colour=SAMPLES, facet="rule.kind", mean="sd")
    means = {(trace.name, trace.marker.color) for trace in scatter_figure(found).data
             if (trace.name or "").startswith("mean")}  # fmt: skip
    assert sorted(name for name, _ in means) == ["mean, 10", "mean, 15", "mean, 5"]
    assert len({colour for _, colour in means}) == 3


def test_means_of_mixed_runs_are_not_coloured_by_one_of_them() -> None:
    found = scene_of(RUNS, colour="seed", mean="sd")
    names = {trace.name for trace in scatter_figure(found).data if trace.mode != "markers"}
    assert all(not (name or "").startswith("mean, ") for name in names)


# panels


def panel_counts(figure: go.Figure, start: str) -> list[int]:
    """Points of the traces whose name starts so, a number for each panel that has any."""
    counts: dict[str, int] = {}
    for trace in figure.data:
        if (trace.name or "").startswith(start):
            counts[trace.xaxis] = counts.get(trace.xaxis, 0) + len(trace.x)
    return list(counts.values())


def test_every_mean_is_in_the_panel_of_its_class() -> None:
    found = scene_of(with_engines(12), facet="engine", mean="sd", group="engine", colour="")
    assert found.panels is not None
    assert found.panels.names[-1] == OTHER
    drawn = panel_counts(scatter_figure(found), "mean")
    assert drawn == [1] * 8 + [4]
    assert "12 means in front" in sentences.scatter(found)


@pytest.mark.parametrize("values", [3, 12])
def test_published_simulations_are_counted_as_they_are_drawn(values: int) -> None:
    samples = 5 + np.arange(COUNT) // 4 % values
    found = scene_of(RUNS.assign(**{SAMPLES: samples}), facet=SAMPLES, published="yes")
    assert found.overlay is not None
    drawn = panel_counts(scatter_figure(found), "published")
    told = sentences.scatter(found)
    assert sum(drawn) == number_before("published simulations as open diamonds", told)
    left = len(found.overlay.rows) - sum(drawn)
    assert (left > 0) == (values == 3)  # twelve values have a panel for all others
    assert (f"{left:,} left out: no run drawn here has their training samples" in told) == (
        values == 3
    )


def test_published_simulations_of_another_category_are_counted_as_left_out() -> None:
    found = scene_of(RUNS, x="rule.kind", published="yes")
    assert found.overlay is not None
    diamonds = [t for t in scatter_figure(found).data if (t.name or "").startswith("published")]
    assert np.isfinite(diamonds[0].x).all()
    told = sentences.scatter(found)
    drawn = number_before("published simulations as open diamonds", told)
    assert len(diamonds[0].x) == drawn
    assert len(found.overlay.rows) - drawn == number_before("left out: no run drawn here", told)


def test_published_simulations_are_in_no_panel_of_what_was_not_published() -> None:
    found = scene_of(with_engines(3), facet="engine", published="yes")
    assert panel_counts(scatter_figure(found), "published") == []
    told = sentences.scatter(found)
    assert "not drawn: their engine, and so their panel, was not published." in told


def test_where_means_lie_is_told_if_their_runs_differ_in_it() -> None:
    query = {"y": "seed", "x": "active_units_final", "mean": "sd"}
    for scale, what in (("log", "geometric mean"), ("linear", "mean")):
        told = sentences.scatter(scene_of(RUNS, xscale=scale, **query))
        assert f"at the {what} of their active units, end; band" in told
    assert "at the" not in sentences.scatter(scene_of(RUNS, mean="sd"))


def test_no_more_means_are_told_of_than_are_drawn() -> None:
    found = scene_of(made_up_runs(12_000), mean="sd")
    assert found.groups is not None
    assert found.groups.total == 3_000
    told = sentences.scatter(found)
    assert "2,000 means of 3,000, evenly chosen, in front" in told
    alone = int((found.groups.frame["n"] == 1).sum())
    assert not alone or number_before("groups? of one run", told) == alone


# outlines


@pytest.mark.parametrize(
    ("where", "refs", "places"),
    [
        (f"{NOISE}:0.02..0.05", "x", (0.02, 0.05)),
        (f"{NOISE}:0.02..", ("x", "x domain"), (0.02, 1)),
        (f"{NOISE}:..0.05", ("x domain", "x"), (0, 0.05)),
        (f"{NOISE}:0..0.05", ("x domain", "x"), (0, 0.05)),
        (f"{NOISE}:0..", "x domain", (0, 1)),
        (f"{RATE}:-6..-5", "x domain", (0, 1)),
    ],
)
def test_an_open_end_is_outlined_to_the_edge_of_the_panel(
    where: str, refs: Any, places: tuple[float, float]
) -> None:
    found = scene_of(RUNS, where=where)
    assert found.logs == (True, False)
    (shape,) = scatter_figure(found).layout.shapes
    assert shape.xref == refs
    assert (shape.x0, shape.x1) == places


def test_what_a_logarithmic_axis_has_no_place_for_is_not_outlined() -> None:
    assert scatter_figure(scene_of(RUNS, where=f"{NOISE}:-1..0")).layout.shapes == ()
