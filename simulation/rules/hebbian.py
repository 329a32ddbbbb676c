"""Hebbian feedforward and anti-Hebbian lateral plasticity: Qin et al., Nat. Neurosci. 26, 2023.

Online similarity matching, one input a step, with independent noise on every synapse. Lateral
weights are inhibitory and cannot change sign, so they are cut off at 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Weights = tuple[Array, Array, Array]


def hebbian(
    weights: Weights,
    x: Array,
    y: Array,
    noise: tuple[Array, Array],
    *,
    learning_rate: float,
    bias_strength: float,
    feedforward_noise: float,
    lateral_noise: float,
) -> Weights:
    """W, M and b after one input; all three changes are made from the same response y.

    W <- (1 - eta) W + eta y x^T + sqrt(eta) s_W xi_W
    M <- max((1 - eta) M + eta y y^T + sqrt(eta) s_M xi_M, 0)
    b <- (1 - eta) b + eta sqrt(alpha) y

    Parameters
    ----------
    weights : W (H, D), M (H, H), b (H,).
    x, y : the input (D,), and the units' response to it before this change (H,).
    noise : xi_W and xi_M, standard normal, fresh each step, of the shapes of W and M.
    """
    feedforward, lateral, biases = weights
    keep, spread = 1 - learning_rate, np.sqrt(learning_rate)
    learned = learning_rate * y
    return (
        keep * feedforward + np.outer(learned, x) + spread * feedforward_noise * noise[0],
        np.maximum(keep * lateral + np.outer(learned, y) + spread * lateral_noise * noise[1], 0),
        keep * biases + np.sqrt(bias_strength) * learned,
    )
