"""The view of a collection that a link without a query shows: what was swept, against what came."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dashboard.sweeps.columns import CONFIGURATION, NOISE_KIND, RESULT
from dashboard.sweeps.selection import finished
from dashboard.sweeps.table import SweepTable
from dashboard.sweeps.trends import THEORY
from dashboard.urls import SweepView

_RESULTS = (
    "log10_sparsification_rate",
    "active_units_final",
    "active_fraction_final",
    "positive_eigenvalue_fraction",
    "final_log10_normalized_loss",
)
_APART = ("active_units_ratio", "active_fraction_ratio")
"""Where units fall silent, the active fraction falls with them; where they stay and get choosier,
it falls alone."""
_MOST = 0.75
_FEW = 4
_WIDE = 8.0
"""Largest over smallest value from which a logarithmic axis is the better one."""
_ENOUGH = 0.6
"""Share of runs that have to be positive for that, or known for a column to be shown first."""


def standard_view(table: SweepTable) -> SweepView:
    """The first view of a collection. It needs two columns that vary."""
    axes = table.columns.axes
    results = [name for name in _RESULTS if name in axes and _known(table, name)]
    x, y = _kinds_apart(table) or _against_setting(table, results)
    xscale = _scale(table, x)
    single_rule = "rule.kind" in table.constants
    fit = "power" if (x, y) in THEORY and xscale == "log" and single_rule else "none"
    colour = _colour(table, x)
    return SweepView(
        x=x,
        y=y,
        colour=colour,
        xscale=xscale,
        yscale=_scale(table, y),
        fit=fit,
        fitby="all" if fit == "none" or not _names_few(table, colour) else "colour",
        axes=",".join([*_parameters(table)[:4], *results[:3]][:7] or axes[:3]),
        table=",".join(_listed(table, results)),
    )


def _kinds_apart(table: SweepTable) -> tuple[str, str] | None:
    """What tells kinds of noise apart, where no single kind has most of the runs."""
    if NOISE_KIND.name not in table.fields or not all(
        name in table.fields and _known(table, name) for name in _APART
    ):
        return None
    shares = table.frame[NOISE_KIND.name].value_counts(normalize=True)
    return _APART if shares.max() <= _MOST else None


def _against_setting(table: SweepTable, results: list[str]) -> tuple[str, str]:
    """The first result against the first setting with more than two values; step sizes last."""
    axes = table.columns.axes
    settings = [name for name in table.swept if name in table.columns.numbers]
    settings.sort(key=lambda name: (table.counts[name] < 3, name == "rule.learning_rate"))
    x = _first(settings, axes)
    others = [name for name in axes if table.fields[name].group == RESULT]
    return x, _first([*results, *others], [name for name in axes if name != x] or axes)


def _names_few(table: SweepTable, colour: str) -> bool:
    """Whether points have few colours by name: then runs of each may lie on a line of their own."""
    return bool(colour) and not table.fields[colour].numeric and table.counts[colour] <= _FEW


def _first(preferred: Iterable[str], fallback: Iterable[str]) -> str:
    return next(iter([*preferred, *fallback]), "")


def _known(table: SweepTable, name: str) -> bool:
    return float(table.frame[name].notna().mean()) >= _ENOUGH and table.counts[name] > 1


def _scale(table: SweepTable, name: str) -> str:
    """Logarithmic where none is negative, enough are positive, and these differ widely."""
    if name not in table.columns.numbers or table.fields[name].is_logarithm:
        return "linear"
    values = table.numbers(name)[finished(table)]
    values = values[np.isfinite(values)]
    positive = values[values > 0]
    if not len(positive) or len(positive) < _ENOUGH * len(values) or (values < 0).any():
        return "linear"
    return "log" if positive.max() / positive.min() >= _WIDE else "linear"


def _parameters(table: SweepTable) -> list[str]:
    kinds = [NOISE_KIND.name] if NOISE_KIND.name in table.fields else []
    return [*kinds, *(name for name in table.swept if table.counts.get(name, 0) > 1)]


def _colour(table: SweepTable, x: str) -> str:
    """The kind of noise, the rule or the task where they vary, else the next field swept."""
    swept = [name for name in _parameters(table) if name != x]
    named = (NOISE_KIND.name, "rule.kind", "task.kind")
    return _first([name for name in named if name in swept], swept)


def _listed(table: SweepTable, results: list[str]) -> list[str]:
    start = ["name"] if "name" in table.fields else ["run_id"]
    end = ["status"] if "status" in table.fields else []
    few_seeds = table.counts.get("seed", 0) <= len(table) / 2  # else they are drawn, too
    seed = ["seed"] if "seed" in table.fields and few_seeds else []
    fields = [n for n in _parameters(table)[:5] if table.fields[n].group == CONFIGURATION]
    return [*start, *fields, *seed, *results, *end]
