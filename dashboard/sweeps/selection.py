"""Which runs a selection holds, and the selection in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.base.words import minus
from dashboard.sweeps.columns import Field, in_words
from dashboard.sweeps.table import SweepTable
from dashboard.urls.conditions import Condition, Contains, Lasso, Range, Values

Mask = NDArray[np.bool_]

_SLACK = 6e-7
"""How far from the end of a range a number still meets it, as a share of the end: ends are written
with seven digits, off by up to 5e-7, and points are drawn in single precision, off by 6e-8."""


def selected(table: SweepTable, conditions: Sequence[Condition]) -> Mask:
    """(runs,): all conditions hold. What is not known fulfils none."""
    mask = np.ones(len(table), np.bool_)
    for condition in conditions:
        mask &= fulfilled(table, condition)
    return mask


def finished(table: SweepTable) -> Mask:
    """(runs,): the run reached its end."""
    if "status" in table.frame:
        return np.asarray(table.frame["status"] == "finished", np.bool_)
    return np.full(len(table), table.constants.get("status", "finished") == "finished")


def fulfilled(table: SweepTable, condition: Condition) -> Mask:
    """(runs,): this one condition holds."""
    if isinstance(condition, Lasso):
        return _inside(condition, table.numbers(condition.x), table.numbers(condition.y))
    if isinstance(condition, Range):
        return within(table.numbers(condition.column), condition)
    mask = np.zeros(len(table), np.bool_)
    for texts in (table.texts(condition.column), table.said(condition.column)):
        if isinstance(condition, Values):
            mask |= np.asarray(texts.isin(condition.values), np.bool_)
        else:
            found = texts.str.contains(condition.text, case=False, regex=False, na=False)
            mask |= np.asarray(found, np.bool_)
    return mask


def within(values: NDArray[np.float64], condition: Range) -> Mask:
    """Numbers in a range. All that a bar or a brush covered is in the range it has written."""
    mask = np.isfinite(values)
    if condition.low is not None:
        mask &= values >= condition.low - _SLACK * abs(condition.low)
    if condition.high is not None:
        mask &= values <= condition.high + _SLACK * abs(condition.high)
    return mask


def _inside(lasso: Lasso, x: NDArray[np.float64], y: NDArray[np.float64]) -> Mask:
    """Even-odd rule along a line to the right, on the axes the lasso was drawn on."""
    corners = np.array(lasso.corners)
    with np.errstate(divide="ignore", invalid="ignore"):
        if lasso.logs[0]:
            x, corners[:, 0] = np.log10(x), np.log10(corners[:, 0])
        if lasso.logs[1]:
            y, corners[:, 1] = np.log10(y), np.log10(corners[:, 1])
    inside = np.zeros(len(x), np.bool_)
    with np.errstate(invalid="ignore"):
        for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if y0 == y1:
                continue
            crossed = (y0 > y) != (y1 > y)
            inside ^= crossed & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside & np.isfinite(x) & np.isfinite(y)


def condition_in_words(condition: Condition, fields: dict[str, Field]) -> str:
    """'update noise s from 0.01 to 0.03'."""
    if isinstance(condition, Lasso):
        x, y = (fields[name].in_sentence for name in (condition.x, condition.y))
        return f"within the line drawn on {x} and {y}"
    name = fields[condition.column].in_sentence
    if isinstance(condition, Values):
        plain = fields[condition.column].numeric or not fields[condition.column].on_axes
        named = [text if plain else in_words(text) for text in condition.values[:4]]
        more = len(condition.values) - len(named)
        return f"{name} {' or '.join(named)}" + (f" or {more} more" if more else "")
    if isinstance(condition, Contains):
        return f"{name} with “{condition.text}”"
    low, high = (None if end is None else number(end) for end in (condition.low, condition.high))
    if low is None:
        return f"{name} up to {high}"
    if high is None:
        return f"{name} from {low} on"
    return f"{name} {low}" if low == high else f"{name} from {low} to {high}"


def number(value: float) -> str:
    """About three significant digits: 0.0123, −5.4, 12,300."""
    if pd.isna(value):
        return "–"
    if abs(value) >= 1e4:
        return f"{float(f'{value:.3g}'):,.0f}".replace("-", "−")
    text = f"{value:.3g}"
    return text.replace("-", "−") if "e" in text else minus(value, _decimals(text))


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
