"""The paper's figures of a sweep: exact means, known laws, counted exclusions, light answers."""

from __future__ import annotations

import gzip
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard import urls
from dashboard.compression import LEVEL
from dashboard.pages.sweeps.paper.curves import (
    CURVES,
    MOST_AVERAGED,
    MOST_LINES,
    Bundle,
    bundle,
    mean_curve,
    relative_time,
    with_gaps,
)
from dashboard.pages.sweeps.paper.data import (
    MOST_POINTS,
    SweepRuns,
    published_like,
    sgd,
    sweep_runs,
)
from dashboard.pages.sweeps.paper.noise_kinds import KINDS, QUANTITIES, noise_kinds_figure
from dashboard.pages.sweeps.paper.noise_sweep import noise_sweep_figure
from dashboard.pages.sweeps.paper.views import FIGURES, Drawing, breakdowns
from dashboard.sweeps.noise import noise_kind
from dashboard.urls import FigureView, figure_text, read_figure
from simulation.analysis.published_table import published
from tests.sweep_frames import TAU_AT_ONE, made_up_sweep

TABLE, THUMBNAILS = made_up_sweep(240)


def runs(by: str = "") -> SweepRuns:
    return sweep_runs(TABLE, np.ones(len(TABLE), np.bool_), by)


def drawn(view: FigureView) -> Drawing:
    return FIGURES[view.figure].draw(runs(view.by), view, THUMBNAILS)


# links


@pytest.mark.parametrize(
    "view",
    [
        FigureView(),
        FigureView("noise"),
        FigureView(quantity="loss", time="share", start="ratio", by="noise.update_scale"),
    ],
)
def test_a_figure_and_its_text_say_the_same(view: FigureView) -> None:
    choices = {
        "figure": list(FIGURES),
        "quantity": list(CURVES),
        "time": ["log", "share"],
        "start": ["raw", "ratio"],
        "by": ["", "noise.update_scale"],
    }
    assert read_figure(figure_text(view), choices) == view
    assert len(figure_text(view)) <= 60
    assert read_figure("curves:nonsense,log,../,seed", choices) == FigureView()
    assert read_figure("", choices) == FigureView()


def test_curves_are_broken_down_by_what_was_swept_and_has_few_values() -> None:
    few = replace(TABLE, swept=("task.kind", "noise.update_scale", "rule.kind"))
    frame = few.frame.assign(
        **{"rule.kind": pd.Categorical(np.where(few.frame["seed"] % 3, "sgd", "adam"))}
    )
    frame["task.kind"] = pd.Categorical(["random", "smoothed_random"] * (len(frame) // 2))
    assert breakdowns(replace(few, frame=frame)) == ["", "rule.kind", "noise", "task.kind"]


# the runs


def test_runs_that_did_not_finish_are_counted_by_ending() -> None:
    statuses = TABLE.frame["status"].value_counts()
    found = runs()
    assert len(found.rows) == statuses["finished"]
    assert found.endings == (
        f"Left out of 240 runs: {statuses['diverged']} diverged, "
        f"{statuses['all_units_silent']} fell silent in every unit."
    )


def test_kinds_of_noise() -> None:
    scales = [(0.1, 0, 0), (0, 1, 0), (0.1, 1, 0), (0, 0, 0.2), (0, 0, 0), (np.nan,) * 3]
    names = ["noise.update_scale", "noise.label_scale", "noise.input_scale"]
    assert noise_kind(pd.DataFrame(scales, columns=names)).tolist() == [
        "update noise",
        "label noise",
        "update and label noise",
        "input noise",
        "no added noise",
        "noise in the weights",
    ]


def test_published_simulations_are_those_of_the_same_kind() -> None:
    rows = runs().rows
    theirs = published_like(rows)
    table = published().loc[theirs.index]
    assert len(theirs)
    assert set(table["task"]) == {"smoothed_random"}
    assert set(table["rule"]) == {"sgd"}
    assert set(table["steps"]) == {1_000_000}
    assert table["n_samples"].between(rows["task.n_samples"].min(), 14).all()
    assert published_like(rows.assign(**{"schedule.steps": 7})).empty


# curves


def two_curves() -> Bundle:
    """One of three points over [0, 4], one of two over [0, 2]."""
    thumbnails = pd.DataFrame(
        {
            "run_id": ["a", "b", "c", "d"],
            "thumbnail_step": [[0, 2, 4, 5], [0, 2], [0], None],
            "thumbnail_active_units": [[1.0, 0.5, 0.0, np.nan], [0.5, 0.5], [np.nan], None],
        }
    )
    return bundle(thumbnails, CURVES["units"], normalised=False)


def test_curves_end_to_end_without_what_is_no_number() -> None:
    curves = two_curves()
    assert curves.run_ids == ["a", "b"]
    assert curves.steps.tolist() == [0, 2, 4, 0, 2]
    assert curves.values.tolist() == [1, 0.5, 0, 0.5, 0.5]
    line = with_gaps(curves, curves.values)
    np.testing.assert_array_equal(line, [1, 0.5, 0, np.nan, 0.5, 0.5, np.nan])
    assert line.dtype == np.float32


def test_packing_changes_no_value_by_more_than_a_twentieth_of_a_percent() -> None:
    values = np.random.default_rng(0).normal(size=500)
    curves = Bundle(["a"], np.array([0, 500]), np.arange(500.0), values)
    np.testing.assert_allclose(with_gaps(curves, values)[:-1], values, rtol=5e-4)


def test_the_mean_is_that_of_the_runs_that_are_there() -> None:
    curves = two_curves()
    found = mean_curve(curves, curves.steps)
    at = {place: int(np.abs(found.places - place).argmin()) for place in (0, 1, 3, 4)}
    assert found.n[at[0]] == 2
    assert found.mean[at[0]] == pytest.approx(0.75)
    assert found.sd[at[0]] == pytest.approx(np.std([1, 0.5], ddof=1))
    middle = found.places[at[1]]
    assert found.mean[at[1]] == pytest.approx((1 - middle / 4 + 0.5) / 2)
    assert found.n[at[3]] == found.n[at[4]] == 1
    assert found.mean[at[4]] == pytest.approx(0)
    assert np.isnan(found.sd[at[4]])


def test_relative_time_runs_from_nought_to_one_in_every_run() -> None:
    assert relative_time(two_curves()).steps.tolist() == [0, 0.5, 1, 0, 1]


def test_normalised_curves_start_at_one_and_those_of_logarithms_at_nought() -> None:
    thumbnails = pd.DataFrame(
        {
            "run_id": ["a", "b"],
            "thumbnail_step": [[0, 1]] * 2,
            "thumbnail_active_units": [[0.5, 0.25], [0.0, 0.1]],
            "thumbnail_loss": [[0.5, -2.0], [0.0, -1.0]],
        }
    )
    units = bundle(thumbnails, CURVES["units"], normalised=True)
    assert (units.run_ids, units.values.tolist()) == (["a"], [1, 0.5])
    loss = bundle(thumbnails, CURVES["loss"], normalised=True)
    assert loss.values.tolist() == [0, -2.5, 0, -1]


def test_all_curves_are_lines_that_know_their_runs() -> None:
    figure = drawn(FigureView()).figure
    layers = [trace for trace in figure.data if trace.name == "runs"]
    others = [trace.name for trace in figure.data[len(layers) :]]
    assert others == ["pointed at", "mean − s.d.", "mean + s.d.", "mean"]
    assert {trace.meta["pointed"] for trace in layers} == {len(layers)}
    run_ids = [run_id for trace in layers for run_id in trace.meta["runs"]]
    assert sorted(run_ids) == runs().rows["run_id"].tolist()
    line = layers[2]
    own = THUMBNAILS(line.meta["runs"][3:4]).iloc[0]
    start, end = line.meta["starts"][3:5]
    x, y = line.x[start : end - 1].astype(float), line.y[start : end - 1].astype(float)
    steps = own["thumbnail_step"].astype(float)
    steps[0] = x[0]  # a log axis has no 0
    np.testing.assert_allclose(np.interp(steps, x, y), own["thumbnail_active_units"], atol=5e-3)
    assert np.isnan(line.y[end - 1])


def test_points_on_a_flat_stretch_are_left_out_and_no_others() -> None:
    curves = Bundle(
        ["a", "b"], np.array([0, 5, 8]), np.arange(8.0), np.array([1.0, 1, 1, 1, 0, 0, 0, 1])
    )
    fewer = curves.without_flat_points()
    assert fewer.steps.tolist() == [0, 3, 4, 5, 6, 7]
    assert fewer.starts.tolist() == [0, 3, 6]
    one = curves.some(np.array([1, 0]))
    assert (one.run_ids, one.starts.tolist()) == (["b", "a"], [0, 3, 8])
    assert one.steps.tolist() == [5, 6, 7, 0, 1, 2, 3, 4]


def test_a_panel_for_each_kind_of_noise_with_its_own_mean() -> None:
    found = drawn(FigureView(by="noise"))
    assert [note.text.split(" (")[0] for note in found.figure.layout.annotations[:2]] == [
        "label noise",
        "update noise",
    ]
    lines = [trace for trace in found.figure.data if trace.name == "runs"]
    assert sum(len(trace.meta["runs"]) for trace in lines) == len(runs().rows)
    assert {found.figure.data[trace.meta["pointed"]].xaxis for trace in lines} == {"x", "x2"}
    assert all(found.figure.data[one.meta["pointed"]].xaxis == one.xaxis for one in lines)
    assert found.said[1].startswith("update noise: mean of ")
    assert found.left_out == (runs().endings,)


@pytest.mark.parametrize("quantity", ["bits", "fraction"])
def test_a_quantity_that_no_run_has_is_said_to_be_missing(quantity: str) -> None:
    found = drawn(FigureView(quantity=quantity))
    name = CURVES[quantity].name
    assert found.said == (f"The index keeps no curve of {name} of any of these runs.",)
    assert "without a curve" in found.left_out[1]


# against update noise


def test_the_power_law_of_the_made_up_runs_is_found() -> None:
    ours = sgd(runs().rows, "update noise")
    none = ours.iloc[:0]
    _, fits = noise_sweep_figure(ours, none, none.drop(columns="run_id"))
    for fit in (fits.tau, fits.rate):
        assert fit is not None
        assert fit.slope == pytest.approx(-2, abs=1e-6)
        assert 10**fit.intercept == pytest.approx(TAU_AT_ONE, rel=1e-6)
    assert fits.published is None


def test_tasks_share_an_exponent_each_at_a_level_of_its_own() -> None:
    ours = sgd(runs().rows, "update noise")
    slow = ours["noise.update_scale"] < 0.03
    shift = np.where(slow, 1.0, 0.1)  # one task is faster, and found at strong noise alone
    tasks = ours.assign(**{"task.kind": np.where(slow, "random", "smoothed_random")})
    tasks["tau_steps"] *= shift
    none = ours.iloc[:0]
    _, fits = noise_sweep_figure(tasks, none, none.drop(columns="run_id"))
    assert fits.tau is not None
    assert fits.tau.slope == pytest.approx(-2, abs=1e-6)


def test_every_point_of_ours_is_a_link_and_has_its_interval() -> None:
    found = drawn(FigureView("noise"))
    trace = next(one for one in found.figure.data if "interval" in one.name)
    ours = sgd(runs().rows, "update noise")
    silent = sgd(runs().silent, "update noise")
    assert len(silent)
    ours = pd.concat([ours, silent], ignore_index=True)
    known = ours[ours["tau_steps"].notna()]
    assert list(trace.customdata) == [urls.run_url(run_id) for run_id in known["run_id"]]
    np.testing.assert_allclose(trace.error_y.array, 0.3 * known["tau_steps"])
    unknown = len(ours) - len(known)
    assert f"{unknown} runs without a τ: it is not identifiable there." in found.left_out
    assert any(f"{len(silent)} runs in which every unit" in line for line in found.left_out)
    assert found.published == len(sgd(published_like(ours), "update noise"))


# update against label noise


def test_means_and_deviations_are_those_of_the_finished_runs() -> None:
    rows = runs().rows
    _, means = noise_kinds_figure(rows, rows.iloc[:0])
    found = {(one.quantity, one.kind): one for one in means}
    assert len(found) == len(QUANTITIES) * len(KINDS)
    values = sgd(rows, "update noise")["active_units_ratio"]
    one = found["active_units_ratio", "update noise"]
    assert one.n == len(values)
    assert (one.mean, one.sd) == pytest.approx((values.mean(), values.std()))
    trace = found["hessian_trace_ratio", "label noise"]
    assert (trace.mean, trace.sd) == pytest.approx((0.25, 1))  # geometric


def test_runs_without_a_spectrum_are_counted() -> None:
    found = drawn(FigureView("kinds"))
    missing = int(runs().rows["positive_eigenvalue_fraction"].isna().sum())
    assert any(line.startswith(f"{missing} runs without positive") for line in found.left_out)
    assert "(n = " in found.said[0]


# eigenvalues against active units


def test_made_up_runs_lie_on_the_line() -> None:
    found = drawn(FigureView("eigenvalues"))
    assert "median 0.50, middle half 0.50 to 0.50" in found.said[0]
    assert "the points lie 0.0% of all eigenvalues away" in found.said[0]


# every figure


@pytest.mark.parametrize("name", FIGURES)
def test_runs_that_do_not_give_a_figure_are_told_why(name: str) -> None:
    none = sweep_runs(TABLE, np.zeros(len(TABLE), np.bool_))
    assert FIGURES[name].why_not(none)
    assert FIGURES[name].why_not(runs()) == ""


@pytest.mark.parametrize(
    "view", [FigureView(), FigureView(quantity="loss", by="noise"), FigureView("kinds")]
)
def test_a_thousand_runs_travel_light(view: FigureView) -> None:
    table, thumbnails = made_up_sweep(1_000)
    chosen = sweep_runs(table, np.ones(1_000, np.bool_), view.by)
    text = FIGURES[view.figure].draw(chosen, view, thumbnails).figure.to_json()
    assert len(gzip.compress(text.encode(), LEVEL)) < 400_000


def test_of_very_many_runs_points_are_a_sample_and_numbers_are_of_all() -> None:
    table, thumbnails = made_up_sweep(12_000)
    many = sweep_runs(table, np.ones(len(table), np.bool_))
    for name in ("noise", "kinds", "eigenvalues"):
        found = FIGURES[name].draw(many, FigureView(name), thumbnails)
        assert any("Points are a sample" in line for line in found.left_out)
        assert max(len(trace.x) for trace in found.figure.data) <= MOST_POINTS
    ours = sgd(many.rows, "update noise")
    said = FIGURES["kinds"].draw(many, FigureView("kinds"), thumbnails).said[0]
    assert f"(n = {len(ours):,})" in said
    curves = FIGURES["curves"].draw(many, FigureView(), thumbnails)
    lines = [trace for trace in curves.figure.data if trace.name == "runs"]
    assert sum(len(trace.meta["runs"]) for trace in lines) == MOST_LINES
    assert f"{MOST_AVERAGED:,} of {len(many.rows):,} finished runs are read" in curves.left_out[1]
    assert f"{MOST_LINES:,} of {MOST_AVERAGED:,} curves are drawn" in curves.left_out[2]
