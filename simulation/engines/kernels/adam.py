"""The compiled form of `simulation.rules.adam`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.config.rules import AdamRule
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
from simulation.models.memory import MOST_MOMENT_STEPS

Array = NDArray[Any]


class Adam(NamedTuple):
    """Settings of the rule, and its moments, laid out like the weights, which a step writes."""

    learning_rate: float
    beta1: float
    beta2: float
    epsilon: float
    mean: Array
    square: Array


@entry_kernel
def train_adam(
    weights: Array,
    units: int,
    batch: Batch,
    noise: Noise,
    rule: Adam,
    work: Workspace,
    step: int,
    steps: int,
    moment_steps: int,
    most_moment_steps: int,
) -> None:
    """Make updates number `step` to `step + steps - 1` of the network in `weights`, in place.

    moment_steps : how many steps are in the moments already; counted up to most_moment_steps.
    """
    for t in range(step, step + steps):
        draw_noise(work, batch, noise, t)
        gradient_of_loss(weights, units, batch, work)
        moment_steps = min(moment_steps + 1, most_moment_steps)
        _update(weights, units, work, rule, noise.update_scale, moment_steps)


@inlined_kernel
def _update(
    weights: Array,
    units: int,
    work: Workspace,
    rule: Adam,
    noise_scale: float,
    moment_steps: int,
) -> None:
    """One step of every unit, the silent ones too: their moments go on moving them.

    The unit mask keeps the places beyond the last unit at zero.
    """
    panels, rows, lanes = weights.shape
    number = weights.dtype.type
    one = number(1)
    root_scale = number(1 / np.sqrt(1 - np.float64(rule.beta2) ** moment_steps))
    move = number(-rule.learning_rate / (1 - np.float64(rule.beta1) ** moment_steps))
    for panel in range(panels):
        is_unit = load(work.unit_mask, panel, 0)
        for row in range(rows):
            theta, slope = load(weights, panel, row), load(work.gradient, panel, row)
            xi = load_noise(work.update_noise, row * units + panel * lanes, theta)
            slope = multiply_add(slope, xi, noise_scale)
            mean = multiply(load(rule.mean, panel, row), rule.beta1)
            mean = multiply_add(mean, slope, one - rule.beta1)
            square = multiply(load(rule.square, panel, row), rule.beta2)
            square = multiply_add(square, multiply(slope, slope), one - rule.beta2)
            root = add(multiply(square_root(square), root_scale), rule.epsilon)
            theta = multiply_add(theta, divide(mean, root), move)
            store(rule.mean, panel, row, flush(mean))
            store(rule.square, panel, row, flush(square))
            store(weights, panel, row, gate(theta, is_unit))


def train(rule: AdamRule, net: Trainee, step: int, steps: int) -> None:
    """Make updates number `step` to `step + steps - 1`, of weights and moments in place."""
    number: Any = net.weights.dtype.type  # numba tells float32 from float64 by the type
    settings = Adam(
        learning_rate=number(rule.learning_rate),
        beta1=number(rule.beta1),
        beta2=number(rule.beta2),
        epsilon=number(rule.epsilon),
        mean=net.moments["mean"],
        square=net.moments["square"],
    )
    network = (net.weights, net.units, net.batch, net.noise)
    train_adam(*network, settings, net.work, step, steps, net.moment_steps, MOST_MOMENT_STEPS)
