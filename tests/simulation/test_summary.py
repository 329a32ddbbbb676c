"""The summary row: published definitions, and a reason for everything unknown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.analysis.diffusion import diffusion_constant
from simulation.analysis.drift_summary import drift_values, shifts_of
from simulation.analysis.phases import LEARNED_BEFORE, RULE
from simulation.analysis.published import published_rate
from simulation.analysis.summary import NO_HESSIAN, summarize
from simulation.archive.runs_columns import SUMMARY_COLUMNS
from simulation.archive.schema import TABLES
from simulation.config import RunConfig
from simulation.config.schedule import curve_steps, even_curve_steps, first_and_last_tenth
from simulation.metrics.centroids import Track, squared_shifts

TAU = 20_000.0
CONFIG = RunConfig.parse({"schedule.steps": 200_000, "schedule.curve_points": 500})


def curves_of(config: RunConfig, **columns: object) -> pd.DataFrame:
    """Curves that decay to a floor with time constant TAU, at the configuration's steps."""
    steps = curve_steps(config.schedule)
    decay = np.exp(-steps / TAU)
    values: dict[str, object] = {
        "step": steps,
        "loss": 1e-3 + decay,
        "log10_normalized_loss": -3 + 3 * np.exp(-steps / 500),
        "active_fraction": 0.1 + 0.4 * decay,
        "active_units": 0.2 + 0.8 * decay,
        "tuned_units": None,
        "mean_spatial_information_bits": np.nan,
        "hessian_trace": 2 + 6 * decay,
        "hessian_largest": 1 + 2 * decay,
    }
    return pd.DataFrame(values | columns)


def snapshots_of(**columns: object) -> pd.DataFrame:
    names = [c.name for c in TABLES["snapshots"].columns if c.name != "run_id"]
    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in names})
    return empty.assign(**columns) if columns else empty


def test_every_summary_column_is_there_or_has_its_reason() -> None:
    empty = curves_of(CONFIG).iloc[:0]
    for curves in (curves_of(CONFIG), empty, curves_of(CONFIG).iloc[:3]):
        values, reasons = summarize(CONFIG, curves, snapshots_of())
        assert set(values) == {column.name for column in SUMMARY_COLUMNS}
        unknown = {name for name, value in values.items() if value is None}
        assert unknown == set(reasons)
        assert all(reasons.values())


def test_final_values_are_means_of_the_last_ten_recordings_over_the_first() -> None:
    curves = curves_of(CONFIG)
    values, _ = summarize(CONFIG, curves, snapshots_of())
    for name in ("active_fraction", "active_units"):
        first, last = curves[name].iloc[0], curves[name].iloc[-10:].mean()
        assert values[f"{name}_initial"] == first
        assert values[f"{name}_final"] == pytest.approx(last)
        assert values[f"{name}_ratio"] == pytest.approx(last / first)
    loss = curves["log10_normalized_loss"].iloc[-10:].mean()
    assert values["final_log10_normalized_loss"] == pytest.approx(loss)


def test_a_known_exponential_returns_its_timescale() -> None:
    values, _ = summarize(CONFIG, curves_of(CONFIG), snapshots_of())
    assert values["tau_verdict"] == "identified"
    assert values["tau_steps"] == pytest.approx(TAU, rel=0.05)
    assert values["tau_steps_low"] <= values["tau_steps"] <= values["tau_steps_high"]
    drawn = values["fit_robust_floor"] + values["fit_robust_amplitude"] * np.exp(
        -(TAU - values["fit_robust_onset_step"]) / values["tau_steps"]
    )
    assert drawn == pytest.approx(0.2 + 0.8 / np.e, rel=0.02)


def test_the_published_rate_is_that_of_the_evenly_spaced_recordings() -> None:
    even = RunConfig.parse(
        {
            "schedule.steps": 200_000,
            "schedule.curve_points": 250,
            "schedule.curve_spacing": "linear",
        }
    )
    mixed, _ = summarize(CONFIG, curves_of(CONFIG), snapshots_of())
    alone, _ = summarize(even, curves_of(even), snapshots_of())
    rate = mixed["log10_sparsification_rate"]
    assert rate == pytest.approx(alone["log10_sparsification_rate"])
    fitted = mixed["fit_published_floor"] + np.exp(mixed["fit_published_intercept"])
    assert 0.5 < fitted < 2, "the published line starts near the curve"


def test_a_logarithmic_schedule_has_no_published_rate() -> None:
    config = CONFIG.with_values({"schedule.curve_spacing": "log"})
    values, reasons = summarize(config, curves_of(config), snapshots_of())
    assert values["log10_sparsification_rate"] is None
    assert "evenly spaced" in reasons["log10_sparsification_rate"]
    assert values["tau_steps"] is not None


def test_curvature_ratios_are_means_at_the_published_moments() -> None:
    """Ten moments of the last tenth over ten of the first, the initial state among the latter."""
    even = even_curve_steps(CONFIG.schedule)
    trace = pd.Series(1.0, curve_steps(CONFIG.schedule))
    trace[0] = 91.0  # the initial state weighs a tenth, however many recordings there are
    at_90_percent = even[np.abs(even - 180_000).argmin()]
    trace[at_90_percent] = 11.0
    trace[CONFIG.schedule.steps] = 1e9  # the last recording is not among the ten
    values, _ = summarize(CONFIG, curves_of(CONFIG, hessian_trace=trace.to_numpy()), snapshots_of())
    assert values["hessian_trace_ratio"] == pytest.approx((9 + 11) / (9 + 91))
    largest = 1 + 2 * np.exp(-np.arange(0, 100) * 2_000 / TAU)
    expected = largest[90:].mean() / largest[:10].mean()
    values, _ = summarize(CONFIG, curves_of(CONFIG), snapshots_of())
    assert values["hessian_max_ratio"] == pytest.approx(expected, rel=1e-2)


def test_a_run_that_ended_early_has_the_trace_ratio_of_what_there_is() -> None:
    curves = curves_of(CONFIG)
    curves = curves[curves["step"] <= 100_000]
    recorded = np.isin(curves["step"], np.concatenate(moments(CONFIG)))
    curves["hessian_largest"] = curves["hessian_largest"].where(recorded)
    values, reasons = summarize(CONFIG, curves, snapshots_of())
    half = CONFIG.with_values({"schedule.steps": 100_000, "schedule.curve_points": 250})
    expected, _ = summarize(half, curves_of(half), snapshots_of())
    assert values["hessian_trace_ratio"] == pytest.approx(expected["hessian_trace_ratio"], rel=0.02)
    assert values["hessian_max_ratio"] is None
    assert "ended before" in reasons["hessian_max_ratio"]


def moments(config: RunConfig) -> tuple[np.ndarray, np.ndarray]:
    return first_and_last_tenth(even_curve_steps(config.schedule))


def test_curves_of_an_earlier_version_have_no_curvature() -> None:
    old = curves_of(CONFIG, hessian_trace=None, hessian_largest=None).astype(
        {"hessian_trace": float, "hessian_largest": float}
    )
    values, reasons = summarize(CONFIG, old, snapshots_of())
    assert values["hessian_trace_ratio"] is values["hessian_max_ratio"] is None
    assert reasons["hessian_trace_ratio"]


def test_the_positive_fraction_is_the_mean_over_the_last_tenth() -> None:
    snapshots = snapshots_of(
        step=[0, 100_000, 180_000, 190_000, 200_000],
        hessian_trace=[4.0, 3.0, 3.0, np.nan, 2.0],
        positive_eigenvalue_fraction=[0.9, 0.8, 0.5, np.nan, 0.4],
        hessian_note=None,
    )
    values, _ = summarize(CONFIG, curves_of(CONFIG), snapshots)
    assert values["positive_eigenvalue_fraction"] == pytest.approx(0.45)


def test_why_there_is_no_hessian() -> None:
    config = CONFIG.with_values({"schedule.hessian_snapshots": 0})
    without = curves_of(config, hessian_largest=np.nan)
    values, reasons = summarize(config, without, snapshots_of())
    assert "hessian_snapshots = 0" in reasons["hessian_max_ratio"]
    assert "hessian_snapshots = 0" in reasons["positive_eigenvalue_fraction"]
    assert values["hessian_trace_ratio"] is not None, "the trace is recorded with the curves"
    too_large = snapshots_of(
        step=[0, 1],
        hessian_trace=[2.0, 1.0],
        hessian_largest=[2.0, 1.0],
        positive_eigenvalue_fraction=None,
        hessian_note="the matrix has 18,000 rows, over the limit of 4,000",
    )
    _, reasons = summarize(CONFIG, curves_of(CONFIG), too_large)
    assert "18,000" in reasons["positive_eigenvalue_fraction"]


def test_why_there_is_no_spatial_information() -> None:
    _, reasons = summarize(CONFIG, curves_of(CONFIG), snapshots_of())
    assert "no position" in reasons["mean_spatial_information_final"]
    corridor = RunConfig.parse({"task.kind": "corridor", "schedule.steps": 200_000})
    _, reasons = summarize(corridor, curves_of(corridor), snapshots_of())
    assert reasons["mean_spatial_information_final"] == "no unit was tuned"


# --- by hand: ten and more even recordings from 1,000 to 3,000, of a run that starts from another's
# snapshot at 1,000

FORK = RunConfig.parse(
    {
        "parent.run": "0123456789ab",
        "parent.step": 1_000,
        "schedule.steps": 3_000,
        "schedule.curve_points": 201,
        "schedule.curve_spacing": "linear",
    }
)
FORKED = np.arange(1_000, 3_001, 10)


def forked(**columns: object) -> pd.DataFrame:
    """Curves that stand still, at the fork's even recordings."""
    values: dict[str, object] = {
        "step": FORKED,
        "log10_normalized_loss": -1.0,
        "active_fraction": 0.5,
        "active_units": 0.8,
        "mean_spatial_information_bits": np.nan,
        "hessian_trace": 4.0,
        "hessian_largest": 2.0,
    }
    return pd.DataFrame(values | columns)


def summary_of(curves: pd.DataFrame, config: RunConfig = FORK, **snapshots: object) -> tuple:
    return summarize(config, curves, snapshots_of(**snapshots))


def last_ten(begin: float, *end: float) -> np.ndarray:
    """A curve at 0 but for its first recording and the last ones."""
    curve = np.zeros(len(FORKED))
    curve[0] = begin
    curve[len(curve) - len(end) :] = end
    return curve


def test_the_last_ten_recordings_by_hand() -> None:
    end = [9, 1, 2, 3, 4, 5, 6, np.nan, 8, 9, 10]  # the first of these is the eleventh from the end
    mean = 48 / 9
    curves = forked(
        log10_normalized_loss=last_ten(-1, *end),
        active_fraction=last_ten(4, *end),
        active_units=last_ten(2, *end),
        mean_spatial_information_bits=last_ten(3, *end),
    )
    corridor = FORK.with_values({"task.kind": "corridor"})
    values, _ = summary_of(curves, corridor)
    assert values["final_log10_normalized_loss"] == pytest.approx(mean)
    assert values["active_fraction_initial"] == 4
    assert values["active_fraction_final"] == pytest.approx(mean)
    assert values["active_fraction_ratio"] == pytest.approx(mean / 4)
    assert values["active_units_initial"] == 2
    assert values["active_units_final"] == pytest.approx(mean)
    assert values["active_units_ratio"] == pytest.approx(mean / 2)
    assert values["mean_spatial_information_initial"] == 3
    assert values["mean_spatial_information_final"] == pytest.approx(mean)


def test_a_ratio_needs_a_start_above_0_and_an_end() -> None:
    values, reasons = summary_of(forked(active_fraction=last_ten(0, 1), active_units=last_ten(2)))
    assert (values["active_fraction_initial"], values["active_fraction_ratio"]) == (0, None)
    assert values["active_units_ratio"] == 0
    assert reasons["active_fraction_ratio"] == ("active fraction was not a number, or started at 0")
    assert "active_fraction_initial" not in reasons


def test_the_reasons_for_what_is_no_number() -> None:
    nothing = np.full(len(FORKED), np.nan)
    names = ("log10_normalized_loss", "active_fraction", "active_units")
    values, reasons = summary_of(forked(**dict.fromkeys(names, nothing)))
    assert values["final_log10_normalized_loss"] is None
    assert reasons["final_log10_normalized_loss"] == "loss was not a number, or started at 0"
    for name, words in (("active_fraction", "active fraction"), ("active_units", "active units")):
        for part in ("initial", "final", "ratio"):
            assert values[f"{name}_{part}"] is None
            assert reasons[f"{name}_{part}"] == f"{words} was not a number, or started at 0"
    infinite = forked(log10_normalized_loss=last_ten(0, -np.inf))
    assert summary_of(infinite)[0]["final_log10_normalized_loss"] is None


def test_the_reasons_where_nothing_was_recorded() -> None:
    values, reasons = summary_of(forked().iloc[:0])
    for name in (
        "final_log10_normalized_loss",
        "active_fraction_initial",
        "active_units_final",
        "hessian_trace_ratio",
        "hessian_max_ratio",
        "positive_eigenvalue_fraction",
    ):
        assert values[name] is None
        assert reasons[name] == "nothing was recorded"
    assert reasons["mean_spatial_information_initial"] == "the task has no position"
    assert values["tau_steps"] is None
    assert reasons["tau_steps"] == "the curve has fewer than 20 recordings"
    assert values["log10_sparsification_rate"] is None
    assert reasons["fit_published_last_step"] == "the curve has too few recordings"
    assert reasons["fit_published_first_step"] == reasons["log10_sparsification_rate"]


def test_fits_of_a_fork_are_in_steps_of_the_whole_run() -> None:
    """0.2 + 0.8 exp(-(t - 1,000) / 200): both lines are drawn at absolute steps."""
    curve = 0.2 + 0.8 * np.exp(-(FORKED - 1_000) / 200)
    values, reasons = summary_of(forked(active_units=curve))
    assert values["tau_verdict"] == "identified"
    assert values["tau_steps"] == pytest.approx(200, rel=1e-3)
    assert values["tau_steps_low"] < 200 < values["tau_steps_high"]
    assert values["fit_robust_onset_step"] == pytest.approx(1_000, abs=1)
    assert values["fit_robust_floor"] == pytest.approx(0.2, abs=1e-3)
    assert values["fit_robust_amplitude"] == pytest.approx(0.8, abs=1e-3)
    assert values["fit_robust_r_squared"] == pytest.approx(1, abs=1e-6)
    assert not any(name.startswith(("tau", "fit")) for name in reasons)
    # 90 % of the fall, to 0.28, is over at 461: cut before 1,460
    assert (values["fit_published_first_step"], values["fit_published_last_step"]) == (1_000, 1_450)
    alone = published_rate(FORKED - 1_000, curve)
    assert values["log10_sparsification_rate"] == alone.log10_rate
    assert values["fit_published_floor"] == alone.floor
    rate = 10 ** values["log10_sparsification_rate"]
    line = np.exp(values["fit_published_intercept"] - rate * 1_100)
    assert line == pytest.approx(float(alone.predict(np.array([100]))[0] - alone.floor))


def test_a_curve_without_a_timescale_has_a_reason_for_all_of_it() -> None:
    values, reasons = summary_of(forked())
    assert values["tau_verdict"] == "not identifiable"
    for name in ("tau_steps", "tau_steps_low", "tau_steps_high", "fit_robust_onset_step"):
        assert values[name] is None
        assert reasons[name] == "the curve is flat"
    for name in ("floor", "amplitude", "r_squared"):
        assert reasons[f"fit_robust_{name}"] == "the curve is flat"
    for name in ("log10_sparsification_rate", "fit_published_intercept", "fit_published_floor"):
        assert values[name] is None
        assert reasons[name] == "the curve is flat"


def test_a_late_first_recording_and_a_late_onset_are_at_absolute_steps() -> None:
    curve = 0.2 + 0.8 * np.exp(-np.maximum(FORKED - 1_100, 0) / 200)
    values, _ = summary_of(forked(active_units=curve).iloc[1:])
    assert values["fit_published_first_step"] == 1_010
    assert values["fit_robust_onset_step"] == pytest.approx(1_100, abs=1)


LOGARITHMIC = "it is defined on evenly spaced recordings; these are logarithmic"


def test_published_definitions_have_no_logarithmic_recordings() -> None:
    config = FORK.with_values({"schedule.curve_spacing": "log"})
    values, reasons = summary_of(forked(active_units=last_ten(1)), config)
    for name in ("log10_sparsification_rate", "hessian_trace_ratio", "hessian_max_ratio"):
        assert values[name] is None
        assert reasons[name] == LOGARITHMIC


def test_phases_come_with_their_rule_and_reasons() -> None:
    """Learned before, with nothing left to learn, and standing still: null drift from the start."""
    values, _ = summary_of(forked())
    assert (values["learning_end_step"], values["stationary_from_step"]) == (1_000, 1_000)
    assert values["phases_rule"] == RULE + LEARNED_BEFORE
    loss = np.where(FORKED < 1_500, 0.0, -0.2)  # a fall, but too small a one
    alone = CONFIG.with_values({"schedule.steps": 3_000})
    values, reasons = summary_of(forked(log10_normalized_loss=loss), alone)
    assert (values["learning_end_step"], values["phases_rule"]) == (None, RULE)
    assert reasons["learning_end_step"] == "the loss fell by less than a factor of 2"
    assert "no end" in reasons["stationary_from_step"]
    drifting = forked(active_fraction=np.linspace(0.8, 0.2, len(FORKED)))
    values, reasons = summary_of(drifting)
    assert values["learning_end_step"] == 1_000
    assert reasons["stationary_from_step"] == "the active fraction still changes at the end"
    drifting = forked(active_units=np.linspace(0.8, 0.2, len(FORKED)))
    _, reasons = summary_of(drifting)
    assert reasons["stationary_from_step"] == "the share of active units still changes at the end"


def test_similarity_matching_has_learned_with_a_small_fall_and_descends_no_loss() -> None:
    config = RunConfig.parse({"model": "similarity_matching", "schedule.steps": 3_000})
    loss = np.where(FORKED < 1_500, 0.0, -0.2)
    values, reasons = summary_of(forked(log10_normalized_loss=loss), config)
    assert values["learning_end_step"] == 1_500
    for name in ("hessian_trace_ratio", "hessian_max_ratio", "positive_eigenvalue_fraction"):
        assert values[name] is None
        assert reasons[name] == "this network descends no loss"


def test_curvature_ratios_of_a_fork_by_hand() -> None:
    """Moments every 20 steps from 1,000 to 1,180 and from 2,800 to 2,980."""
    trace, largest = np.full(len(FORKED), 1e9), np.full(len(FORKED), np.nan)
    trace[0:20:2], trace[180:200:2] = np.arange(1, 11), 4.0
    largest[0:20:2], largest[180:200:2] = 2.0, np.arange(1, 11)
    values, reasons = summary_of(forked(hessian_trace=trace, hessian_largest=largest))
    assert values["hessian_trace_ratio"] == pytest.approx(4 / 5.5)
    assert values["hessian_max_ratio"] == pytest.approx(5.5 / 2)
    assert not {"hessian_trace_ratio", "hessian_max_ratio"} & set(reasons)


def test_why_there_is_no_ratio_of_curvature() -> None:
    no_number = "the Hessian was not a number, or started at 0"
    for spoilt in (0, 190):
        curve = np.full(len(FORKED), 2.0)
        curve[spoilt] = np.nan
        values, reasons = summary_of(forked(hessian_trace=curve, hessian_largest=curve))
        assert values["hessian_trace_ratio"] is values["hessian_max_ratio"] is None
        assert reasons["hessian_trace_ratio"] == reasons["hessian_max_ratio"] == no_number
    _, reasons = summary_of(forked(hessian_trace=np.zeros(len(FORKED))))
    assert reasons["hessian_trace_ratio"] == no_number
    short = forked(hessian_trace=np.nan, hessian_largest=np.nan)
    short = short[short["step"] < 3_000]
    _, reasons = summary_of(short)
    assert reasons["hessian_trace_ratio"] == no_number
    assert reasons["hessian_max_ratio"] == (
        "the run ended before the moments at which the largest eigenvalue is recorded"
    )
    without = FORK.with_values({"schedule.hessian_snapshots": 0})
    _, reasons = summary_of(short, without)
    assert reasons["hessian_trace_ratio"] == no_number
    assert reasons["hessian_max_ratio"] == NO_HESSIAN
    assert reasons["positive_eigenvalue_fraction"] == NO_HESSIAN


def test_the_last_tenth_of_the_snapshots_is_of_their_own_span() -> None:
    """From 1,000 to 3,000 it begins with 2,800."""
    columns = {
        "step": [1_000, 2_790, 2_800, 2_900, 3_000],
        "hessian_trace": 1.0,
        "positive_eigenvalue_fraction": [0.9, 0.9, 0.5, np.nan, 0.3],
        "hessian_note": None,
    }
    values, reasons = summary_of(forked(), **columns)
    assert values["positive_eigenvalue_fraction"] == pytest.approx(0.4)
    assert "positive_eigenvalue_fraction" not in reasons
    columns["positive_eigenvalue_fraction"] = [0.9, 0.9, None, None, None]
    values, reasons = summary_of(forked(), **columns)
    assert values["positive_eigenvalue_fraction"] is None
    assert reasons["positive_eigenvalue_fraction"] == (
        "no eigenvalues were recorded in the last tenth of the run"
    )
    notes = ["early", "early", "too large", "the last", "not measured"]
    columns |= {"hessian_note": notes, "hessian_trace": [1.0, 1, 1, 1, np.nan]}
    _, reasons = summary_of(forked(), **columns)
    assert reasons["positive_eigenvalue_fraction"] == "the last"


# --- how fast tuning wanders


def centroids_of(
    where: np.ndarray, *names: str, first: int = 1_000
) -> dict[str, np.ndarray | list[object]]:
    """The archive's columns of centroids (moments, arenas, units), an arena a name."""
    step = np.repeat(first + 10 * np.arange(len(where)), len(names))
    return {
        "step": step,
        "source": list(names) * len(where),
        "centroids": [row for moment in where for row in moment],
    }


def test_shifts_are_means_over_the_units_of_all_arenas() -> None:
    where = np.array([[[1.0], [5.0]], [[2.0], [8.0]], [[4.0], [np.nan]]])
    table = centroids_of(where, "b", "a")
    shifts = shifts_of(
        np.asarray(table["step"]), table["source"], table["centroids"], Track(10.0, circular=False)
    )
    assert (shifts.step_a.tolist(), shifts.step_b.tolist()) == (
        [1_000, 1_000, 1_010],
        [1_010, 1_020, 1_020],
    )
    assert shifts.mean_squared.tolist() == [(1 + 9) / 2, 9, 4]


CORRIDOR = FORK.with_values({"task.kind": "corridor"})
DRIFT = ["", "_low", "_high", "_offset", "_lag"]


def test_the_diffusion_is_that_of_all_pairs_of_null_drift() -> None:
    """Two units that jump to and fro by 0.2: 0.04 at odd lags and 0 at even ones."""
    moments = np.arange(40)
    where = np.repeat(0.2 * (moments % 2), 2).reshape(40, 1, 2)
    values, reasons = drift_values(CORRIDOR, centroids_of(where, "position"), 1_000)
    shifts = squared_shifts(1_000 + 10 * moments, where, Track(14.0, circular=False))
    expected = diffusion_constant(
        shifts.step_a, shifts.step_b, shifts.mean_squared, stationary_from=1_000, ceiling=14**2 / 6
    )
    assert expected.constant is not None
    assert values == {
        "centroid_diffusion": expected.constant,
        "centroid_diffusion_low": expected.low,
        "centroid_diffusion_high": expected.high,
        "centroid_diffusion_offset": expected.offset,
        "centroid_diffusion_lag": expected.longest_lag,
    }
    assert reasons == {}
    later, _ = drift_values(CORRIDOR, centroids_of(where, "position"), 1_200)
    assert later["centroid_diffusion"] != values["centroid_diffusion"]


@pytest.mark.parametrize(
    ("config", "table", "since", "reason"),
    [
        (FORK, None, 0, "the task has no position"),
        (CORRIDOR, None, 0, "centroids of tuning were not recorded"),
        (CORRIDOR, {"step": []}, 0, "centroids of tuning were not recorded"),
        (
            CORRIDOR,
            centroids_of(np.zeros((5, 1, 2)), "position"),
            None,
            "the statistics of activity never became stationary",
        ),
    ],
)
def test_why_there_is_no_diffusion(
    config: RunConfig, table: dict[str, list[object]] | None, since: int | None, reason: str
) -> None:
    values, reasons = drift_values(config, table, since)  # type: ignore[arg-type]
    columns = {f"centroid_diffusion{end}" for end in DRIFT}
    assert values == dict.fromkeys(columns)
    assert reasons == dict.fromkeys(columns, reason)


def test_the_summary_has_the_diffusion_of_null_drift() -> None:
    table = centroids_of(np.zeros((5, 1, 2)), "position")
    _, reasons = summarize(CORRIDOR, forked(), snapshots_of(), table)  # type: ignore[arg-type]
    assert reasons["centroid_diffusion"] == "too few snapshots of null drift"
    _, reasons = summarize(CORRIDOR, forked(), snapshots_of())
    assert reasons["centroid_diffusion"] == "centroids of tuning were not recorded"
