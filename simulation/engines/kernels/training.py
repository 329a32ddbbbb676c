"""What every rule's training loop shares: the batch, the noise, memory, and the gradient."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.engines.kernels.jit import inlined_kernel, kernel
from simulation.engines.kernels.network import hidden_activity, loss_gradient, scaled_errors
from simulation.engines.kernels.noise import blocks, fill_normals, fill_uniforms, perturb
from simulation.engines.kernels.panels import SAMPLE_GROUP, aligned_zeros, set_to_zero, unit_mask
from simulation.engines.kernels.silent import (
    compacting_pays,
    count_active,
    gather_active,
    scatter_gradient,
)
from simulation.noise.step_noise import INPUT_NOISE, LABEL_NOISE, UPDATE_NOISE, stream_key

Array = NDArray[Any]


class Batch(NamedTuple):
    """The training samples, padded as `panels` says.

    inputs : (samples, D + 1); targets : (samples, O); n_samples : N, those that are real.
    """

    inputs: Array
    targets: Array
    n_samples: int


class Noise(NamedTuple):
    """Settings of the noise, as `simulation.config` says.

    Scales are in the run's precision. Keys are those of the streams (`step_noise`).
    """

    update_scale: float
    label_scale: float
    label_is_gaussian: bool
    input_scale: float
    update_key: np.uint64
    label_key: np.uint64
    input_key: np.uint64


def noise_of(config: FeedforwardConfig, dtype: np.dtype[Any]) -> Noise:
    """The noise of `config`, for kernels in this precision."""
    noise, seed = config.noise, config.seed
    number: Any = dtype.type  # numba tells float32 from float64 by the type of the value
    return Noise(
        update_scale=number(noise.update_scale),
        label_scale=number(noise.label_scale),
        label_is_gaussian=noise.label_distribution == "gaussian",
        input_scale=number(noise.input_scale),
        update_key=stream_key(seed, UPDATE_NOISE),
        label_key=stream_key(seed, LABEL_NOISE),
        input_key=stream_key(seed, INPUT_NOISE),
    )


class Workspace(NamedTuple):
    """Memory that a step writes; nothing in it outlives the step (except what never changes).

    activation : see `activations`.
    seen_inputs, seen_targets : the batch with this step's noise.
    hidden, slope, active, errors, gradient : see `network`.
    units, compact_* : the active units, see `silent`.
    update_noise, label_noise, input_noise : see `noise`; of each update_noise element r * units + u
        belongs to row r of unit u. unit_mask : see `panels`.
    """

    activation: int
    seen_inputs: Array
    seen_targets: Array
    hidden: Array
    slope: Array | None
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


class Trainee(NamedTuple):
    """A network in training, laid out for kernels, for the part of a loop that is not compiled.

    weights, units : see `panels`; weights and moments change in place.
    moments, moment_steps : what the rule remembers (`simulation.models.memory`), like weights.
    seed : of the run, for streams of the rule's own.
    """

    weights: Array
    units: int
    moments: dict[str, Array]
    moment_steps: int
    batch: Batch
    noise: Noise
    work: Workspace
    seed: int


def workspace(weights: Array, batch: Batch, units: int, activation: int) -> Workspace:
    """Fresh memory for training the `units` hidden units of `weights` on `batch`."""
    panels, rows, lanes = weights.shape
    samples, outputs = batch.targets.shape
    dtype = weights.dtype
    input_columns = batch.inputs.shape[1] - 1
    compact_panels = units // 2 // lanes + 1
    return Workspace(
        activation=activation,
        seen_inputs=batch.inputs.copy(),
        seen_targets=batch.targets.copy(),
        hidden=aligned_zeros((panels, samples, lanes), dtype),
        slope=aligned_zeros((panels, samples, lanes), dtype) if activation else None,
        active=np.zeros((panels, samples // SAMPLE_GROUP), np.int64),
        errors=aligned_zeros((samples, outputs), dtype),
        gradient=aligned_zeros(weights.shape, dtype),
        units=np.zeros(panels * lanes, np.int64),
        compact_hidden=aligned_zeros((compact_panels, samples, lanes), dtype),
        compact_weights=aligned_zeros((compact_panels, rows, lanes), dtype),
        compact_gradient=aligned_zeros((compact_panels, rows, lanes), dtype),
        update_noise=weight_noise(rows, units, lanes),
        label_noise=blocks(batch.n_samples * outputs),
        input_noise=blocks(batch.n_samples * input_columns),
        unit_mask=unit_mask(units, weights.dtype),
    )


def weight_noise(rows: int, units: int, lanes: int) -> Array:
    """Room for one number a weight; the last vector is read to its end, beyond the last unit."""
    return blocks(rows * units + lanes)


@inlined_kernel
def gradient_of_loss(weights: Array, units: int, batch: Batch, work: Workspace) -> None:
    """Evaluate every unit and write work.gradient, for the samples as this step sees them.

    Rectified units that are silent are left out where that saves time.
    """
    samples, outputs = batch.targets.shape
    rows, lanes = batch.inputs.shape[1], weights.shape[2]
    scale = weights.dtype.type(2.0 / (batch.n_samples * outputs))
    hidden, output_weights, gradient = work.hidden, weights, work.gradient
    panels = weights.shape[0]
    hidden_activity(
        hidden,
        work.slope,
        work.active,
        weights,
        work.seen_inputs,
        batch.n_samples,
        work.activation,
    )
    active = count_active(work.active) if work.activation == 0 else units
    compact = compacting_pays(active, units, samples, rows, outputs, lanes)
    if compact:
        hidden, output_weights = work.compact_hidden, work.compact_weights
        gradient = work.compact_gradient
        panels = gather_active(
            work.units, hidden, output_weights, work.active, work.hidden, weights, outputs
        )
    scaled_errors(work.errors, hidden, None, output_weights, panels, work.seen_targets, scale)
    set_to_zero(gradient[:panels])
    loss_gradient(
        gradient, hidden, work.slope, output_weights, panels, work.errors, work.seen_inputs
    )
    if compact:
        scatter_gradient(work.gradient, gradient, work.units, active)


@inlined_kernel
def draw_noise(work: Workspace, batch: Batch, noise: Noise, step: int) -> None:
    """The noise of one step: on the update, on the targets and on the inputs."""
    if noise.update_scale > 0:
        fill_normals(work.update_noise, noise.update_key, step)
    if noise.label_scale > 0:
        draw_targets(work.seen_targets, work.label_noise, batch, noise, step)
    if noise.input_scale > 0:
        fill_normals(work.input_noise, noise.input_key, step)
        seen, columns = work.seen_inputs, batch.inputs.shape[1] - 1
        samples, scale = batch.n_samples, noise.input_scale
        perturb(seen, batch.inputs, samples, columns, scale, work.input_noise)


@kernel
def draw_targets(
    seen_targets: Array, label_noise: Array, batch: Batch, noise: Noise, step: int
) -> None:
    """seen_targets = targets with the label noise of one step (eq. 7)."""
    if noise.label_is_gaussian:
        fill_normals(label_noise, noise.label_key, step)
    else:
        fill_uniforms(label_noise, noise.label_key, step)
    samples, columns = batch.n_samples, batch.targets.shape[1]
    perturb(seen_targets, batch.targets, samples, columns, noise.label_scale, label_noise)
