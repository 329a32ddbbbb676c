"""The view of a collection that a link without a query shows: what was swept, against what came."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dashboard.sweeps.columns import CONFIGURATION, RESULT
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
_WIDE = 8.0
"""Largest over smallest value from which a logarithmic axis is the better one."""
_ENOUGH = 0.3
"""Share of runs that have to be positive for that, or known for a column to be shown first."""


def standard_view(table: SweepTable) -> SweepView:
    """The first view of a collection. It needs two columns that vary."""
    axes = table.columns.axes
    x = _first([name for name in table.swept if name in table.columns.numbers], axes)
    results = [name for name in _RESULTS if name in axes and _known(table, name)]
    others = [name for name in axes if table.fields[name].group == RESULT]
    y = _first([*results, *others], [name for name in axes if name != x] or axes)
    xscale = _scale(table, x)
    single_rule = "rule.kind" in table.constants
    fit = "power" if (x, y) in THEORY and xscale == "log" and single_rule else "none"
    return SweepView(
        x=x,
        y=y,
        colour=_colour(table, x),
        xscale=xscale,
        yscale="linear" if y in axes and table.fields[y].is_logarithm else _scale(table, y),
        fit=fit,
        axes=",".join([*_parameters(table)[:4], *results[:3]][:7] or axes[:3]),
        table=",".join(_listed(table, results)),
    )


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
    return [name for name in table.swept if table.counts.get(name, 0) > 1]


def _colour(table: SweepTable, x: str) -> str:
    """The rule where it varies, else the next field that was swept."""
    swept = [name for name in table.swept if name != x]
    return _first([name for name in ("rule.kind",) if name in swept], swept)


def _listed(table: SweepTable, results: list[str]) -> list[str]:
    start = ["name"] if "name" in table.fields else ["run_id"]
    end = ["status"] if "status" in table.fields else []
    seed = ["seed"] if "seed" in table.fields else []
    fields = [n for n in _parameters(table)[:5] if table.fields[n].group == CONFIGURATION]
    return [*start, *fields, *seed, *results, *end]
