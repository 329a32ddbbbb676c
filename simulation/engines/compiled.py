"""The fast engine: numba kernels, one core, the interpreter lock released.

It implements `simulation.rules.sgd` with update, label and input noise. Given the same noise it
follows the reference engine to rounding (a test holds it to 1e-12 over 300 steps in float64). Any
sequence of calls that covers the same steps gives the same bits, on any thread, in any process of
one machine. How: `kernels/panels.py` (layout), `network.py`, `silent.py`, `noise.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.engines.kernels.panels import pack, pad_samples, unpack
from simulation.engines.kernels.training import Batch, Rule, train, workspace
from simulation.models.feedforward import NetworkState
from simulation.step_noise import INPUT_NOISE, LABEL_NOISE, UPDATE_NOISE, stream_key
from simulation.tasks.dataset import Dataset


class CompiledEngine:
    """See `simulation.engines.Engine`."""

    name = "compiled"
    version = "1"

    def __init__(self, config: FeedforwardConfig, dataset: Dataset) -> None:
        self._dtype = np.dtype(config.precision)
        self._batch = Batch(
            inputs=pad_samples(dataset.inputs, self._dtype, constant=True),
            targets=pad_samples(dataset.targets, self._dtype),
            n_samples=len(dataset.inputs),
        )
        self._rule = _rule(config, self._dtype)

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        """The network after `steps` more updates; `state` stays as it is."""
        units = len(state.biases)
        weights = pack(state, self._dtype)
        work = workspace(weights, self._batch, units)
        train(weights, units, self._batch, self._rule, work, state.step, steps)
        return unpack(weights, state, state.step + steps)


def _rule(config: FeedforwardConfig, dtype: np.dtype[Any]) -> Rule:
    noise = config.noise
    number: Any = dtype.type  # numba tells float32 from float64 by the type of the value
    return Rule(
        learning_rate=number(config.rule.learning_rate),
        update_scale=number(noise.update_scale),
        label_scale=number(noise.label_scale),
        label_is_gaussian=noise.label_distribution == "gaussian",
        input_scale=number(noise.input_scale),
        update_key=stream_key(config.seed, UPDATE_NOISE),
        label_key=stream_key(config.seed, LABEL_NOISE),
        input_key=stream_key(config.seed, INPUT_NOISE),
    )
