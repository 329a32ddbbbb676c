"""Directions on a circle, the ring task of Qin et al., Nature Neuroscience 26, 2023."""

from __future__ import annotations

import numpy as np

from simulation.config.tasks import RingTask
from simulation.tasks.dataset import Dataset, Walk


def ring_dataset(task: RingTask) -> Dataset:
    """N evenly spaced directions, each shown as (cos, sin); the arena is the circle, in radians.

    The first is half a spacing from 0, so that none lies on the border of two bins. There are no
    targets: (N, 0).
    """
    angle = 2 * np.pi * (np.arange(task.n_samples) + 0.5) / task.n_samples
    walk = Walk(
        position=angle,
        direction=np.zeros(task.n_samples, np.int8),
        track_length=2 * np.pi,
        directions=1,
        circular=True,
    )
    inputs = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Dataset(inputs, np.empty((task.n_samples, 0)), walk)
