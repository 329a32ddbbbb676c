"""How fast tuning wanders: the diffusion constant of centroids, from their mean squared shift.

A random walk in one dimension has <shift^2> = 2 D lag, which defines the diffusion constant D, in
arena units^2 a step. Centroids jitter around their walk as well, which adds a constant, and cannot
move further than the track is long, which ends the growth: what is fitted is
offset + 2 D lag, at lags before the shift comes near its ceiling. The ends of a track that is not
a ring hold centroids back even then: D comes out low by about a tenth. Where units differ in
speed, or the fast ones lose their tuning sooner, D falls with the lags it is fitted to; they are
part of the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulation.tasks.dataset import FloatArray

FEWEST_IN_WINDOW = 4
"""Snapshots of a window, on average."""
FEWEST_LAGS = 3
LAG_BINS = 24
FEWEST_WINDOWS = 3
MOST_WINDOWS = 12
SATURATED_SHARE = 1 / 3
"""Lags count while the mean squared shift is below this share of its ceiling: a wrapped normal of
that width still has 98 % of its own variance."""
T_975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201)
"""97.5 % points of Student's t with 1, 2, ... degrees of freedom."""

RULE = (
    "Snapshots of null drift are divided into windows that follow each other; in each, "
    "offset + 2 D lag is fitted to the mean squared shift of the centroids of units tuned at both "
    "moments. D is the mean over windows, with the 95 % interval of that mean."
)


@dataclass(frozen=True)
class DiffusionFit:
    """The diffusion constant D in arena units^2 a step, if the snapshots support one.

    Attributes
    ----------
    constant : D; None if unknown.
    low, high : ends of its 95 % interval; low may be negative, as D may have come out.
    offset : fitted mean squared shift at lag 0, in arena units^2.
    longest_lag : longest lag that was fitted, in steps.
    windows : how many stretches of the run it was measured in.
    reason : why constant is None.
    """

    constant: float | None
    low: float | None = None
    high: float | None = None
    offset: float | None = None
    longest_lag: int | None = None
    windows: int = 0
    reason: str = ""


def diffusion_constant(
    step_a: NDArray[np.integer],
    step_b: NDArray[np.integer],
    squared_shift: FloatArray,
    *,
    stationary_from: int | None,
    ceiling: float,
) -> DiffusionFit:
    """Fit D by `RULE`.

    Parameters
    ----------
    step_a, step_b : (P,) steps of pairs of snapshots, step_a < step_b; other pairs are left out.
    squared_shift : (P,), mean squared shift of centroids in arena units^2; NaN: unknown.
    stationary_from : first step of null drift; None if there is none.
    ceiling : mean squared shift of centroids that have forgotten where they were.
    """
    if stationary_from is None:
        return DiffusionFit(None, reason="the statistics of activity never became stationary")
    use = (step_a >= stationary_from) & (step_a < step_b) & np.isfinite(squared_shift)
    a, b, shift = step_a[use], step_b[use], squared_shift[use]
    if not len(a):
        return DiffusionFit(None, reason="no two snapshots of null drift have a known shift")
    longest = _longest_lag(b - a, shift, SATURATED_SHARE * ceiling)
    near = b - a <= longest
    if len(np.unique((b - a)[near])) < FEWEST_LAGS:
        return DiffusionFit(None, reason="fields move too far from one snapshot to the next")
    a, b, shift = a[near], b[near], shift[near]
    windows = _windows(np.unique(np.concatenate([a, b])))
    if len(windows) < FEWEST_WINDOWS:
        return DiffusionFit(None, reason="too few snapshots of null drift")
    inside = [(a >= first) & (b <= last) for first, last in windows]
    lines = [_line((b - a)[part], shift[part]) for part in inside]
    slopes, offsets = np.array(lines).T / np.array([[2], [1]])
    half = T_975[len(slopes) - 2] * slopes.std(ddof=1) / np.sqrt(len(slopes))
    return DiffusionFit(
        constant=float(slopes.mean()),
        low=float(slopes.mean() - half),
        high=float(slopes.mean() + half),
        offset=float(offsets.mean()),
        longest_lag=int(max((b - a)[part].max() for part in inside)),
        windows=len(slopes),
    )


def _longest_lag(lag: NDArray[np.integer], shift: FloatArray, limit: float) -> float:
    """The lag at which the mean shift, in bins of lag, first exceeds `limit`; else the longest."""
    edges = np.geomspace(lag.min(), lag.max() + 1, LAG_BINS + 1)
    place = np.digitize(lag, edges) - 1
    with np.errstate(invalid="ignore"):
        means = np.bincount(place, shift) / np.bincount(place)
    above = np.flatnonzero(means > limit)
    return float(edges[above[0]] if len(above) else edges[-1])


def _windows(steps: NDArray[np.integer]) -> list[tuple[int, int]]:
    """Stretches of the run with enough snapshots in each, equally long, sharing at most ends."""
    count = min(MOST_WINDOWS, (len(steps) - 1) // (FEWEST_IN_WINDOW - 1))
    edges = np.linspace(steps[0], steps[-1], count + 1)
    inside = [steps[(steps >= low) & (steps <= high)] for low, high in pairwise(edges)]
    return [(int(part[0]), int(part[-1])) for part in inside if len(part) >= FEWEST_LAGS]


def _line(lag: NDArray[np.integer], shift: FloatArray) -> tuple[float, float]:
    """Slope and offset of the straight line through the shifts, weighted by 1 / lag."""
    slope, offset = np.polyfit(lag, shift, 1, w=1 / np.sqrt(lag))
    return float(slope), float(offset)
