"""The compiled form of `simulation.rules.rmsprop`."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from simulation.config.rules import RmspropRule
from simulation.engines.kernels.arithmetic import divide, flush, multiply, square_root
from simulation.engines.kernels.jit import entry_kernel, inlined_kernel
from simulation.engines.kernels.lanes import (
    add,
    gate,
    load,
    load_noise,
    multiply_add,
    store,
)
from simulation.engines.kernels.training import (
    Batch,
    Noise,
    Trainee,
    Workspace,
    draw_noise,
    gradient_of_loss,
)

Array = NDArray[Any]


class Rmsprop(NamedTuple):
    """Settings of the rule, and its mean square, laid out like the weights; a step writes it."""

    learning_rate: float
    decay: float
    epsilon: float
    square: Array


@entry_kernel
def train_rmsprop(
    weights: Array,
    units: int,
    batch: Batch,
    noise: Noise,
    rule: Rmsprop,
    work: Workspace,
    step: int,
    steps: int,
) -> None:
    """Make updates number `step` to `step + steps - 1` of the network in `weights`, in place."""
    for t in range(step, step + steps):
        draw_noise(work, batch, noise, t)
        gradient_of_loss(weights, units, batch, work)
        _update(weights, units, work, rule, noise.update_scale)


@inlined_kernel
def _update(weights: Array, units: int, work: Workspace, rule: Rmsprop, noise_scale: float) -> None:
    """One step. The unit mask keeps the places beyond the last unit at zero."""
    panels, rows, lanes = weights.shape
    forget = weights.dtype.type(1) - rule.decay
    for panel in range(panels):
        is_unit = load(work.unit_mask, panel, 0)
        for row in range(rows):
            theta, slope = load(weights, panel, row), load(work.gradient, panel, row)
            xi = load_noise(work.update_noise, row * units + panel * lanes, theta)
            slope = multiply_add(slope, xi, noise_scale)
            square = multiply(load(rule.square, panel, row), rule.decay)
            square = multiply_add(square, multiply(slope, slope), forget)
            root = add(square_root(square), rule.epsilon)
            theta = multiply_add(theta, divide(slope, root), -rule.learning_rate)
            store(rule.square, panel, row, flush(square))
            store(weights, panel, row, gate(theta, is_unit))


def train(rule: RmspropRule, net: Trainee, step: int, steps: int) -> None:
    """Make updates number `step` to `step + steps - 1`, of weights and moments in place."""
    number: Any = net.weights.dtype.type  # numba tells float32 from float64 by the type
    settings = Rmsprop(
        learning_rate=number(rule.learning_rate),
        decay=number(rule.decay),
        epsilon=number(rule.epsilon),
        square=net.moments["square"],
    )
    train_rmsprop(net.weights, net.units, net.batch, net.noise, settings, net.work, step, steps)
