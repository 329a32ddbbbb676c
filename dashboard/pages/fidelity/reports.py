"""What the fidelity page shows: reports of the strata, and the words that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.base.words import minus
from dashboard.runs.store import RunStore
from simulation.analysis.published_table import published
from simulation.fidelity.report import StratumReport, report
from simulation.fidelity.strata import STRATA
from simulation.fidelity.stratum import LATE_CHANGES, LOSS, METRICS, RATE


@dataclass(frozen=True)
class MetricWords:
    """How a compared quantity is called, drawn and explained.

    Attributes
    ----------
    name : in a table; `axis`: on an axis, with its unit; `about`: one or two sentences.
    log : whether the axis is logarithmic.
    """

    name: str
    axis: str
    about: str
    log: bool = True


_LATE = "Largest minus smallest value over the second half of the run; 0: it stands still."
WORDS = {
    "active_units_ratio": MetricWords(
        "Active units",
        "share of active units, end over start",
        "A unit is active if at least one training sample drives it. The share of active units at "
        "the end of the run, over that at its start: 1 means that no unit fell silent.",
    ),
    "active_fraction_ratio": MetricWords(
        "Active fraction",
        "active fraction, end over start",
        "The share of all (unit, sample) pairs with activity, at the end over the start: how "
        "sparse the code became, by silent units and by selective ones.",
    ),
    "hessian_trace_ratio": MetricWords(
        "Hessian trace",
        "trace of the Hessian, end over start",
        "The trace of the loss's second derivatives measures how steep the valley is in which the "
        "weights lie. Mean over the last tenth of the run over the mean over the first: below 1 "
        "the run moved to a flatter place.",
    ),
    "positive_eigenvalue_fraction": MetricWords(
        "Positive eigenvalues",
        "share of positive eigenvalues at the end",
        "Directions in weight space along which the loss still curves upwards, as a share of all. "
        "A silent unit takes all of its directions out.",
    ),
    RATE: MetricWords(
        "Rate",
        "log₁₀ of the rate of falling silent (per step)",
        "How fast units fall silent: minus the slope of a straight line through the logarithm of "
        "the share of active units, as the paper fitted it. −5 means a time of 100,000 steps.",
        log=False,
    ),
    "final_log10_normalized_loss": MetricWords(
        "Final loss",
        "log₁₀(loss / variance of the targets) at the end",
        "How well the task is still performed at the end: 0 is what predicting the mean achieves.",
        log=False,
    ),
    LOSS: MetricWords(
        "Final loss",
        "log₁₀(loss) at the end",
        "How well the task is still performed at the end. In these simulations inputs and targets "
        "lie in [0, 1], and the published loss is the mean squared error itself, not divided by "
        "the variance of the targets. With label noise it was taken against the noisy targets, so "
        "the variance of that noise is part of both.",
        log=False,
    ),
    "late_change_active_units": MetricWords(
        "Active units, late", "change of the share of active units", _LATE, log=False
    ),
    "late_change_active_fraction": MetricWords(
        "Active fraction, late", "change of the active fraction", _LATE, log=False
    ),
}
assert set(WORDS) == {*METRICS, LOSS, *LATE_CHANGES}


def reports(store: RunStore) -> list[StratumReport]:
    """Every stratum with what the archive holds of it now."""
    state = ("fidelity", store.archive.state())
    return store.remember(state, lambda: report(store.archive, published(), STRATA))


def number(metric: str, value: float) -> str:
    """A value as it is said in tables and sentences."""
    if pd.isna(value):
        return "–"
    return f"{value:.3g}" if WORDS[metric].log else minus(value, 2)


def of_name(found: Sequence[StratumReport], name: str) -> StratumReport:
    """The report of the stratum of this name."""
    return next(about for about in found if about.stratum.name == name)
