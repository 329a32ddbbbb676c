"""What came of a run, in one row of numbers: computed from its curves and snapshots alone.

`_final` and the ratios of curve quantities follow the published table (Ratzon, Derdikman &
Barak, eLife 12:RP90069): the mean of the last ten recordings, over the first recording; those of
curvature are means over ten moments each, see `config.schedule.first_and_last_tenth`. A run that
starts from another's snapshot is summarised from there on: its first recording is at that
step, and what is fitted to its curves counts time from it. What cannot be known is None, with the
reason beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.analysis.drift_summary import drift_values
from simulation.analysis.phases import find_phases
from simulation.analysis.timescale import RateFit, published_rate, robust_timescale
from simulation.config import RunConfig
from simulation.config.schedule import even_curve_steps, first_and_last_tenth
from simulation.models import model_of

LAST_RECORDINGS = 10
NO_HESSIAN = "the configuration asks for no Hessian (schedule.hessian_snapshots = 0)"

Columns = Mapping[str, NDArray[Any]]
"""A table, by column."""
Values = dict[str, Any]
Reasons = dict[str, str]


def summarize(
    config: RunConfig,
    curves: Columns,
    snapshots: Columns,
    centroids: Columns | None = None,
) -> tuple[Values, Reasons]:
    """The summary columns of the runs table, and why those that are None are so.

    Parameters
    ----------
    curves, snapshots, centroids : the columns of the archive's tables, sorted by step; may be
        empty. None: there are no centroids. What is missing is NaN, or None where it is text.
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


def _curve_values(config: RunConfig, curves: Columns) -> tuple[Values, Reasons]:
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
            reasons[column] = model_of(config).no_information or "no unit was tuned"
    return values, reasons


def _no_number(curves: Columns, what: str) -> str:
    if not len(curves["step"]):
        return "nothing was recorded"
    return f"{what.replace('_', ' ')} was not a number, or started at 0"


def _first(curve: ArrayLike) -> float | None:
    values = np.asarray(curve)
    return _number(values[0]) if len(values) else None


def _final(curve: ArrayLike) -> float | None:
    """Mean of the last ten recordings that are numbers among those ten."""
    last = _known(np.asarray(curve)[-LAST_RECORDINGS:])
    return _number(last.mean()) if len(last) else None


def _known(values: NDArray[Any]) -> NDArray[Any]:
    known: NDArray[Any] = values[~np.isnan(values)]
    return known


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _published_fit(config: RunConfig, curves: Columns) -> tuple[Values, Reasons]:
    first = config.parent.step
    steps = np.asarray(curves["step"])
    even = np.isin(steps, even_curve_steps(config.schedule, first))
    fit = published_rate(steps[even] - first, np.asarray(curves["active_units"])[even])
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


def _robust_fit(curves: Columns, first: int) -> tuple[Values, Reasons]:
    fit = robust_timescale(np.asarray(curves["step"]) - first, np.asarray(curves["active_units"]))
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


def _phases(config: RunConfig, curves: Columns) -> tuple[Values, Reasons]:
    phases = find_phases(
        *(
            np.asarray(curves[name])
            for name in ("step", "log10_normalized_loss", "active_fraction", "active_units")
        ),
        learned_before=bool(config.parent.run),
        least_learning=model_of(config).least_learning,
    )
    values = {
        "learning_end_step": phases.learning_end,
        "stationary_from_step": phases.stationary_from,
        "phases_rule": phases.rule,
    }
    return values, {f"{name}_step": why for name, why in phases.reasons.items()}


def _hessian_values(
    config: RunConfig, curves: Columns, snapshots: Columns
) -> tuple[Values, Reasons]:
    names = ("hessian_trace_ratio", "hessian_max_ratio", "positive_eigenvalue_fraction")
    if reason := model_of(config).no_loss:
        return dict.fromkeys(names), dict.fromkeys(names, reason)
    found = (
        _late_over_early(config, curves, "hessian_trace"),
        _late_over_early(config, curves, "hessian_largest"),
        _positive_fraction(config, snapshots),
    )
    values = {name: value for name, (value, _) in zip(names, found, strict=True)}
    return values, {name: why for name, (_, why) in zip(names, found, strict=True) if why}


def _late_over_early(config: RunConfig, curves: Columns, column: str) -> tuple[float | None, str]:
    """The published ratio of a measure of curvature, or why there is none."""
    if config.schedule.curve_spacing == "log":
        return None, "it is defined on evenly spaced recordings; these are logarithmic"
    steps = np.asarray(curves["step"])
    even = np.isin(steps, even_curve_steps(config.schedule, config.parent.step))
    if not even.any():
        return None, "nothing was recorded"
    steps, values = steps[even], np.asarray(curves[column])[even]
    early, late = (values[np.searchsorted(steps, at)] for at in first_and_last_tenth(steps))
    if np.isfinite(early).all() and np.isfinite(late).all() and early.mean() != 0:
        return float(late.mean() / early.mean()), ""
    if column == "hessian_largest" and not config.schedule.spectra:
        return None, NO_HESSIAN
    if column == "hessian_largest" and steps[-1] < config.schedule.steps:
        return None, "the run ended before the moments at which the largest eigenvalue is recorded"
    return None, "the Hessian was not a number, or started at 0"


def _positive_fraction(config: RunConfig, snapshots: Columns) -> tuple[float | None, str]:
    """Mean of the positive fraction in the last tenth of the run, or why there is none."""
    if not config.schedule.spectra:
        return None, NO_HESSIAN
    steps = np.asarray(snapshots["step"])
    if not len(steps):
        return None, "nothing was recorded"
    late = steps >= steps[-1] - 0.1 * (steps[-1] - steps[0])
    fractions, traces, notes = (
        np.asarray(snapshots[name])[late]
        for name in ("positive_eigenvalue_fraction", "hessian_trace", "hessian_note")
    )
    fractions = _known(fractions.astype(np.float64))
    if len(fractions):
        return float(fractions.mean()), ""
    noted = [note for note in notes[~np.isnan(traces)] if note is not None]
    if noted:
        return None, str(noted[-1])
    return None, "no eigenvalues were recorded in the last tenth of the run"
