"""Where along the track each unit responds, as one number, and how far it has moved.

Qin et al., Nature Neuroscience 26, 2023, follow the centroids of receptive fields, whose drift is
a random walk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.config.tasks import (
    AbstractPredictiveTask,
    CorridorTask,
    GridToPlaceTask,
    RingTask,
    Task,
)
from simulation.metrics.spatial import Places
from simulation.models.feedforward import Array
from simulation.tasks.abstract_predictive import RING_LENGTH
from simulation.tasks.dataset import FloatArray

NO_DIRECTION = 1e-6
"""A map round a ring has no centroid where its mean vector is shorter than this, of 1."""


@dataclass(frozen=True)
class Track:
    """What positions are: from 0 to `length`, in arena units; the same place if `circular`."""

    length: float
    circular: bool

    @property
    def largest_mean_squared_shift(self) -> float:
        """Of two independent positions, evenly spread: length^2 / 12 round a ring, else / 6."""
        return self.length**2 / (12 if self.circular else 6)


def track_of(task: Task) -> Track | None:
    """The track that a task's positions lie on; None without a position."""
    match task:
        case CorridorTask():
            return Track(task.length_y, circular=False)
        case AbstractPredictiveTask():
            return Track(RING_LENGTH, circular=True)
        case RingTask():
            return Track(2 * np.pi, circular=True)
        case GridToPlaceTask():
            return Track(1.0, circular=False)
    return None


def centroids(maps: Array, at: Places, track: Track) -> FloatArray:
    """Centre of mass of each rate map, for each direction of travel: (H, directions).

    Along a track sum_i r_i x_i / sum_i r_i, with rates r_i at positions x_i; round a ring the angle
    of sum_i r_i exp(2 pi i x_i / length), as a position in [0, length). Places never visited and
    negative rates count as nothing. NaN for a silent unit, and for a map round a ring that favours
    no direction.

    Parameters
    ----------
    maps : (H, K) rate maps in the places `at`.
    """
    bins = at.bins_per_direction
    rates = np.maximum(np.nan_to_num(maps.astype(np.float64)), 0).reshape(len(maps), -1, bins)
    totals = rates.sum(axis=2)
    position = at.position[:bins]
    with np.errstate(invalid="ignore"):
        if not track.circular:
            mean: FloatArray = rates @ position / totals
            return mean
        turn = np.exp(2j * np.pi * position / track.length)
        mean = rates @ turn / totals
    share = np.angle(mean) / (2 * np.pi) % 1
    return np.where(np.abs(mean) > NO_DIRECTION, share * track.length, np.nan)


@dataclass(frozen=True, eq=False)
class Shifts:
    """How far centroids are apart between every two of S moments, P = S (S - 1) / 2 pairs.

    Attributes
    ----------
    step_a, step_b : (P,), step_a < step_b.
    mean_squared : (P,), in arena units^2; NaN where no unit is tuned at both moments.
    """

    step_a: NDArray[np.int64]
    step_b: NDArray[np.int64]
    mean_squared: FloatArray


def squared_shifts(steps: NDArray[np.int64], centroids: Array, track: Track) -> Shifts:
    """Mean over units of the squared distance between their centroids at every two moments.

    The short way round on a ring. A unit counts where it is tuned at both moments, so units that
    lost their tuning in between, or got it then, do not.

    Parameters
    ----------
    steps : (S,), ascending.
    centroids : (S, ...), of any number of units and directions; NaN: not tuned.
    """
    flat = centroids.reshape(len(steps), -1).astype(np.float64)
    first, second = np.triu_indices(len(steps), 1)
    rows = [_mean_squares(flat[moment + 1 :], flat[moment], track) for moment in range(len(steps))]
    return Shifts(steps[first], steps[second], np.concatenate([np.empty(0), *rows]))


def _mean_squares(later: FloatArray, now: FloatArray, track: Track) -> FloatArray:
    """For each row of `later`, the mean squared distance to `now` over what both have."""
    shift = np.abs(later - now)
    if track.circular:
        shift = np.minimum(shift, track.length - shift)
    known = np.isfinite(shift)
    with np.errstate(invalid="ignore"):
        mean: FloatArray = np.where(known, np.square(shift), 0).sum(axis=1) / known.sum(axis=1)
    return mean
