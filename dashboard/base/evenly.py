"""A few of many, evenly chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def evenly(count: int, limit: int) -> NDArray[np.int64]:
    """Indices of at most `limit` of `count` items, evenly spread, first and last included."""
    if count <= limit:
        return np.arange(count)
    return np.linspace(0, count - 1, limit).round().astype(np.int64)
