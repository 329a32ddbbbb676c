"""Fewer points than there are, where a screen could not tell them apart anyway."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 8_000
"""Points that a scatter draws."""
CELLS = (80, 50)
"""Cells across and up in which at least one point is kept, where that many are drawn."""


def cells_of(most: int) -> tuple[int, int]:
    """Cells across and up for `most` points: as many in proportion, at most half of the points."""
    finer = np.sqrt(most / MOST_POINTS)
    across, up = (max(1, int(cells * finer)) for cells in CELLS)
    return across, up


def thin(
    x: NDArray[np.float64], y: NDArray[np.float64], most: int = MOST_POINTS
) -> NDArray[np.intp]:
    """Places of the points to draw, ascending: all, or an even sample with no cell left empty.

    x, y: positions on the axes as they are drawn (logarithms of a logarithmic one); most: 1 or
    more. One point of each occupied cell of a grid stays, so outliers do; the others are taken at
    even distances along the cells, so density does.
    """
    if len(x) <= most:
        return np.arange(len(x))
    across, up = cells_of(most)
    cell = _cells(x, across) * up + _cells(y, up)
    order = np.argsort(cell, kind="stable")
    first = np.concatenate([[True], np.diff(cell[order]) > 0])
    rest = order[~first]
    even = np.linspace(0, len(rest) - 1, most - int(first.sum())).round().astype(np.intp)
    return np.sort(np.concatenate([order[first], rest[even]]))


def _cells(values: NDArray[np.float64], cells: int) -> NDArray[np.intp]:
    low, span = values.min(), np.ptp(values)
    share = (values - low) / span if span > 0 else np.zeros(len(values))
    return np.minimum((share * cells).astype(np.intp), cells - 1)
