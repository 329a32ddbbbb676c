"""What came of a run, in one row of numbers: computed from its curves and snapshots alone.

`_final` and the ratios of curve quantities follow the published table (Ratzon, Derdikman &
Barak, eLife 12:RP90069): the mean of the last ten recordings, over the first recording; those of
curvature are means over ten moments each, see `simulation.schedule.first_and_last_tenth`. A run
that starts from another's snapshot is summarised from there on: its first recording is at that
step, and what is fitted to its curves counts time from it. What cannot be known is None, with the
reason beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from simulation.analysis.phases import LEAST_LEARNING, find_phases
from simulation.analysis.timescale import RateFit, published_rate, robust_timescale
from simulation.config import FeedforwardConfig, RunConfig, SimilarityConfig
from simulation.drift_summary import drift_values
from simulation.metrics.spatial import no_information
from simulation.schedule import even_curve_steps, first_and_last_tenth

LAST_RECORDINGS = 10
LEAST_MATCHING = 0.01
"""Smallest fall of log10 loss that counts as learning in similarity matching: responses cannot be
negative, so that most of the mismatch stays where similarities of inputs are."""
NO_HESSIAN = "the configuration asks for no Hessian (schedule.hessian_snapshots = 0)"

Values = dict[str, Any]
Reasons = dict[str, str]


def summarize(
    config: RunConfig,
    curves: pd.DataFrame,
    snapshots: pd.DataFrame,
    centroids: pd.DataFrame | None = None,
) -> tuple[Values, Reasons]:
    """The summary columns of the runs table, and why those that are None are so.

    Parameters
    ----------
    curves, snapshots, centroids : as in the archive's tables, sorted by step; may be empty.
        None: there are no centroids.
    """
    values: Values = {}
    reasons: Reasons = {}
    for part in (
        _curve_values(config, curves),
        _published_fit(config, curves),
        _robust_fit(curves, config.parent.step),
        _hessian_values(config, curves, snapshots),
        _phases(config, curves),
    ):
        values |= part[0]
        reasons |= part[1]
    drift = drift_values(config, centroids, values["stationary_from_step"])
    return values | drift[0], reasons | drift[1]


def _curve_values(config: RunConfig, curves: pd.DataFrame) -> tuple[Values, Reasons]:
    values: Values = {}
    reasons: Reasons = {}
    loss = _final(curves["log10_normalized_loss"])
    values["final_log10_normalized_loss"] = loss
    if loss is None:
        reasons["final_log10_normalized_loss"] = _no_number(curves, "loss")
    for name in ("active_fraction", "active_units"):
        first, last = _first(curves[name]), _final(curves[name])
        values |= {f"{name}_initial": first, f"{name}_final": last, f"{name}_ratio": None}
        if first and last is not None:
            values[f"{name}_ratio"] = last / first
        for part in ("initial", "final", "ratio"):
            if values[f"{name}_{part}"] is None:
                reasons[f"{name}_{part}"] = _no_number(curves, name)
    information = curves["mean_spatial_information_bits"]
    for part, number in (("initial", _first(information)), ("final", _final(information))):
        column = f"mean_spatial_information_{part}"
        values[column] = number
        if number is None:
            reasons[column] = no_information(config) or "no unit was tuned"
    return values, reasons


def _no_number(curves: pd.DataFrame, what: str) -> str:
    if curves.empty:
        return "nothing was recorded"
    return f"{what.replace('_', ' ')} was not a number, or started at 0"


def _first(series: pd.Series[float]) -> float | None:
    return _number(series.iloc[0]) if len(series) else None


def _final(series: pd.Series[float]) -> float | None:
    """Mean of the last ten recordings that are numbers among those ten."""
    last = series.tail(LAST_RECORDINGS).dropna()
    return _number(last.mean()) if len(last) else None


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _published_fit(config: RunConfig, curves: pd.DataFrame) -> tuple[Values, Reasons]:
    first = config.parent.step
    even = curves[curves["step"].isin(even_curve_steps(config.schedule, first))]
    fit = published_rate(even["step"].to_numpy() - first, even["active_units"].to_numpy())
    if config.schedule.curve_spacing == "log":
        fit = RateFit(None, "it is defined on evenly spaced recordings; these are logarithmic")
    known = fit.log10_rate is not None
    intercept = fit.intercept + first * 10**fit.log10_rate if fit.log10_rate is not None else None
    values = {
        "log10_sparsification_rate": fit.log10_rate,
        "fit_published_intercept": intercept,
        "fit_published_floor": fit.floor if known else None,
        "fit_published_first_step": first + fit.first_step if known else None,
        "fit_published_last_step": first + fit.last_step if known else None,
    }
    return values, {} if known else dict.fromkeys(values, fit.reason)


def _robust_fit(curves: pd.DataFrame, first: int) -> tuple[Values, Reasons]:
    fit = robust_timescale(curves["step"].to_numpy() - first, curves["active_units"].to_numpy())
    values: Values = {
        "tau_steps": fit.tau_steps,
        "tau_steps_low": fit.low,
        "tau_steps_high": fit.high,
        "tau_verdict": fit.verdict,
        "fit_robust_onset_step": None if fit.onset_step is None else first + fit.onset_step,
        "fit_robust_floor": fit.floor,
        "fit_robust_amplitude": fit.amplitude,
        "fit_robust_r_squared": fit.r_squared,
    }
    return values, {name: fit.reason for name, value in values.items() if value is None}


def _phases(config: RunConfig, curves: pd.DataFrame) -> tuple[Values, Reasons]:
    matching = isinstance(config, SimilarityConfig)
    phases = find_phases(
        curves["step"].to_numpy(),
        curves["log10_normalized_loss"].to_numpy(),
        curves["active_fraction"].to_numpy(),
        curves["active_units"].to_numpy(),
        learned_before=bool(config.parent.run),
        least_learning=LEAST_MATCHING if matching else LEAST_LEARNING,
    )
    values = {
        "learning_end_step": phases.learning_end,
        "stationary_from_step": phases.stationary_from,
        "phases_rule": phases.rule,
    }
    return values, {f"{name}_step": why for name, why in phases.reasons.items()}


def _hessian_values(
    config: RunConfig, curves: pd.DataFrame, snapshots: pd.DataFrame
) -> tuple[Values, Reasons]:
    names = ("hessian_trace_ratio", "hessian_max_ratio", "positive_eigenvalue_fraction")
    if not isinstance(config, FeedforwardConfig):
        return dict.fromkeys(names), dict.fromkeys(names, "this network descends no loss")
    found = (
        _late_over_early(config, curves, "hessian_trace"),
        _late_over_early(config, curves, "hessian_largest"),
        _positive_fraction(config, snapshots),
    )
    values = {name: value for name, (value, _) in zip(names, found, strict=True)}
    return values, {name: why for name, (_, why) in zip(names, found, strict=True) if why}


def _late_over_early(
    config: FeedforwardConfig, curves: pd.DataFrame, column: str
) -> tuple[float | None, str]:
    """The published ratio of a measure of curvature, or why there is none."""
    if config.schedule.curve_spacing == "log":
        return None, "it is defined on evenly spaced recordings; these are logarithmic"
    even = curves[
        curves["step"].isin(even_curve_steps(config.schedule, config.parent.step))
    ].set_index("step")
    if even.empty:
        return None, "nothing was recorded"
    early, late = (even.loc[at, column] for at in first_and_last_tenth(even.index.to_numpy()))
    if np.isfinite(early).all() and np.isfinite(late).all() and early.mean() != 0:
        return float(late.mean() / early.mean()), ""
    if column == "hessian_largest" and not config.schedule.hessian_snapshots:
        return None, NO_HESSIAN
    if column == "hessian_largest" and even.index[-1] < config.schedule.steps:
        return None, "the run ended before the moments at which the largest eigenvalue is recorded"
    return None, "the Hessian was not a number, or started at 0"


def _positive_fraction(
    config: FeedforwardConfig, snapshots: pd.DataFrame
) -> tuple[float | None, str]:
    """Mean of the positive fraction in the last tenth of the run, or why there is none."""
    if not config.schedule.hessian_snapshots:
        return None, NO_HESSIAN
    if snapshots.empty:
        return None, "nothing was recorded"
    first, last = snapshots["step"].iloc[[0, -1]]
    late = snapshots[snapshots["step"] >= last - 0.1 * (last - first)]
    fractions = late["positive_eigenvalue_fraction"].dropna()
    if len(fractions):
        return float(fractions.mean()), ""
    noted = late["hessian_note"].where(late["hessian_trace"].notna()).dropna()
    if len(noted):
        return None, str(noted.iloc[-1])
    return None, "no eigenvalues were recorded in the last tenth of the run"
