"""Rate maps made ready to be looked at: smoothed, scaled, sorted, set side by side.

Pure functions of arrays. Bytes stand for what is drawn: 0 is nothing (a silent unit, a place that
was never visited, a gap), 1 to 255 run from no activity to the unit's own peak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.base.evenly import evenly
from simulation.metrics.spatial import smooth_maps

Bytes = NDArray[np.uint8]
Maps = NDArray[np.float32]
Order = NDArray[np.int64]


@dataclass(frozen=True)
class MapTrack:
    """What the columns of a map are: `directions` runs of equally many bins, a ring or a track.

    directions is 0 where the columns are samples in no particular order.
    """

    directions: int
    circular: bool = False


def display_maps(maps: Maps, track: MapTrack) -> tuple[Maps, NDArray[np.float32]]:
    """Maps smoothed as published (s.d. 6 bins) and divided by each unit's own peak.

    Without a track there is nothing to smooth along.

    Returns
    -------
    maps : (H, K) from 0 to 1; NaN throughout for a silent unit.
    peaks : (H,), what they were divided by; NaN for a silent unit.
    """
    if track.directions:
        maps = smooth_maps(maps, directions=track.directions, circular=track.circular).astype(
            np.float32
        )
    peaks = np.where(np.isfinite(maps), maps, 0).max(axis=1, initial=0)
    peaks = np.where(peaks > 0, peaks, np.nan).astype(np.float32)
    return maps / peaks[:, None], peaks


def silent(shown: Maps) -> NDArray[np.bool_]:
    """Which units of display maps are silent: (H,)."""
    known = np.isfinite(shown).sum(axis=1)
    return np.asarray(known == 0, np.bool_)


def peak_order(shown: Maps) -> Order:
    """Units by the position of their peak, silent ones last; ties by index. (H,)"""
    peaks = np.where(np.isfinite(shown), shown, -1).argmax(axis=1)
    peaks[silent(shown)] = shown.shape[1]
    return np.argsort(peaks, kind="stable")


def to_bytes(shown: Maps) -> Bytes:
    """Display maps as bytes, NaN as 0."""
    return np.where(np.isfinite(shown), 1 + np.rint(shown * 254), 0).astype(np.uint8)


def fewer_columns(shown: Maps, limit: int) -> Maps:
    """Neighbouring columns averaged until at most `limit` are left; NaN only where all are."""
    step = -(-shown.shape[1] // limit)
    if step <= 1:
        return shown
    padding = -shown.shape[1] % step
    padded = np.pad(shown, ((0, 0), (0, padding)), constant_values=np.nan)
    parts = padded.reshape(len(shown), -1, step)
    known = np.isfinite(parts)
    counts = known.sum(axis=2)
    sums = np.where(known, parts, 0).sum(axis=2)
    return np.where(counts, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


@dataclass(frozen=True, eq=False)
class SortedGrid:
    """Maps at M moments (columns of blocks), each sorted by each of them (rows of blocks).

    Attributes
    ----------
    cells : bytes, blocks with gaps of zeros between them.
    row_units : the unit shown in each row of `cells`; -1 in a gap.
    row_centres, column_centres : index of the middle row (column) of each block.
    units : how many units a block shows; eligible : of how many.
    """

    cells: Bytes
    row_units: Order
    row_centres: list[float]
    column_centres: list[float]
    units: int
    eligible: int


def sorted_grid(
    moments: Sequence[Maps],
    *,
    always: bool = True,
    max_units: int = 120,
    max_columns: int = 100,
) -> SortedGrid:
    """The paper's square of sorted maps, as one picture.

    Row of blocks i holds the units in the order of their peaks at moment i, column of blocks j
    their maps at moment j; the diagonal is sorted by itself. Units are those active at all moments
    (`always`) or at any; of these at most `max_units`, evenly along the order of the last moment.
    """
    quiet = np.array([silent(maps) for maps in moments])
    active = np.asarray(~(quiet.any(axis=0) if always else quiet.all(axis=0)), np.bool_)
    order = peak_order(moments[-1])
    order = order[active[order]]
    chosen = np.sort(order[evenly(len(order), max_units)])
    pictures = [to_bytes(fewer_columns(maps[chosen], max_columns)) for maps in moments]
    orders = [peak_order(maps[chosen]) for maps in moments]
    height, width = pictures[0].shape
    gap_y, gap_x = -(-height // _GAP), -(-width // _GAP)
    span_y, span_x = height + gap_y, width + gap_x
    cells = np.zeros((span_y * len(moments) - gap_y, span_x * len(moments) - gap_x), np.uint8)
    row_units = np.full(len(cells), -1, np.int64)
    for i, rows in enumerate(orders):
        row_units[i * span_y : i * span_y + height] = chosen[rows]
        for j, picture in enumerate(pictures):
            cells[i * span_y : i * span_y + height, j * span_x : j * span_x + width] = picture[rows]
    return SortedGrid(
        cells=cells,
        row_units=row_units,
        row_centres=[i * span_y + (height - 1) / 2 for i in range(len(moments))],
        column_centres=[j * span_x + (width - 1) / 2 for j in range(len(moments))],
        units=len(chosen),
        eligible=int(active.sum()),
    )


_GAP = 18
"""A gap between blocks is this part of a block."""


def grid_moments(
    steps: Sequence[int], until: int, learned: int | None, count: int = 4
) -> list[int]:
    """`count` snapshots spread evenly from the end of learning (if known) to the cursor.

    Fewer if there are fewer snapshots in between; counted in snapshots, not in steps.
    """
    within = [step for step in steps if step <= until]
    after = [step for step in within if learned is None or step >= learned]
    candidates = after or within[-1:]
    return [int(candidates[index]) for index in evenly(len(candidates), count)]
