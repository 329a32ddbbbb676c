"""Activations other than the rectifier, with their slopes: `simulation.models.activations`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.jit import kernel
from simulation.models.activations import ACTIVATIONS, LEAK

Array = NDArray[Any]

ACTIVATION_NUMBERS = {name: number for number, name in enumerate(ACTIVATIONS)}
"""0 is the rectifier, which needs none of this."""

_LEAKY_RELU = ACTIVATION_NUMBERS["leaky_relu"]
_SOFTPLUS = ACTIVATION_NUMBERS["softplus"]
_TANH = ACTIVATION_NUMBERS["tanh"]


@kernel
def activate(hidden: Array, slope: Array, n_samples: int, activation: int) -> None:
    """hidden = sigma(hidden) and slope = sigma'(hidden), for the first `n_samples` samples.

    activation : one of `ACTIVATION_NUMBERS`.
    """
    for panel in range(hidden.shape[0]):
        for s in range(n_samples):
            h, dh = hidden[panel, s], slope[panel, s]
            if activation == _LEAKY_RELU:
                _leaky_relu(h, dh)
            elif activation == _SOFTPLUS:
                _softplus(h, dh)
            elif activation == _TANH:
                _tanh(h, dh)
            else:
                _sigmoid(h, dh)


@kernel
def _leaky_relu(h: Array, slope: Array) -> None:
    leak, one = h.dtype.type(LEAK), h.dtype.type(1)
    for i in range(h.size):
        slope[i] = one if h[i] > 0 else leak
        h[i] *= slope[i]


@kernel
def _softplus(h: Array, slope: Array) -> None:
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for i in range(h.size):
        z = h[i]
        slope[i] = one / (one + np.exp(-z))
        h[i] = max(z, zero) + np.log1p(np.exp(-abs(z)))


@kernel
def _tanh(h: Array, slope: Array) -> None:
    one = h.dtype.type(1)
    for i in range(h.size):
        h[i] = np.tanh(h[i])
        slope[i] = one - h[i] * h[i]


@kernel
def _sigmoid(h: Array, slope: Array) -> None:
    one = h.dtype.type(1)
    for i in range(h.size):
        h[i] = one / (one + np.exp(-h[i]))
        slope[i] = h[i] * (one - h[i])
