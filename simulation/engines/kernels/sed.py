"""The compiled form of `simulation.rules.sed`: two forward passes a step, no gradient."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.config.rules import SedRule
from simulation.engines.kernels.jit import entry_kernel, inlined_kernel
from simulation.engines.kernels.lanes import gate, load, load_noise, multiply_add, store
from simulation.engines.kernels.network import hidden_activity, scaled_errors
from simulation.engines.kernels.noise import fill_normals
from simulation.engines.kernels.panels import aligned_zeros
from simulation.engines.kernels.training import (
    Batch,
    Noise,
    Trainee,
    Workspace,
    draw_noise,
    weight_noise,
)
from simulation.noise.step_noise import TRIAL_STEP, stream_key
from simulation.rules.sed import trial_scale

Array = NDArray[Any]


class Sed(NamedTuple):
    """Settings of the rule, and memory that a step writes.

    trial_scales : (D + 1 + O,) standard deviation of the trial step by row.
    trial_key : of the stream of trial steps. trial_noise : standard normals, see `weight_noise`.
    trial_weights : the network after the trial step.
    """

    learning_rate: float
    trial_scales: Array
    trial_key: np.uint64
    trial_noise: Array
    trial_weights: Array


@entry_kernel
def train_sed(
    weights: Array,
    units: int,
    batch: Batch,
    noise: Noise,
    rule: Sed,
    work: Workspace,
    step: int,
    steps: int,
) -> None:
    """Make updates number `step` to `step + steps - 1` of the network in `weights`, in place."""
    for t in range(step, step + steps):
        draw_noise(work, batch, noise, t)
        fill_normals(rule.trial_noise, rule.trial_key, t)
        _try(weights, units, work, rule)
        rise = _loss(rule.trial_weights, batch, work) - _loss(weights, batch, work)
        _update(weights, units, work, rule, weights.dtype.type(rise), noise.update_scale)


@inlined_kernel
def _try(weights: Array, units: int, work: Workspace, rule: Sed) -> None:
    """trial_weights = weights + trial; the unit mask keeps places beyond the last unit at zero."""
    panels, rows, lanes = weights.shape
    for panel in range(panels):
        is_unit = load(work.unit_mask, panel, 0)
        for row in range(rows):
            theta = load(weights, panel, row)
            trial = load_noise(rule.trial_noise, row * units + panel * lanes, theta)
            theta = multiply_add(theta, trial, rule.trial_scales[row])
            store(rule.trial_weights, panel, row, gate(theta, is_unit))


@inlined_kernel
def _loss(weights: Array, batch: Batch, work: Workspace) -> float:
    """Mean squared error on the samples as this step sees them, summed in float64."""
    hidden_activity(
        work.hidden,
        work.slope,
        work.active,
        weights,
        work.seen_inputs,
        batch.n_samples,
        work.activation,
    )
    one = weights.dtype.type(1)
    panels = weights.shape[0]
    scaled_errors(work.errors, work.hidden, None, weights, panels, work.seen_targets, one)
    total = 0.0
    for s in range(batch.n_samples):
        for o in range(work.errors.shape[1]):
            error = np.float64(work.errors[s, o])
            total += error * error
    return total / (batch.n_samples * work.errors.shape[1])


@inlined_kernel
def _update(
    weights: Array, units: int, work: Workspace, rule: Sed, rise: float, noise_scale: float
) -> None:
    """theta <- theta - lr (rise trial + s xi)."""
    panels, rows, lanes = weights.shape
    noise_step = rule.learning_rate * noise_scale
    for panel in range(panels):
        is_unit = load(work.unit_mask, panel, 0)
        for row in range(rows):
            theta = load(weights, panel, row)
            place = row * units + panel * lanes
            against = rule.learning_rate * rise * rule.trial_scales[row]
            theta = multiply_add(theta, load_noise(rule.trial_noise, place, theta), -against)
            theta = multiply_add(theta, load_noise(work.update_noise, place, theta), -noise_step)
            store(weights, panel, row, gate(theta, is_unit))


def train(rule: SedRule, net: Trainee, step: int, steps: int) -> None:
    """Make updates number `step` to `step + steps - 1`, of the weights in place."""
    weights, units = net.weights, net.units
    _, rows, lanes = weights.shape
    outputs = net.batch.targets.shape[1]
    scales = np.full(rows, trial_scale(rule.perturbation, units), weights.dtype)
    scales[rows - outputs :] = trial_scale(rule.perturbation, outputs)
    settings = Sed(
        learning_rate=weights.dtype.type(rule.learning_rate),
        trial_scales=scales,
        trial_key=stream_key(net.seed, TRIAL_STEP),
        trial_noise=weight_noise(rows, units, lanes),
        trial_weights=aligned_zeros(weights.shape, weights.dtype),
    )
    train_sed(weights, units, net.batch, net.noise, settings, net.work, step, steps)
