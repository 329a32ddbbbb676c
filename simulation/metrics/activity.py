"""How much of the hidden layer is active.

`active` is a matrix of truth values, (H units, samples); what 'active' means depends on the
activation, see `simulation.models.activations`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Active = NDArray[np.bool_]


def active_fraction(active: Active) -> float:
    """Share of all (unit, sample) pairs that are active; or of all units, given one value each."""
    return np.count_nonzero(active) / active.size


def active_units(active: Active) -> Active:
    """For each unit, whether it is active on at least one sample: (H,)."""
    return np.asarray(active.any(axis=1))
