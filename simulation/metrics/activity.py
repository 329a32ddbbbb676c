"""How much of the hidden layer is active. Activity matrices are (H units, samples).

A rectified unit is active on a sample where its activity is above 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.models.feedforward import Array


def active_fraction(activity: Array) -> float:
    """Share of all (unit, sample) pairs that are active."""
    return float(np.mean(activity > 0))


def active_units(activity: Array) -> NDArray[np.bool_]:
    """For each unit, whether it is active on at least one sample: (H,)."""
    return np.any(activity > 0, axis=1)
