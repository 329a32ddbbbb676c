"""Published simulations under the names of our columns, to be drawn over a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from dashboard.sweeps.columns import FIELDS, NOISE_KIND
from dashboard.sweeps.noise import noise_kind
from dashboard.sweeps.selection import within
from dashboard.sweeps.table import as_text
from dashboard.urls.conditions import Condition, Contains, Lasso, Range, Values
from simulation.analysis.published_table import SOURCE, published

CREDIT = f"DriftReg ({SOURCE}), Apache License 2.0"
COLUMNS = {
    "task": "task.kind",
    "n_samples": "task.n_samples",
    "input_dim": "task.input_dim",
    "output_dim": "task.output_dim",
    "init": "network.init",
    "rule": "rule.kind",
    "learning_rate": "rule.learning_rate",
    "steps": "schedule.steps",
    "update_noise_scale": "noise.update_scale",
    "label_noise_scale": "noise.label_scale",
}
"""Published column -> ours, where they are called differently."""


@cache
def published_runs() -> pd.DataFrame:
    """The published simulations, a row each, with the columns that ours have, too.

    Their label noise is the width of a uniform distribution, as ours is by default.
    """
    table = published().rename(columns=COLUMNS)
    kinds = noise_kind(table.assign(**{"noise.input_scale": 0.0}))
    return table[[name for name in table if name in FIELDS]].assign(**{NOISE_KIND.name: kinds})


@dataclass(frozen=True, eq=False)
class Overlay:
    """Published simulations to draw.

    Attributes
    ----------
    rows : they, with columns x and y.
    ignored : conditions of the selection on columns that were not published.
    """

    rows: pd.DataFrame
    ignored: tuple[Condition, ...]


def overlay(
    x: str, y: str, logs: tuple[bool, bool], conditions: Sequence[Condition]
) -> Overlay | None:
    """Those that have both columns and meet what can be asked of them; None: not published."""
    table = published_runs()
    if x not in table or y not in table:
        return None
    rows = table[table[x].notna() & table[y].notna()]
    for name, log in zip((x, y), logs, strict=True):
        rows = rows[rows[name] > 0] if log else rows
    ignored = []
    for condition in conditions:
        if isinstance(condition, Lasso) or condition.column not in rows:
            ignored.append(condition)
        else:
            rows = rows[_meets(rows[condition.column], condition)]
    return Overlay(rows, tuple(ignored))


def _meets(column: pd.Series, condition: Range | Values | Contains) -> pd.Series:
    if isinstance(condition, Range):
        return pd.Series(within(column.to_numpy(np.float64), condition), column.index)
    texts = as_text(column)
    if isinstance(condition, Values):
        return texts.isin(condition.values)
    return texts.str.contains(condition.text, case=False, regex=False, na=False)
