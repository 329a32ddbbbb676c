"""Gradient descent of rectified units by stretches of steps: see `kernels.stretches`.

A state within a stretch carries the weights at the stretch's start (`simulation.models.memory`),
and training goes on from there: it makes up to a stretch of steps again, and arrives at the same
bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.engines.kernels.panels import pack, pad_samples, unpack
from simulation.engines.kernels.rotation import rotation_of
from simulation.engines.kernels.stretch_memory import Descent, workspace
from simulation.engines.kernels.stretches import STRETCH, train_stretches
from simulation.engines.kernels.training import Batch, noise_of
from simulation.engines.rows import stretch_start, within_stretch
from simulation.models.feedforward import NetworkState
from simulation.noise.step_noise import FREE_WALK, stream_key
from simulation.tasks.dataset import Dataset


def has_stretches(config: FeedforwardConfig) -> bool:
    """Whether a run is of the kind that is trained by stretches."""
    rectified = config.network.activation == "relu"
    return config.rule.kind == "sgd" and rectified and not config.noise.input_scale


class StretchTrainer:
    """Trains one configuration, of which `has_stretches` holds, on one dataset."""

    def __init__(self, config: FeedforwardConfig, dataset: Dataset) -> None:
        self._seed = config.seed
        self._dtype = np.dtype(config.precision)
        inputs, rotation = rotation_of(dataset.inputs, self._dtype)
        batch = Batch(
            inputs=pad_samples(inputs, self._dtype),
            targets=pad_samples(dataset.targets, self._dtype),
            n_samples=len(inputs),
        )
        number: Any = self._dtype.type  # numba tells float32 from float64 by the type of the value
        self._descent = Descent(
            batch=batch,
            reach=np.linalg.norm(batch.inputs, axis=1),
            rotation=rotation,
            noise=noise_of(config, self._dtype),
            learning_rate=number(config.rule.learning_rate),
            walk_key=stream_key(config.seed, FREE_WALK),
        )
        units = config.network.hidden_units
        self._work = workspace(units, self._descent.batch, config.task.input_dim)

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        """The network after `steps` more updates; `state` stays as it is."""
        units, stop = len(state.biases), state.step + steps
        rows, start = stretch_start(state)
        weights = pack(rows, self._dtype)
        fork_key = stream_key(self._seed, f"{FREE_WALK} from step {start}")
        work = self._work
        work.walked[:] = weights
        train_stretches(weights, units, self._descent, work, fork_key, start, stop)
        return within_stretch(
            state,
            stop,
            unpack(work.walked, units),
            unpack(weights, units),
            max(start, stop // STRETCH * STRETCH),
        )
