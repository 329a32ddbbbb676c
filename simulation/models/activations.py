"""Activation functions of hidden units, and when a unit counts as active.

Ratzon, Derdikman & Barak, eLife 12:RP90069, use the rectifier (eq. 2) and vary the activation as
a control. 'Active' means: the unit's activity exceeds a threshold in magnitude. Only the rectifier
reaches exactly 0 and stays there, so only its threshold is 0; the others need a convention.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

LEAK = 0.01
"""Slope of the leaky rectifier for negative input."""
SMOOTH_THRESHOLD = 0.05
"""Activity below which a unit without an exact 0 counts as silent."""
ACTIVE_MEANS = (
    f"Active: activity above 0; above {SMOOTH_THRESHOLD} of softplus and sigmoid units, beyond "
    f"{SMOOTH_THRESHOLD} in magnitude of tanh units."
)
"""`active_words` of all activations in a sentence, for what is said of many runs."""


@dataclass(frozen=True)
class ActivationFunction:
    """sigma, elementwise, with its derivatives.

    Attributes
    ----------
    value, slope, curvature : sigma(z), sigma'(z), sigma''(z); at a kink the side of negative z.
    active : which entries of an activity matrix h = sigma(z) count as active.
    active_words : the same as a condition, 'activity > 0'.
    falls_silent : whether a unit can stop contributing and learning altogether.
    can_be_negative : whether sigma takes negative values.
    """

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    curvature: Callable[[Array], Array]
    active: Callable[[Array], NDArray[np.bool_]]
    active_words: str
    falls_silent: bool = False
    can_be_negative: bool = False


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


def _step(z: Array) -> Array:
    return (z > 0).astype(z.dtype)


def _leaky_relu(z: Array) -> Array:
    return np.where(z > 0, z, z.dtype.type(LEAK) * z)


def _leaky_step(z: Array) -> Array:
    return np.where(z > 0, z.dtype.type(1), z.dtype.type(LEAK))


def _softplus(z: Array) -> Array:
    with np.errstate(invalid="ignore"):  # NaN in, NaN out
        return np.logaddexp(z, z.dtype.type(0))


def _sigmoid(z: Array) -> Array:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def _sigmoid_slope(z: Array) -> Array:
    h = _sigmoid(z)
    return h * (1 - h)


def _sigmoid_curvature(z: Array) -> Array:
    h = _sigmoid(z)
    return h * (1 - h) * (1 - 2 * h)


def _tanh_slope(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


def _tanh_curvature(z: Array) -> Array:
    h: Array = np.tanh(z)
    return -2 * h * (1 - h**2)


def _positive(h: Array) -> NDArray[np.bool_]:
    return h > 0


def _beyond_threshold(h: Array) -> NDArray[np.bool_]:
    return np.abs(h) > SMOOTH_THRESHOLD


ACTIVATIONS = {
    "relu": ActivationFunction(
        _relu, _step, np.zeros_like, _positive, "activity > 0", falls_silent=True
    ),
    "leaky_relu": ActivationFunction(
        _leaky_relu, _leaky_step, np.zeros_like, _positive, "activity > 0", can_be_negative=True
    ),
    "softplus": ActivationFunction(
        _softplus, _sigmoid, _sigmoid_slope, _beyond_threshold, f"activity > {SMOOTH_THRESHOLD}"
    ),
    "tanh": ActivationFunction(
        np.tanh,
        _tanh_slope,
        _tanh_curvature,
        _beyond_threshold,
        f"|activity| > {SMOOTH_THRESHOLD}",
        can_be_negative=True,
    ),
    "sigmoid": ActivationFunction(
        _sigmoid,
        _sigmoid_slope,
        _sigmoid_curvature,
        _beyond_threshold,
        f"activity > {SMOOTH_THRESHOLD}",
    ),
}
