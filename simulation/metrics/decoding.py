"""How well position can be read from the hidden layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.metrics.spatial import places
from simulation.models.feedforward import Array
from simulation.tasks.dataset import FloatArray, Walk

FOLDS = 5
"""Contiguous parts of the walk; each is decoded with the templates of the other four."""


def position_error(activity: Array, walk: Walk) -> float:
    """Mean distance between true and decoded position, cross-validated, in arena units.

    A sample is decoded as the centre of the place (100 bins for each direction of travel) whose
    mean activity is nearest to the sample's, in Euclidean distance. The mean activities come
    from the other folds; folds are contiguous stretches of the walk, so that neighbouring
    samples do not help. On a circular track distance goes the short way round. Deterministic.

    Parameters
    ----------
    activity : (H, T), one column a sample of the walk.

    Returns
    -------
    Arena units. NaN where nothing can be decoded: all activity is 0, or the walk has fewer
    samples than folds. A perfect one-place code gives a quarter of a bin; guessing at random
    gives a third of the track (a quarter if circular).
    """
    samples = activity.shape[1]
    if samples < FOLDS or not (np.abs(activity) > 0).any():
        return np.nan
    at = places(walk)
    fold = np.arange(samples) * FOLDS // samples
    sums, visits = _sums_by_fold(activity, fold, at.index, len(at.occupancy))
    decoded = np.empty(samples)
    for held_out in range(FOLDS):
        others = np.arange(FOLDS) != held_out
        counts = visits[others].sum(axis=0)
        visited = np.flatnonzero(counts)
        templates = sums[:, others].sum(axis=1)[:, visited] / counts[visited]
        test = fold == held_out
        decoded[test] = at.position[visited[_nearest(activity[:, test], templates)]]
    return float(_distance(decoded, walk).mean())


def _sums_by_fold(
    activity: Array, fold: NDArray[np.int64], place: NDArray[np.int64], count: int
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Summed activity (H, folds, K) and visits (folds, K), for each fold and place."""
    cell, shape = fold * count + place, (FOLDS, count)
    cells = FOLDS * count
    sums = [np.bincount(cell, row, cells).reshape(shape) for row in activity]
    return np.array(sums), np.bincount(cell, minlength=cells).reshape(shape)


def _nearest(activity: Array, templates: Array) -> NDArray[np.int64]:
    """For each column of `activity` the column of `templates` nearest to it."""
    similarity = activity.T @ templates
    nearest: NDArray[np.int64] = np.argmax(similarity - 0.5 * np.sum(templates**2, axis=0), axis=1)
    return nearest


def _distance(decoded: FloatArray, walk: Walk) -> FloatArray:
    apart = np.abs(decoded - walk.position)
    return np.minimum(apart, walk.track_length - apart) if walk.circular else apart
