"""What came of a run, in one row of numbers: computed from its curves and snapshots alone.

`_final` and the ratios of curve quantities follow the published table (Ratzon, Derdikman &
Barak, eLife 12:RP90069): the mean of the last ten recordings, over the first recording. What
cannot be known is None, with the reason beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.analysis.phases import find_phases
from simulation.analysis.timescale import RateFit, published_rate, robust_timescale
from simulation.config import RunConfig
from simulation.config.sections import Schedule
from simulation.schedule import even_curve_steps

LAST_RECORDINGS = 10

Values = dict[str, Any]
Reasons = dict[str, str]


def summarize(
    config: RunConfig, curves: pd.DataFrame, snapshots: pd.DataFrame
) -> tuple[Values, Reasons]:
    """The summary columns of the runs table, and why those that are None are so.

    Parameters
    ----------
    curves, snapshots : as in the archive's tables, sorted by step; may be empty.
    """
    values: Values = {}
    reasons: Reasons = {}
    for part in (
        _curve_values(config, curves),
        _published_fit(config, curves),
        _robust_fit(curves),
        _hessian_values(config, snapshots),
        _phases(curves),
    ):
        values |= part[0]
        reasons |= part[1]
    return values, reasons


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
            reasons[column] = (
                "no unit was tuned" if config.task.has_position else "the task has no position"
            )
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
    even = curves[curves["step"].isin(even_curve_steps(config.schedule))]
    fit = published_rate(even["step"].to_numpy(), even["active_units"].to_numpy())
    if config.schedule.curve_spacing == "log":
        fit = RateFit(None, "it is defined on evenly spaced recordings; these are logarithmic")
    known = fit.log10_rate is not None
    values = {
        "log10_sparsification_rate": fit.log10_rate,
        "fit_published_intercept": fit.intercept if known else None,
        "fit_published_floor": fit.floor if known else None,
        "fit_published_first_step": fit.first_step if known else None,
        "fit_published_last_step": fit.last_step if known else None,
    }
    return values, {} if known else dict.fromkeys(values, fit.reason)


def _robust_fit(curves: pd.DataFrame) -> tuple[Values, Reasons]:
    fit = robust_timescale(curves["step"].to_numpy(), curves["active_units"].to_numpy())
    values: Values = {
        "tau_steps": fit.tau_steps,
        "tau_steps_low": fit.low,
        "tau_steps_high": fit.high,
        "tau_verdict": fit.verdict,
        "fit_robust_onset_step": fit.onset_step,
        "fit_robust_floor": fit.floor,
        "fit_robust_amplitude": fit.amplitude,
        "fit_robust_r_squared": fit.r_squared,
    }
    return values, {name: fit.reason for name, value in values.items() if value is None}


def _phases(curves: pd.DataFrame) -> tuple[Values, Reasons]:
    phases = find_phases(
        curves["step"].to_numpy(),
        curves["log10_normalized_loss"].to_numpy(),
        curves["active_fraction"].to_numpy(),
        curves["active_units"].to_numpy(),
    )
    values = {
        "learning_end_step": phases.learning_end,
        "stationary_from_step": phases.stationary_from,
        "phases_rule": phases.rule,
    }
    return values, {f"{name}_step": why for name, why in phases.reasons.items()}


def _hessian_values(config: RunConfig, snapshots: pd.DataFrame) -> tuple[Values, Reasons]:
    values: Values = {}
    reasons: Reasons = {}
    for column, source in (
        ("hessian_trace_ratio", "hessian_trace"),
        ("hessian_max_ratio", "hessian_largest"),
    ):
        recorded = snapshots[source].dropna().to_numpy()
        values[column] = _last_over_first(recorded)
        if values[column] is None:
            reasons[column] = _no_hessian(config, recorded)
    fractions = snapshots["positive_eigenvalue_fraction"].dropna().to_numpy()
    values["positive_eigenvalue_fraction"] = float(fractions[-1]) if len(fractions) else None
    if not len(fractions):
        noted = snapshots["hessian_note"].where(snapshots["hessian_trace"].notna()).dropna()
        reasons["positive_eigenvalue_fraction"] = (
            str(noted.iloc[-1]) if len(noted) else _no_hessian(config, fractions)
        )
    return values, reasons


def _last_over_first(values: NDArray[np.float64]) -> float | None:
    if len(values) < 2 or values[0] == 0:
        return None
    return _number(values[-1] / values[0])


def _no_hessian(config: RunConfig, recorded: NDArray[np.float64]) -> str:
    if isinstance(config.schedule, Schedule) and not config.schedule.hessian_snapshots:
        return "the configuration asks for no Hessian (schedule.hessian_snapshots = 0)"
    if len(recorded) < 2:
        return "the Hessian was recorded fewer than two times before the run ended"
    return "the first recorded value is 0 or not a number"
