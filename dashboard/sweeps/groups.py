"""Runs taken together: means over seeds, or over any column, with what spreads around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.base.evenly import evenly
from dashboard.sweeps.columns import CONFIGURATION
from dashboard.sweeps.selection import Mask
from dashboard.sweeps.table import SweepTable
from dashboard.urls import SweepView

FOLLOWS = ("seed", "schedule.hessian_limit")
"""Fields in which runs that differ in their seed alone may differ, too."""
MOST_MEANS = 2_000
_T_95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""97.5 % quantile of Student's t with 1, ..., 30 degrees of freedom."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of runs.

    Attributes
    ----------
    frame : a row a group that is drawn, at most 2,000, evenly chosen along x: `n` runs, mean `x`
        and `y`, `low` and `high` end of the band (NaN: one run has none), the first value of every
        column that the figure needs.
    by : the columns that runs of a group share.
    total : groups that there are; `alone`: those drawn that are of a single run.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    total: int
    alone: int


def group_by(table: SweepTable, view: SweepView) -> tuple[str, ...]:
    """The columns that runs of one group share in this view."""
    if view.group != "seeds":
        further = (view.colour, view.symbol, view.facet)
        return tuple(dict.fromkeys([view.group, *(c for c in further if c in table.groupable)]))
    return tuple(
        name
        for name, field in table.fields.items()
        if field.group == CONFIGURATION and name not in FOLLOWS
    )


def grouped(table: SweepTable, view: SweepView, mask: Mask) -> Groups:
    """The runs of `mask` in groups. On a logarithmic axis, means and bands of the logarithms."""
    by = group_by(table, view)
    needed = list(dict.fromkeys(filter(None, (*by, view.x, view.y, view.colour, view.symbol,
                                              view.facet))))  # fmt: skip
    rows = table.frame.loc[mask, needed]
    log_y = view.yscale == "log"
    y = np.log10(rows[view.y].astype(float)) if log_y else rows[view.y].astype(float)
    x = _numbers(table, rows, view.x)
    log_x = view.xscale == "log" and table.fields[view.x].numeric
    measured = rows.assign(_x=x, _seen=np.log10(x.where(x > 0)) if log_x else x, _y=y)
    keys: list[Any] = list(by) or [np.zeros(len(rows), np.int8)]
    found = measured.groupby(keys, observed=True, dropna=False, sort=True)
    firsts = found[[c for c in needed if c not in by]].first()
    frame = firsts.assign(
        n=found["_y"].size(), x=_mean_x(found, log_x), y=found["_y"].mean(), sd=found["_y"].std()
    ).reset_index()
    reach = frame["sd"]
    if view.mean == "ci":
        reach = reach * frame["n"].map(_t_95) / np.sqrt(frame["n"])
    ends = frame.assign(low=frame["y"] - reach, high=frame["y"] + reach)
    if log_y:
        ends[["y", "low", "high"]] = 10 ** ends[["y", "low", "high"]]
    ends = ends.sort_values("x", kind="stable", ignore_index=True)
    some = ends.iloc[evenly(len(ends), MOST_MEANS)]
    return Groups(some, by, len(ends), int((some["n"] == 1).sum()))


def _mean_x(found: Any, log: bool) -> pd.Series[float]:
    """Mean x of each group, of the logarithms if `log`; runs of one x are there to the last bit."""
    mean = found["_seen"].mean()
    return (10**mean if log else mean).clip(found["_x"].min(), found["_x"].max())


def _numbers(table: SweepTable, rows: pd.DataFrame, name: str) -> pd.Series[float]:
    """A column as positions on an axis; of categories their place."""
    column = rows[name]
    return column.astype(float) if table.fields[name].numeric else column.cat.codes.astype(float)


def _t_95(n: int) -> float:
    if n < 2:
        return float("nan")
    return _T_95[n - 2] if n - 2 < len(_T_95) else 1.96
