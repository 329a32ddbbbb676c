"""How alike the population's tuning is at two moments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.models.feedforward import Array
from simulation.tasks.dataset import FloatArray


def rate_map_correlation(
    maps_a: Array, maps_b: Array, tuned_a: NDArray[np.bool_], tuned_b: NDArray[np.bool_]
) -> float:
    """Mean Pearson correlation between the two rate maps of each unit tuned at both moments.

    Parameters
    ----------
    maps_a, maps_b : (H, K) rate maps; places that are NaN in either are left out.
    tuned_a, tuned_b : (H,).

    Returns
    -------
    The mean r over units tuned at both; NaN where there is none. A unit whose map is constant
    has no r and is left out.
    """
    both = tuned_a & tuned_b
    return _mean_of_finite(_row_correlations(*_shared_places(maps_a[both], maps_b[both])))


def population_vector_correlation(maps_a: Array, maps_b: Array) -> float:
    """Mean over places of the Pearson correlation, across units, of activity at two moments.

    Units whose activity is 0 everywhere at both moments are left out: how many there are says
    nothing about tuning. Places that are NaN in either map, or where either population is
    constant, are left out too; NaN where no place remains.
    """
    rates_a, rates_b = _shared_places(maps_a, maps_b)
    ever = (rates_a != 0).any(axis=1) | (rates_b != 0).any(axis=1)
    return _mean_of_finite(_row_correlations(rates_a[ever].T, rates_b[ever].T))


def _shared_places(maps_a: Array, maps_b: Array) -> tuple[FloatArray, FloatArray]:
    """The columns that are known in both maps of every unit, in float64."""
    known = (np.isfinite(maps_a) & np.isfinite(maps_b)).all(axis=0)
    return maps_a[:, known].astype(np.float64), maps_b[:, known].astype(np.float64)


def _row_correlations(rows_a: FloatArray, rows_b: FloatArray) -> FloatArray:
    """Pearson r of each row of one array with the same row of the other; NaN if one is flat."""
    if rows_a.size == 0:
        return np.empty(0)
    a, b = _standardised(rows_a), _standardised(rows_b)
    correlations: FloatArray = np.clip(np.einsum("ij,ij->i", a, b), -1, 1)
    return correlations


def _standardised(rows: FloatArray) -> FloatArray:
    """Rows with mean 0 and length 1; NaN where a row is constant."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    centred[np.ptp(rows, axis=1) == 0] = np.nan
    standard: FloatArray = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return standard


def _mean_of_finite(values: FloatArray) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else np.nan
