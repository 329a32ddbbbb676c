"""The summary row: published definitions, and a reason for everything unknown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.analysis.summary import summarize
from simulation.archive.runs_columns import SUMMARY_COLUMNS
from simulation.archive.schema import TABLES
from simulation.config import RunConfig
from simulation.config.schedule import curve_steps, even_curve_steps, first_and_last_tenth

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
    assert "no unit was tuned" in reasons["mean_spatial_information_final"]
