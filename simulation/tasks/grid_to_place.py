"""Positions on a track as the activity of grid cells: Qin et al., Nature Neuroscience 26, 2023.

The track is a straight slice through the plane in which the grid cells fire. As in the published
code, position s in (0, 1) on it is the point (s, s tan(slice_angle)) of the plane, orientations
are evenly spaced over the 60 degrees after which a grid repeats, and offsets are evenly spaced
over one spacing along both axes of the plane.
"""

from __future__ import annotations

import numpy as np

from simulation.config.tasks import GridToPlaceTask
from simulation.tasks.dataset import Dataset, FloatArray, Walk

SMALLEST_SPACING = 0.2
"""Spacing of the finest grid module; the track is 1 long."""
SPACING_RATIO = 1.42
"""Spacing of a module over that of the next finer one."""


def grid_activity(
    points: FloatArray, spacing: float, orientation: float, offset: FloatArray
) -> FloatArray:
    """Activity of one grid cell at `points` (T, 2), from 0 to 1, with a peak at `offset`: (T,).

    g(r) = 2/3 (mean_k cos(4 pi / (sqrt(3) spacing) u_k . (r - offset)) + 1/2), u_k being the unit
    vectors at angles orientation + 2 pi k / 3, k = 1, 2, 3.
    """
    angles = orientation + 2 * np.pi * np.arange(1, 4) / 3
    waves = np.stack([np.cos(angles), np.sin(angles)])
    phases = 4 * np.pi / (np.sqrt(3) * spacing) * ((points - offset) @ waves)
    activity: FloatArray = 2 / 3 * (np.cos(phases).mean(axis=1) + 0.5)
    return activity


def grid_to_place_dataset(task: GridToPlaceTask) -> Dataset:
    """N positions along the track, each as the activity of every grid cell.

    Positions are the middles of N equal parts of the track (published: their ends), so that none
    lies on the border of two bins. Cells are ordered by spacing, then orientation, then offset.
    There are no targets: (N, 0).
    """
    position = (np.arange(task.n_samples) + 0.5) / task.n_samples
    points = position[:, None] * np.array([1, np.tan(task.slice_angle)])
    shares = np.arange(task.offsets) / task.offsets
    cells = [
        grid_activity(points, spacing, orientation, spacing * np.array([x, y]))
        for spacing in SMALLEST_SPACING * SPACING_RATIO ** np.arange(task.spacings)
        for orientation in np.pi / 3 * np.arange(task.orientations) / task.orientations
        for x in shares
        for y in shares
    ]
    walk = Walk(
        position=position,
        direction=np.zeros(task.n_samples, np.int8),
        track_length=1.0,
        directions=1,
        circular=False,
    )
    return Dataset(np.stack(cells, axis=1), np.empty((task.n_samples, 0)), walk)
