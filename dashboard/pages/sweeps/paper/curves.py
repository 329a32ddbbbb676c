"""The curves of many runs at once: as one line with gaps, and their mean over a common time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GRID = 100
"""Moments at which the mean is taken."""
MOST_AVERAGED = 5_000
"""Of more runs, the mean is taken over this many."""
MOST_LINES = 1_000
"""Of more curves this many are drawn: a crowd looks the same, and a page stays quick to draw."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class CurveQuantity:
    """A quantity whose curve the index may keep of every run.

    Attributes
    ----------
    column : of the runs table; `name`, `axis` and `relative_axis` (once normalised to the first
        value) are what a reader sees.
    is_log : the values are logarithms: to normalise is to subtract.
    """

    column: str
    name: str
    axis: str
    relative_axis: str
    is_log: bool = False


CURVES = {
    "units": CurveQuantity(
        "thumbnail_active_units",
        "active units",
        "share of active units",
        "share of active units, over the first",
    ),
    "fraction": CurveQuantity(
        "thumbnail_active_fraction",
        "active fraction",
        "active share of (unit, sample) pairs",
        "active fraction, over the first",
    ),
    "loss": CurveQuantity(
        "thumbnail_loss",
        "loss",
        "log<sub>10</sub>(loss / variance)",
        "log<sub>10</sub>(loss / first loss)",
        is_log=True,
    ),
    "bits": CurveQuantity(
        "thumbnail_spatial_information",
        "spatial information",
        "mean spatial information (bits)",
        "spatial information, over the first",
    ),
}


@dataclass(frozen=True, eq=False)
class Bundle:
    """Curves of runs end to end.

    Attributes
    ----------
    run_ids : (R,).
    starts : (R + 1,), where each curve starts in the flat arrays, and where the last one ends.
    steps, values : (P,), all curves, one after the other.
    """

    run_ids: list[str]
    starts: NDArray[np.int64]
    steps: Values
    values: Values

    def __len__(self) -> int:
        return len(self.run_ids)

    def curve(self, index: int) -> slice:
        return slice(self.starts[index], self.starts[index + 1])

    def some(self, chosen: NDArray[np.intp]) -> Bundle:
        """The curves at these places, in this order."""
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        points = np.arange(starts[-1]) + np.repeat(self.starts[chosen] - starts[:-1], lengths)
        run_ids = [self.run_ids[index] for index in chosen]
        return Bundle(run_ids, starts, self.steps[points], self.values[points])

    def without_flat_points(self) -> Bundle:
        """The same curves without points between two of the same value: no line changes."""
        inner = np.ones(len(self.values), np.bool_)
        inner[self.starts[:-1]] = inner[self.starts[1:] - 1] = False
        flat = np.diff(self.values, prepend=np.nan) == 0
        kept = ~(inner & flat & np.append(flat[1:], False))
        before = np.concatenate([[0], np.cumsum(kept)])
        return Bundle(self.run_ids, before[self.starts], self.steps[kept], self.values[kept])


def bundle(thumbnails: pd.DataFrame, quantity: CurveQuantity, normalised: bool) -> Bundle:
    """The curves of one quantity, values that are no numbers taken out.

    Runs without any are left out; so are runs whose first value is 0, where it is divided by.

    Parameters
    ----------
    thumbnails : run_id, thumbnail_step and the quantity's column.
    """
    run_ids, steps, values = [], [], []
    columns = (thumbnails[name] for name in ("run_id", "thumbnail_step", quantity.column))
    for run_id, own_steps, own_values in zip(*columns, strict=True):
        if own_values is None or own_steps is None:
            continue
        curve = np.asarray(own_values, np.float64)
        known = np.isfinite(curve)
        curve = curve[known]
        if not len(curve) or (normalised and not quantity.is_log and curve[0] == 0):
            continue
        if normalised:
            curve = curve - curve[0] if quantity.is_log else curve / curve[0]
        run_ids.append(str(run_id))
        steps.append(np.asarray(own_steps, np.float64)[known])
        values.append(curve)
    lengths = [len(curve) for curve in values]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    empty = [np.empty(0)]
    return Bundle(run_ids, starts, np.concatenate(steps or empty), np.concatenate(values or empty))


def relative_time(curves: Bundle) -> Bundle:
    """The same curves over the share of their own run that has passed, 0 to 1."""
    first, last = curves.steps[curves.starts[:-1]], curves.steps[curves.starts[1:] - 1]
    lengths = np.diff(curves.starts)
    span = np.repeat(np.maximum(last - first, 1), lengths)
    steps = (curves.steps - np.repeat(first, lengths)) / span
    return Bundle(curves.run_ids, curves.starts, steps, curves.values)


@dataclass(frozen=True, eq=False)
class MeanCurve:
    """The mean over runs at `places` (G,) along the axis, with the standard deviation.

    `n` runs have a value there; `sd` is NaN where fewer than two do.
    """

    places: Values
    mean: Values
    sd: Values
    n: NDArray[np.int64]


def mean_curve(curves: Bundle, places: Values) -> MeanCurve:
    """Mean over the curves at even places, each curve read between its points along the axis.

    Where a curve has not begun or has ended it does not count.

    Parameters
    ----------
    places : (P,), where the curves' points lie along the axis as it is drawn.
    """
    grid = np.linspace(places.min(), places.max(), GRID)
    read = np.array(
        [
            np.interp(grid, places[own], curves.values[own], left=np.nan, right=np.nan)
            for own in map(curves.curve, range(len(curves)))
        ]
    )
    there = np.isfinite(read)
    n = there.sum(axis=0)
    mean = np.divide(
        np.where(there, read, 0).sum(axis=0), n, out=np.full(GRID, np.nan), where=n > 0
    )
    squares = np.where(there, (read - mean) ** 2, 0).sum(axis=0)
    sd = np.sqrt(np.divide(squares, n - 1, out=np.full(GRID, np.nan), where=n > 1))
    return MeanCurve(grid, mean, sd, n)


def with_gaps(curves: Bundle, values: Values) -> NDArray[np.float32]:
    """`values` (P,) of all curves as one line: a NaN after each, so that nothing joins them.

    Rounded to eleven binary digits (0.05 %), which nobody sees and which packs well.
    """
    gaps = np.insert(values, curves.starts[1:], np.nan).astype(np.float32)
    bits = gaps.view(np.uint32)
    rounded = ((bits + np.uint32(0x1000)) & np.uint32(0xFFFFE000)).view(np.float32)
    return np.where(np.isnan(gaps), np.float32(np.nan), rounded)
