"""Tuning to position: rate maps and the information they carry.

Ratzon, Derdikman & Barak, eLife 12:RP90069, eq. 5. Places are bins of position, each direction
of travel on its own, so that a two-way track has 2 * `bins` places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.models.feedforward import Array
from simulation.tasks.dataset import FloatArray, Walk

BINS = 100
"""Equal bins of position along the track."""
TUNED_THRESHOLD_BITS = 0.01
"""A unit is tuned to position if its spatial information exceeds this."""
DISPLAY_STD_BINS = 6.0
"""Smoothing of displayed rate maps, as published."""


@dataclass(frozen=True, eq=False)
class Places:
    """The places of a walk, K = directions * bins_per_direction of them, direction by direction.

    Attributes
    ----------
    index : (T,), the place of each sample.
    occupancy : (K,), share of samples in each place; sums to 1.
    position : (K,), centre of the place's bin, in arena units.
    direction : (K,) int8, direction of travel.
    bins_per_direction : bins along the track.
    """

    index: NDArray[np.int64]
    occupancy: FloatArray
    position: FloatArray
    direction: NDArray[np.int8]
    bins_per_direction: int


def places(walk: Walk, bins: int = BINS) -> Places:
    """Divide the track of a walk into `bins` equal bins for each direction of travel."""
    share = walk.position / walk.track_length
    along = np.minimum((share * bins).astype(np.int64), bins - 1)
    index = walk.direction.astype(np.int64) * bins + along
    count = bins * walk.directions
    centres = (np.arange(bins) + 0.5) * walk.track_length / bins
    return Places(
        index=index,
        occupancy=np.bincount(index, minlength=count) / len(index),
        position=np.tile(centres, walk.directions),
        direction=np.repeat(np.arange(walk.directions, dtype=np.int8), bins),
        bins_per_direction=bins,
    )


def rate_maps(activity: Array, at: Places) -> NDArray[np.float32]:
    """Mean activity of each unit in each place: (H, K); NaN where the walk never came.

    Parameters
    ----------
    activity : (H, T), one column a sample of the walk.
    """
    visits = np.bincount(at.index, minlength=len(at.occupancy))
    starts = np.flatnonzero(np.diff(at.index, prepend=-1))  # long stretches if sorted by place
    stretches = np.add.reduceat(activity, starts, axis=1)
    sums = np.array([np.bincount(at.index[starts], row, len(visits)) for row in stretches])
    with np.errstate(invalid="ignore"):
        means = sums.reshape(len(activity), len(visits)) / visits
    return means.astype(np.float32)


def spatial_information(maps: Array, occupancy: FloatArray) -> FloatArray:
    """Spatial information of each unit (eq. 5), in bits: (H,).

    SI = sum_i p_i (r_i / rbar) log2(r_i / rbar), with rbar = sum_i p_i r_i. Places of zero rate
    add nothing. A silent unit has none: NaN. A uniform map has 0 bits; all activity in one of K
    equally visited places is log2(K) bits. The scale of a map does not matter.

    Parameters
    ----------
    maps : (H, K) rate maps, none of them negative; NaN where `occupancy` is 0.
    occupancy : (K,) probabilities.
    """
    visited = occupancy > 0
    rates, shares = maps[:, visited].astype(np.float64), occupancy[visited]
    mean_rate = rates @ shares
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = rates / mean_rate[:, None]
        bits = np.where(relative > 0, relative * np.log2(relative), 0.0) @ shares
    return np.where(mean_rate > 0, np.maximum(bits, 0.0), np.nan)


def tuned_units(information: FloatArray) -> NDArray[np.bool_]:
    """For each unit, whether its spatial information marks it as tuned to position: (H,)."""
    return information > TUNED_THRESHOLD_BITS


def mean_spatial_information(information: FloatArray) -> float:
    """Mean spatial information over tuned units, in bits; NaN where no unit is tuned."""
    tuned = information[tuned_units(information)]
    return float(tuned.mean()) if len(tuned) else np.nan


def smooth_maps(
    maps: Array,
    std_bins: float = DISPLAY_STD_BINS,
    *,
    directions: int = 1,
    circular: bool = False,
) -> FloatArray:
    """Rate maps smoothed along the track for display: (H, K).

    A Gaussian-weighted mean over the visited places of the same direction; places that were
    never visited are filled in from their neighbours.

    Parameters
    ----------
    directions : directions of travel in `maps`, which are smoothed separately.
    circular : whether the two ends of the track are the same place.
    """
    bins = maps.shape[1] // directions
    distance = np.abs(np.arange(bins)[:, None] - np.arange(bins))
    if circular:
        distance = np.minimum(distance, bins - distance)
    kernel = np.exp(-0.5 * (distance / std_bins) ** 2)
    by_direction = maps.reshape(len(maps), directions, bins)
    visited = np.isfinite(by_direction)
    sums = np.where(visited, by_direction, 0.0) @ kernel
    with np.errstate(invalid="ignore"):
        smooth: FloatArray = sums / (visited @ kernel)
    return smooth.reshape(maps.shape)
