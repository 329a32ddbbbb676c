"""The compiled form of `simulation.rules.sgd`: theta <- theta - lr (gradient + s xi)."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import gate, load, load_noise, multiply_add, store

Array = NDArray[Any]


@kernel
def sgd_step(
    weights: Array,
    gradient: Array,
    noise: Array,
    unit_mask: Array,
    units: int,
    learning_rate: float,
    noise_scale: float,
) -> None:
    """Update `weights` in place.

    noise : flat, xi of row r, unit u at r * units + u; read up to one vector beyond its end.
    unit_mask : see `panels`; keeps the places beyond the last unit at zero.
    """
    panels, rows, lanes = weights.shape
    noise_step = learning_rate * noise_scale
    for panel in range(panels):
        is_unit = load(unit_mask, panel, 0)
        for row in range(rows):
            theta = load(weights, panel, row)
            xi = load_noise(noise, row * units + panel * lanes, theta)
            theta = multiply_add(theta, load(gradient, panel, row), -learning_rate)
            theta = multiply_add(theta, xi, -noise_step)
            store(weights, panel, row, gate(theta, is_unit))
