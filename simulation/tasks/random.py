"""Tasks without a latent variable: random inputs and targets, white or smoothed.

Ratzon, Derdikman & Barak, eLife 12:RP90069, methods ('random' and 'random smoothed', and both as
autoencoders).
"""

from __future__ import annotations

import numpy as np

from simulation.config.tasks import (
    RandomAutoencoderTask,
    RandomTask,
    SmoothedAutoencoderTask,
    SmoothedRandomTask,
)
from simulation.tasks.dataset import Dataset, FloatArray, Scaling

SMOOTHING_SHARE = 1 / 5
REACH = 4.0
"""Standard deviations at which the filter is cut off."""


def random_dataset(task: RandomTask, random: np.random.Generator) -> Dataset:
    """Uniform X (N, D) and Y (N, O), each scaled over the whole array."""
    inputs = random.random((task.n_samples, task.input_dim))
    targets = random.random((task.n_samples, task.output_dim))
    return Dataset(_scaled(inputs, task.lowest_input), _scaled(targets, task.lowest_target))


def smoothed_random_dataset(task: SmoothedRandomTask, random: np.random.Generator) -> Dataset:
    """Uniform X (N, D) and Y (N, O), Gaussian-filtered, each scaled over the whole array.

    The filter's standard deviation is N/5 across samples and O/5 across dimensions, of inputs
    and targets alike; edges are mirrored (scipy's 'reflect').
    """
    inputs = random.random((task.n_samples, task.input_dim))
    targets = random.random((task.n_samples, task.output_dim))
    return Dataset(
        _scaled(_smoothed(inputs, task), task.lowest_input),
        _scaled(_smoothed(targets, task), task.lowest_target),
    )


def random_autoencoder_dataset(task: RandomAutoencoderTask, random: np.random.Generator) -> Dataset:
    """Uniform X (N, D), scaled over the whole array; Y = X."""
    values = random.random((task.n_samples, task.input_dim))
    return Dataset(_scaled(values, task.lowest_input), _scaled(values, task.lowest_target))


def smoothed_autoencoder_dataset(
    task: SmoothedAutoencoderTask, random: np.random.Generator
) -> Dataset:
    """Uniform X (N, D), Gaussian-filtered as in `smoothed_random_dataset`, scaled; Y = X.

    Here O = D. The published code filters with the output size it was given before it became D.
    """
    values = _smoothed(random.random((task.n_samples, task.input_dim)), task)
    return Dataset(_scaled(values, task.lowest_input), _scaled(values, task.lowest_target))


def _smoothed(values: FloatArray, task: SmoothedRandomTask | SmoothedAutoencoderTask) -> FloatArray:
    by_sample = _filtered(values, task.n_samples * SMOOTHING_SHARE)
    return np.ascontiguousarray(_filtered(by_sample.T, task.output_dim * SMOOTHING_SHARE).T)


def _filtered(values: FloatArray, width: float) -> FloatArray:
    """Filtered along the first axis by a Gaussian of this s.d., cut off at 4 s.d."""
    reach, count = int(REACH * width + 0.5), len(values)
    weights = np.exp(-0.5 / width**2 * np.arange(-reach, reach + 1) ** 2)
    weights /= weights.sum()
    turned = np.arange(-reach, count + reach) % (2 * count)
    mirrored = values[np.minimum(turned, 2 * count - 1 - turned)]
    smooth: FloatArray = mirrored[reach : reach + count] * weights[reach]
    for apart in range(reach, 0, -1):  # from the outside: the order decides on the last bit
        before, after = (mirrored[reach + by : reach + by + count] for by in (-apart, apart))
        smooth = smooth + (before + after) * weights[reach - apart]
    return smooth


def _scaled(values: FloatArray, lowest: float) -> FloatArray:
    return Scaling.of(values, lowest)(values)
