"""How far centroids of tuning have moved after how long, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.analysis.drift_summary import shifts_of
from simulation.archive import Run
from simulation.metrics.centroids import Shifts, track_of

LAG_BINS = 30
FEWEST_PAIRS = 8
"""Pairs of moments behind a point; with fewer, the units' common jitter hides the rest."""
FEWEST_MOMENTS = 3
NO_POSITION = "This task has no position: its samples come in no order along a track."


@dataclass(frozen=True, eq=False)
class DriftCurve:
    """Mean squared shift of centroids against lag.

    Attributes
    ----------
    lags, mean_squared : at most 30 of them, ascending; steps, and the square of the unit of
        positions.
    since : first step that counts; null drift where there is any.
    ceiling : mean squared shift of centroids that have forgotten where they were.
    """

    lags: NDArray[np.float64]
    mean_squared: NDArray[np.float64]
    since: int
    ceiling: float


@dataclass(frozen=True)
class DiffusionLine:
    """offset + 2 D lag, as fitted up to `longest_lag`; D with its 95 % interval."""

    constant: float
    low: float
    high: float
    offset: float
    longest_lag: int

    def at(self, lags: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.offset + 2 * self.constant * lags


def drift_curve(run: Run) -> DriftCurve | str:
    """The curve of an ended run, or why there is none."""
    track = track_of(run.config.task)
    if track is None:
        return NO_POSITION
    if run.status.in_progress:
        return "Drift is measured once the run has ended."
    rows = run.centroids()
    since = run.record["stationary_from_step"]
    since = int(rows["step"].min()) if since is None and len(rows) else since
    rows = rows[rows["step"] >= since]
    if rows["step"].nunique() < FEWEST_MOMENTS:
        return "Too few centroids of tuning were recorded in this run to follow them."
    lags, means = _by_lag(shifts_of(rows["step"], rows["source"], rows["centroids"], track))
    return DriftCurve(lags, means, int(since), track.largest_mean_squared_shift)


def _by_lag(shifts: Shifts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean lag and mean shift in bins that are even on a log axis."""
    lag, shift = (shifts.step_b - shifts.step_a).astype(np.float64), shifts.mean_squared
    known = np.isfinite(shift) & (shift > 0)
    lag, shift = lag[known], shift[known]
    if not len(lag):
        return lag, shift
    edges = np.geomspace(lag.min(), lag.max() * 1.000001, LAG_BINS + 1)
    place = np.digitize(lag, edges) - 1
    counts = np.bincount(place, minlength=LAG_BINS)
    there = counts >= min(FEWEST_PAIRS, counts.max())
    sums = (np.bincount(place, values, LAG_BINS) for values in (lag, shift))
    lags, means = (total[there] / counts[there] for total in sums)
    return lags, means


def diffusion_line(record: Mapping[str, Any]) -> DiffusionLine | None:
    """The fitted line; None where no diffusion constant is known."""
    names = ("centroid_diffusion", *(f"centroid_diffusion_{part}" for part in _PARTS))
    values = [record.get(name) for name in names]
    if any(value is None or value != value for value in values):
        return None
    return DiffusionLine(*values)  # type: ignore[arg-type]


_PARTS = ("low", "high", "offset", "lag")
