"""The training loop: one compiled call makes any number of steps."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.jit import entry_kernel, kernel
from simulation.engines.kernels.network import hidden_activity, loss_gradient, scaled_errors
from simulation.engines.kernels.noise import blocks, fill_normals, fill_uniforms, perturb
from simulation.engines.kernels.panels import aligned_zeros, unit_mask
from simulation.engines.kernels.sgd import sgd_step
from simulation.engines.kernels.silent import (
    compacting_pays,
    count_active,
    gather_active,
    scatter_gradient,
)

Array = NDArray[Any]


class Batch(NamedTuple):
    """The training samples, padded as `panels` says.

    inputs : (samples, D + 1); targets : (samples, O); n_samples : N, those that are real.
    """

    inputs: Array
    targets: Array
    n_samples: int


class Rule(NamedTuple):
    """Settings of gradient descent and of the noise, as the rule and `simulation.config` say.

    Scales and rate are in the run's precision. Keys are those of the streams (`step_noise`).
    """

    learning_rate: float
    update_scale: float
    label_scale: float
    label_is_gaussian: bool
    input_scale: float
    update_key: np.uint64
    label_key: np.uint64
    input_key: np.uint64


class Workspace(NamedTuple):
    """Memory that a step writes; nothing in it outlives the step (except what never changes).

    seen_inputs, seen_targets : the batch with this step's noise.
    hidden, active, errors, gradient : see `network`.
    units, compact_* : the active units, see `silent`.
    update_noise, label_noise, input_noise : see `noise`. unit_mask : see `panels`.
    """

    seen_inputs: Array
    seen_targets: Array
    hidden: Array
    active: Array
    errors: Array
    gradient: Array
    units: Array
    compact_hidden: Array
    compact_weights: Array
    compact_gradient: Array
    update_noise: Array
    label_noise: Array
    input_noise: Array
    unit_mask: Array


def workspace(weights: Array, batch: Batch, units: int) -> Workspace:
    """Fresh memory for training the `units` hidden units of `weights` on `batch`."""
    panels, rows, lanes = weights.shape
    samples, outputs = batch.targets.shape
    dtype = weights.dtype
    input_columns = batch.inputs.shape[1] - 1
    compact_panels = units // 2 // lanes + 1
    return Workspace(
        seen_inputs=batch.inputs.copy(),
        seen_targets=batch.targets.copy(),
        hidden=aligned_zeros((panels, samples, lanes), dtype),
        active=np.zeros(panels, np.int64),
        errors=aligned_zeros((samples, outputs), dtype),
        gradient=aligned_zeros(weights.shape, dtype),
        units=np.zeros(panels * lanes, np.int64),
        compact_hidden=aligned_zeros((compact_panels, samples, lanes), dtype),
        compact_weights=aligned_zeros((compact_panels, rows, lanes), dtype),
        compact_gradient=aligned_zeros((compact_panels, rows, lanes), dtype),
        update_noise=blocks(rows * units + lanes),
        label_noise=blocks(batch.n_samples * outputs),
        input_noise=blocks(batch.n_samples * input_columns),
        unit_mask=unit_mask(units, weights.dtype),
    )


@entry_kernel
def train(
    weights: Array, units: int, batch: Batch, rule: Rule, work: Workspace, step: int, steps: int
) -> None:
    """Make updates number `step` to `step + steps - 1` of the network in `weights`, in place.

    One step is: draw the noise, evaluate every unit, gradient of the loss (from the active units
    alone where that saves time), update.
    """
    samples, outputs = batch.targets.shape
    rows, lanes = batch.inputs.shape[1], weights.shape[2]
    scale = weights.dtype.type(2.0 / (batch.n_samples * outputs))
    update_noise = work.update_noise.reshape(work.update_noise.size)
    for t in range(step, step + steps):
        _draw_noise(work, batch, rule, t)
        hidden, output_weights, gradient = work.hidden, weights, work.gradient
        panels = weights.shape[0]
        hidden_activity(hidden, work.active, weights, work.seen_inputs)
        active = count_active(work.active)
        compact = compacting_pays(active, units, samples, rows, outputs, lanes)
        if compact:
            hidden, output_weights = work.compact_hidden, work.compact_weights
            gradient = work.compact_gradient
            panels = gather_active(
                work.units, hidden, output_weights, work.active, work.hidden, weights, outputs
            )
        scaled_errors(work.errors, hidden, output_weights, panels, work.seen_targets, scale)
        loss_gradient(gradient, hidden, output_weights, panels, work.errors, work.seen_inputs)
        if compact:
            scatter_gradient(work.gradient, gradient, work.units, active)
        sgd_step(
            weights,
            work.gradient,
            update_noise,
            work.unit_mask,
            units,
            rule.learning_rate,
            rule.update_scale,
        )


@kernel
def _draw_noise(work: Workspace, batch: Batch, rule: Rule, step: int) -> None:
    """The noise of one step: on the update, on the targets (eq. 7) and on the inputs."""
    if rule.update_scale > 0:
        fill_normals(work.update_noise, rule.update_key, step)
    if rule.label_scale > 0:
        if rule.label_is_gaussian:
            fill_normals(work.label_noise, rule.label_key, step)
        else:
            fill_uniforms(work.label_noise, rule.label_key, step)
        seen, columns = work.seen_targets[: batch.n_samples], batch.targets.shape[1]
        perturb(seen, batch.targets, columns, rule.label_scale, work.label_noise)
    if rule.input_scale > 0:
        fill_normals(work.input_noise, rule.input_key, step)
        seen, columns = work.seen_inputs[: batch.n_samples], batch.inputs.shape[1] - 1
        perturb(seen, batch.inputs, columns, rule.input_scale, work.input_noise)
