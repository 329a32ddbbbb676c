"""The steps of a stretch (`stretches`) for the awake units, as the plain loop makes them."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import (
    gate,
    load,
    load_noise,
    multiply_add,
    store,
    zeros_like,
)
from simulation.engines.kernels.network import hidden_activity, loss_gradient, scaled_errors
from simulation.engines.kernels.noise import Blocks, fill_normals
from simulation.engines.kernels.stretch_memory import Workspace
from simulation.engines.kernels.training import Batch, Noise, draw_targets
from simulation.noise.step_noise import BLOCK

Array = NDArray[Any]


@kernel
def train_awake(
    packed: Array,
    batch: Batch,
    noise: Noise,
    learning_rate: float,
    work: Workspace,
    start: int,
    stop: int,
) -> None:
    """Make updates `start` to `stop - 1` of the units in `packed`, in place.

    What is called at every step takes single arrays: handing over all of `work` would cost more
    than a step of a small network.
    """
    panels = packed.shape[0]
    inputs, targets, n_samples = batch.inputs, work.seen_targets, batch.n_samples
    scale = packed.dtype.type(2.0 / (n_samples * targets.shape[1]))
    update_noise = work.update_noise[: (packed.size + BLOCK - 1) // BLOCK]
    hidden, active, errors, slope = work.hidden, work.active, work.errors, work.slope
    filled, label_noise = work.filled, work.label_noise
    for step in range(start, stop):
        if noise.update_scale > 0:
            fill_normals(update_noise, noise.update_key, step)
        if noise.label_scale > 0:
            draw_targets(targets, label_noise, batch, noise, step)
        _noise_alone(slope, panels, update_noise, noise.update_scale, filled)
        hidden_activity(hidden, None, active, packed, inputs, n_samples, 0)
        scaled_errors(errors, hidden, active, packed, panels, targets, scale)
        loss_gradient(slope, hidden, active, None, packed, panels, errors, inputs)
        _descend(packed, slope, learning_rate)


@kernel
def _noise_alone(slope: Array, panels: int, noise: Blocks, scale: float, filled: Array) -> None:
    """slope = scale * noise where there is a unit, else 0."""
    _, rows, lanes = slope.shape
    flat = noise.reshape(noise.size)
    zero = zeros_like(load(slope, 0, 0))
    for panel in range(panels):
        is_unit = load(filled, panel, 0)
        for row in range(rows):
            xi = load_noise(flat, (panel * rows + row) * lanes, zero)
            store(slope, panel, row, gate(multiply_add(zero, xi, scale), is_unit))


@kernel
def _descend(packed: Array, slope: Array, learning_rate: float) -> None:
    for panel in range(packed.shape[0]):
        for row in range(packed.shape[1]):
            theta = load(packed, panel, row)
            theta = multiply_add(theta, load(slope, panel, row), -learning_rate)
            store(packed, panel, row, theta)
