"""How fast tuning wanders once a run's statistics stand still, for the run's row of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.analysis.diffusion import DiffusionFit, diffusion_constant
from simulation.config import RunConfig
from simulation.metrics.centroids import Shifts, Track, squared_shifts, track_of

_COLUMNS = {
    "centroid_diffusion": "constant",
    "centroid_diffusion_low": "low",
    "centroid_diffusion_high": "high",
    "centroid_diffusion_offset": "offset",
    "centroid_diffusion_lag": "longest_lag",
}


def drift_values(
    config: RunConfig, centroids: Mapping[str, NDArray[Any]] | None, stationary_from: int | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns of the diffusion constant, and why those that are None are so.

    Parameters
    ----------
    centroids : columns of the archive's table, sorted by step; may be empty, or None.
    stationary_from : first step of null drift; None if there is none.
    """
    track = track_of(config.task)
    if track is None:
        fit = DiffusionFit(None, reason="the task has no position")
    elif centroids is None or not len(centroids["step"]):
        fit = DiffusionFit(None, reason="centroids of tuning were not recorded")
    else:
        where = centroids["centroids"]
        shifts = shifts_of(centroids["step"], centroids["source"], where, track)
        fit = diffusion_constant(
            shifts.step_a,
            shifts.step_b,
            shifts.mean_squared,
            stationary_from=stationary_from,
            ceiling=track.largest_mean_squared_shift,
        )
    values = {column: getattr(fit, name) for column, name in _COLUMNS.items()}
    return values, dict.fromkeys(values, fit.reason) if fit.reason else {}


def shifts_of(
    step: NDArray[np.integer],
    source: Iterable[str],
    centroids: Iterable[NDArray[np.floating[Any]]],
    track: Track,
) -> Shifts:
    """Mean squared shifts over the units of all sources (one an arena) together.

    The arguments are columns of the archive's table, sorted by step, of at least one row.
    """
    names = np.array(list(source), object)
    rows = [np.flatnonzero(names == name) for name in sorted(set(names))]
    values = np.stack(list(centroids))
    return squared_shifts(
        np.asarray(step)[rows[0]], np.concatenate([values[at] for at in rows], axis=1), track
    )
