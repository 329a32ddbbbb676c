"""Points of one place set beside each other, so that each can be seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_GOLDEN = 0.6180339887498949


def beside(count: int, width: float) -> NDArray[np.float64]:
    """(count,): shifts within `width`, centred on 0; spread evenly rather than at random."""
    return np.asarray(width * ((np.arange(count) * _GOLDEN) % 1 - 0.5), np.float64)
