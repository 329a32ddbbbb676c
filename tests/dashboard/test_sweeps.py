"""What the sweep explorer computes: selections, exclusions, fits, means, samples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import urls
from dashboard.sweeps.columns import FIELDS, NOISE_KIND
from dashboard.sweeps.exclusions import drawn
from dashboard.sweeps.groups import grouped
from dashboard.sweeps.overlay import overlay
from dashboard.sweeps.scene import scene
from dashboard.sweeps.selection import condition_in_words, finished, fulfilled, number
from dashboard.sweeps.standard import standard_view
from dashboard.sweeps.table import SweepStore, SweepTable
from dashboard.sweeps.thinning import cells_of, thin
from dashboard.sweeps.trends import MOST_RESAMPLED, fitted
from dashboard.urls.conditions import (
    Contains,
    Lasso,
    Range,
    Values,
    read_conditions,
    write_conditions,
)
from simulation.analysis.published_table import published
from simulation.archive.schema import RUNS
from simulation.errors import UnknownCollection
from simulation.fidelity.exponent import exponent
from tests.sweep_runs import COLLECTION, TRUE_EXPONENT, MadeUpArchive, made_up_runs

NOISE, RATE = "noise.update_scale", "log10_sparsification_rate"
COUNT = 400


@pytest.fixture(scope="module")
def store() -> SweepStore:
    return SweepStore(cast(Any, MadeUpArchive(made_up_runs(COUNT))))


@pytest.fixture(scope="module")
def table(store: SweepStore) -> SweepTable:
    return store.table(COLLECTION)


def test_every_field_is_a_column_of_the_runs_table() -> None:
    assert set(FIELDS) - {NOISE_KIND.name} <= set(RUNS.schema().names)


def test_what_does_not_vary_is_told_apart(table: SweepTable) -> None:
    assert table.swept == (NOISE, "task.n_samples", "rule.kind")
    assert table.constants["rule.learning_rate"] == 0.1
    assert "rule.learning_rate" not in table.columns.axes
    assert "tau_steps" not in table.fields


def test_a_table_is_read_again_when_the_runs_change() -> None:
    archive = MadeUpArchive(made_up_runs(10))
    store = SweepStore(cast(Any, archive))
    assert store.table(COLLECTION) is store.table(COLLECTION)
    archive.frame = made_up_runs(20)
    assert len(store.table(COLLECTION)) == 20
    with pytest.raises(UnknownCollection, match="no collection “else”"):
        store.table("else")


def test_the_first_view_is_what_was_swept_against_the_rate(table: SweepTable) -> None:
    view = standard_view(table)
    assert (view.x, view.y, view.colour) == (NOISE, RATE, "rule.kind")
    assert (view.xscale, view.yscale) == ("log", "linear")


names = st.sampled_from([NOISE, RATE, "seed"])
floats = st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}"))
conditions = st.one_of(
    st.builds(Range, names, floats, st.none() | floats),
    st.builds(Values, st.just("rule.kind"), st.lists(st.text(min_size=1), min_size=1).map(tuple)),
    st.builds(Contains, st.just("rule.kind"), st.text()),
    st.builds(
        Lasso, names, names, st.tuples(st.booleans(), st.booleans()),
        st.lists(st.tuples(floats, floats), min_size=3, max_size=9).map(tuple),
    ),
)  # fmt: skip


@given(st.lists(conditions, max_size=4))
def test_a_selection_survives_its_link(asked: list[Any]) -> None:
    text = write_conditions(asked)
    columns = [NOISE, RATE, "seed", "rule.kind"]
    assert read_conditions(text, columns, columns[:3]) == (tuple(asked), [])


@pytest.mark.parametrize(
    "text",
    ["seed:", "seed:1", "seed:1..x", "seed:nan..1", "seed:@ll 1 2", "rule.kind:1..2", "seed:=",
     "seed,seed:1..2", "seed:@ll 1 2 3 4 5 6 7"],
)  # fmt: skip
def test_a_selection_that_makes_no_sense_is_told(text: str) -> None:
    found, notes = read_conditions(text, ["seed", "rule.kind"], ["seed"])
    assert found == ()
    assert len(notes) == 1


def test_ranges_include_their_ends_and_nothing_unknown(table: SweepTable) -> None:
    seeds = table.numbers("seed")
    np.testing.assert_array_equal(
        fulfilled(table, Range("seed", 1, 2)), (seeds >= 1) & (seeds <= 2)
    )
    assert not fulfilled(table, Range(RATE, None, 1e9))[np.isnan(table.numbers(RATE))].any()
    single = float(np.float32(table.numbers(NOISE)[5]))  # as a figure carries it
    assert fulfilled(table, Range(NOISE, single, single))[5]


def test_a_lasso_is_straight_on_the_axes_it_was_drawn_on(table: SweepTable) -> None:
    corners = ((0.01, -8.0), (0.1, -8.0), (0.1, -2.0))
    x, y = table.numbers(NOISE), table.numbers(RATE)
    with np.errstate(invalid="ignore"):
        below = y < -8 + 6 * (np.log10(x) + 2)
    found = fulfilled(table, Lasso(NOISE, RATE, (True, False), corners))
    inner = (x > 0.0101) & (x < 0.0999)
    np.testing.assert_array_equal(found[inner], below[inner])


def test_conditions_are_told_as_a_reader_would() -> None:
    told = [
        condition_in_words(condition, FIELDS)
        for condition in (
            Range(NOISE, 0.01, 0.03),
            Range(RATE, None, -5),
            Values("rule.kind", ("sgd", "adam")),
        )
    ]
    assert told == [
        "update noise s from 0.01 to 0.03",
        "rate of falling silent up to −5",
        "rule SGD or Adam",
    ]
    assert [number(value) for value in (12345.6, -0.01234, 2.0)] == ["12,300", "−0.0123", "2"]


def test_every_run_is_drawn_or_counted_with_its_reason(
    store: SweepStore, table: SweepTable
) -> None:
    view = standard_view(table)
    found = drawn(table, view, store.archive)
    assert int(found.mask.sum()) + sum(count for _, count in found.reasons) == COUNT
    assert dict(found.reasons)["ended early (diverged)"] == COUNT // 50
    assert any("the curve is flat" in reason for reason, _ in found.reasons)
    every = drawn(table, replace(view, y="active_units_final", ended="all"), store.archive)
    assert every.mask.all()
    assert every.sentence == ""


def test_a_log_axis_counts_what_it_leaves_out(store: SweepStore, table: SweepTable) -> None:
    view = replace(standard_view(table), y="seed", yscale="log", ended="all")
    found = drawn(table, view, store.archive)
    zeros = int((table.numbers("seed") == 0).sum())
    assert found.reasons == (("without a positive seed (logarithmic axis)", zeros),)


def test_the_power_law_behind_the_runs_is_found(store: SweepStore, table: SweepTable) -> None:
    found = scene(table, replace(standard_view(table), fit="power"), store.archive)
    (trend,) = found.trends
    assert trend.fit is not None
    assert trend.fit.low < TRUE_EXPONENT < trend.fit.high
    assert trend.used == int(found.shown.sum())
    assert found.theory is not None
    assert found.theory[0] == 2
    by_colour = scene(
        table, replace(found.view, fitby="colour", where="rule.kind:=sgd"), store.archive
    )
    assert [trend.name for trend in by_colour.trends] == ["SGD"]


def test_the_fast_interval_is_that_of_resampling() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-2, 0, MOST_RESAMPLED)
    y = 2 * x + (1 + x**2) * rng.standard_normal(len(x))  # scatter that grows
    slow = exponent(x, y)
    fast = fitted(np.append(x, x.mean()), np.append(y, y.mean()))  # one point more
    assert slow is not None
    assert fast is not None
    assert fast.slope == pytest.approx(slow.slope, abs=0.01)
    assert fast.high - fast.low == pytest.approx(slow.high - slow.low, rel=0.08)


def test_means_over_seeds_are_means(table: SweepTable) -> None:
    view = replace(standard_view(table), y="active_units_final", mean="sd", ended="all")
    everything = np.ones(len(table), np.bool_)
    groups = grouped(table, view, everything)
    assert groups.total == COUNT // 4
    assert (groups.frame["n"] == 4).all()
    first = table.frame["active_units_final"].iloc[:4]
    assert groups.frame["y"][0] == pytest.approx(first.mean())
    assert groups.frame["high"][0] == pytest.approx(first.mean() + first.std())
    interval = grouped(table, replace(view, mean="ci"), everything).frame
    reach = 3.182 * first.std() / 2
    assert interval["low"][0] == pytest.approx(first.mean() - reach)
    by_rule = grouped(table, replace(view, group="rule.kind"), everything)
    assert by_rule.frame["n"].tolist() == [COUNT // 2] * 2


def test_means_on_a_log_axis_are_of_logarithms(table: SweepTable) -> None:
    view = replace(
        standard_view(table), y="active_units_final", yscale="log", mean="sd", ended="all"
    )
    groups = grouped(table, view, np.ones(len(table), np.bool_))
    first = np.log10(table.numbers("active_units_final")[:4])
    assert groups.frame["y"][0] == pytest.approx(10 ** first.mean())
    assert (groups.frame["low"] > 0).all()


def test_means_lie_at_the_middle_of_the_axis_they_are_drawn_on(table: SweepTable) -> None:
    view = replace(standard_view(table), mean="sd", ended="all", x="active_units_final", y="seed")
    everything = np.ones(len(table), np.bool_)
    x = table.numbers(view.x)[:4]
    for scale, middle in (("linear", x.mean()), ("log", 10 ** np.log10(x).mean())):
        frame = grouped(table, replace(view, xscale=scale), everything).frame
        first = frame[np.isclose(frame[NOISE], table.numbers(NOISE)[0])]
        assert first["x"].iloc[0] == pytest.approx(middle)
    swept = grouped(table, replace(view, x=NOISE, xscale="log"), everything).frame
    assert set(swept["x"]) == set(table.numbers(NOISE))


@pytest.mark.parametrize("draw", ["standard_cauchy", "random"])
@given(
    st.integers(0, 2**32 - 1),
    st.integers(10_000, 30_000),
    st.sampled_from([3_000, 8_000]) | st.integers(1, 9_999),
)
def test_a_sample_keeps_every_occupied_place(draw: str, seed: int, count: int, most: int) -> None:
    x, y = getattr(np.random.default_rng(seed), draw)((2, count)).clip(-300, 300)
    kept = thin(x, y, most)
    assert len(kept) == most
    assert (np.diff(kept) > 0).all()

    def cells(rows: Any) -> set[tuple[int, int]]:
        shares = [(v[rows] - v.min()) / np.ptp(v) for v in (x, y)]
        places = [
            np.minimum((share * n).astype(int), n - 1)
            for share, n in zip(shares, cells_of(most), strict=True)
        ]
        return set(zip(*(place.tolist() for place in places), strict=True))

    assert cells(kept) == cells(slice(None))


def test_published_simulations_follow_what_can_be_asked_of_them() -> None:
    everything = overlay(NOISE, RATE, (False, False), ())
    assert everything is not None
    assert len(everything.rows) == int(published()[RATE].notna().sum())
    asked = (Range(NOISE, 0.02, 0.04), Values("rule.kind", ("sgd",)), Range("seed", 0, 1))
    some = overlay(NOISE, RATE, (True, False), asked)
    assert some is not None
    assert some.rows[NOISE].between(0.02, 0.04).all()
    assert set(some.rows["rule.kind"]) == {"sgd"}
    assert some.ignored == (asked[2],)
    assert overlay("tau_steps", RATE, (False, False), ()) is None


def test_a_hundred_thousand_runs_are_a_bounded_answer() -> None:
    many = SweepStore(cast(Any, MadeUpArchive(made_up_runs(100_000))))
    table = many.table(COLLECTION)
    found = scene(table, replace(standard_view(table), mean="sd", fit="power"), many.archive)
    assert len(found.front) + len(found.behind) <= 11_000
    assert found.is_thinned
    assert found.groups is not None
    assert len(found.groups.frame) <= 2_000
    assert found.trends[0].used == int(found.shown.sum())
    assert finished(table).sum() == 98_000
    filled = replace(
        found.view, x="active_units_final", y="positive_eigenvalue_fraction", where="rule.kind:=sgd"
    )
    some = scene(table, filled, many.archive)
    assert (len(some.front), len(some.behind)) == (8_000, 3_000)


def test_a_view_survives_its_link_and_the_rest_of_a_bad_one_is_kept(table: SweepTable) -> None:
    standard = standard_view(table)
    view = replace(
        standard, x=RATE, xscale="linear", facet="rule.kind", where="seed:1..2;rule.kind:=sgd",
        sort="seed:desc",
    )  # fmt: skip
    link = urls.sweep_url(COLLECTION, view, standard)
    path, _, text = link.partition("?")
    query = dict(part.split("=", 1) for part in text.split("&"))
    assert path == "/sweeps/made_up"
    assert urls.read_sweep_view(query, table.columns, standard) == (view, [])
    assert urls.read_sweep_view(query | {"xscale": "log"}, table.columns, standard)[0] == view
    bad = query | {"y": "nothing", "colour": "rule.learning_rate", "fit": "cubic", "sort": "z:up"}
    kept, notes = urls.read_sweep_view(bad, table.columns, standard)
    assert kept == replace(view, sort="")
    assert len(notes) == 4
    assert "“nothing”" in notes[0] + notes[1]
    assert any("the same in every run" in said for said in notes)
