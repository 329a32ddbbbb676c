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


def random_dataset(task: RandomTask, random: np.random.Generator) -> Dataset:
    """Uniform X (N, D) and Y (N, O), each scaled to [-1, 1] over the whole array."""
    inputs = random.random((task.n_samples, task.input_dim))
    targets = random.random((task.n_samples, task.output_dim))
    return Dataset(_scaled(inputs, task.lowest_input), _scaled(targets))


def smoothed_random_dataset(task: SmoothedRandomTask, random: np.random.Generator) -> Dataset:
    """Uniform X (N, D) and Y (N, O), Gaussian-filtered, each scaled to [-1, 1].

    The filter's standard deviation is N/5 across samples and O/5 across dimensions, of inputs
    and targets alike; edges are mirrored (scipy's 'reflect').
    """
    inputs = random.random((task.n_samples, task.input_dim))
    targets = random.random((task.n_samples, task.output_dim))
    smooth = _smoothed(inputs, task)
    return Dataset(_scaled(smooth, task.lowest_input), _scaled(_smoothed(targets, task)))


def random_autoencoder_dataset(task: RandomAutoencoderTask, random: np.random.Generator) -> Dataset:
    """Uniform X (N, D), scaled to [-1, 1] over the whole array; Y = X."""
    values = random.random((task.n_samples, task.input_dim))
    return Dataset(_scaled(values, task.lowest_input), _scaled(values))


def smoothed_autoencoder_dataset(
    task: SmoothedAutoencoderTask, random: np.random.Generator
) -> Dataset:
    """Uniform X (N, D), Gaussian-filtered as in `smoothed_random_dataset`, scaled; Y = X.

    Here O = D. The published code filters with the output size it was given before it became D.
    """
    values = _smoothed(random.random((task.n_samples, task.input_dim)), task)
    return Dataset(_scaled(values, task.lowest_input), _scaled(values))


def _smoothed(values: FloatArray, task: SmoothedRandomTask | SmoothedAutoencoderTask) -> FloatArray:
    from scipy.ndimage import gaussian_filter

    widths = (task.n_samples * SMOOTHING_SHARE, task.output_dim * SMOOTHING_SHARE)
    smooth: FloatArray = gaussian_filter(values, widths, mode="reflect")
    return smooth


def _scaled(values: FloatArray, lowest: float = -1.0) -> FloatArray:
    return Scaling.of(values, lowest)(values)
