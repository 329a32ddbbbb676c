"""The largest eigenvalue of a symmetric matrix that is known by its products with vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.tasks.dataset import FloatArray

MOST_VECTORS = 20
"""Vectors of the search space, at most; beyond that it is begun again..."""
KEPT_VECTORS = 8
"""...from so many of its best."""
TOLERANCE = 1e-12
"""Largest |A v - value v| for a unit vector v, as a share of the value. Of the value itself the
error is of second order."""
MOST_PRODUCTS = 5_000


def largest_eigenvalue(product: Callable[[FloatArray], FloatArray], start: FloatArray) -> float:
    """Lanczos iteration from `start` (n,), restarted from the best Ritz vectors.

    Source: Wu & Simon, Thick-restart Lanczos method for large symmetric eigenvalue problems, SIAM
    J. Matrix Anal. Appl. 22, 2000; here with full orthogonalisation.
    """
    space, images = np.empty((2, MOST_VECTORS, len(start)))
    projected = np.zeros((MOST_VECTORS, MOST_VECTORS))
    vector, count, value = start, 0, 0.0
    for _ in range(MOST_PRODUCTS):
        for _ in range(2):  # once leaves rounding
            vector = vector - (space[:count] @ vector) @ space[:count]
            vector = vector / np.linalg.norm(vector)
        space[count], images[count] = vector, product(vector)
        projected[count, : count + 1] = space[: count + 1] @ images[count]
        count += 1
        values, mixes = np.linalg.eigh(projected[:count, :count])
        value, best = float(values[-1]), mixes[:, -1]
        vector = best @ images[:count] - value * (best @ space[:count])
        if count == len(start) or np.linalg.norm(vector) <= TOLERANCE * np.abs(values).max():
            break
        if count == MOST_VECTORS:
            count, kept = KEPT_VECTORS, mixes[:, -KEPT_VECTORS:].T
            space[:count], images[:count] = kept @ space, kept @ images
            projected[:count, :count] = np.diag(values[-count:])
    return value
