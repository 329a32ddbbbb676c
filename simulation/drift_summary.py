"""How fast tuning wanders once a run's statistics stand still, for the run's row of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

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
    config: RunConfig, centroids: pd.DataFrame | None, stationary_from: int | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns of the diffusion constant, and why those that are None are so.

    Parameters
    ----------
    centroids : the archive's table, sorted by step; may be empty, or None.
    stationary_from : first step of null drift; None if there is none.
    """
    track = track_of(config.task)
    if track is None:
        fit = DiffusionFit(None, reason="the task has no position")
    elif centroids is None or centroids.empty:
        fit = DiffusionFit(None, reason="centroids of tuning were not recorded")
    else:
        shifts = shifts_of(centroids, track)
        fit = diffusion_constant(
            shifts.step_a,
            shifts.step_b,
            shifts.mean_squared,
            stationary_from=stationary_from,
            ceiling=track.largest_mean_squared_shift,
        )
    values = {column: getattr(fit, name) for column, name in _COLUMNS.items()}
    return values, dict.fromkeys(values, fit.reason) if fit.reason else {}


def shifts_of(centroids: pd.DataFrame, track: Track) -> Shifts:
    """Mean squared shifts over the units of all sources (one an arena) together.

    `centroids` : rows of the archive's table, sorted by step, at least one.
    """
    parts = [part for _, part in centroids.groupby("source", sort=True)]
    values = [np.stack(part["centroids"].to_list()) for part in parts]
    return squared_shifts(parts[0]["step"].to_numpy(), np.concatenate(values, axis=1), track)
