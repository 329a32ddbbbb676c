"""The compiled form of `simulation.rules.sgd`: theta <- theta - lr (gradient + s xi)."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.config.rules import SgdRule
from simulation.engines.kernels.jit import entry_kernel, inlined_kernel
from simulation.engines.kernels.lanes import gate, load, load_noise, multiply_add, store
from simulation.engines.kernels.training import (
    Batch,
    Noise,
    Trainee,
    Workspace,
    draw_noise,
    gradient_of_loss,
)

Array = NDArray[Any]


@entry_kernel
def train_sgd(
    weights: Array,
    units: int,
    batch: Batch,
    noise: Noise,
    learning_rate: float,
    work: Workspace,
    step: int,
    steps: int,
) -> None:
    """Make updates number `step` to `step + steps - 1` of the network in `weights`, in place."""
    for t in range(step, step + steps):
        draw_noise(work, batch, noise, t)
        gradient_of_loss(weights, units, batch, work)
        _update(weights, units, work, learning_rate, noise.update_scale)


@inlined_kernel
def _update(
    weights: Array, units: int, work: Workspace, learning_rate: float, noise_scale: float
) -> None:
    """One step. The unit mask keeps the places beyond the last unit at zero."""
    panels, rows, lanes = weights.shape
    noise_step = learning_rate * noise_scale
    for panel in range(panels):
        is_unit = load(work.unit_mask, panel, 0)
        for row in range(rows):
            theta = load(weights, panel, row)
            xi = load_noise(work.update_noise, row * units + panel * lanes, theta)
            theta = multiply_add(theta, load(work.gradient, panel, row), -learning_rate)
            theta = multiply_add(theta, xi, -noise_step)
            store(weights, panel, row, gate(theta, is_unit))


def train(rule: SgdRule, net: Trainee, step: int, steps: int) -> None:
    """Make updates number `step` to `step + steps - 1`, of the weights in place."""
    rate = net.weights.dtype.type(rule.learning_rate)
    train_sgd(net.weights, net.units, net.batch, net.noise, rate, net.work, step, steps)
