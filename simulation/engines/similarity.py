"""The plain engine of the similarity-matching network: numpy, one step at a time."""

from __future__ import annotations

import numpy as np

from simulation.config import SimilarityConfig
from simulation.models.similarity import REST, SimilarityState, settle
from simulation.noise.step_noise import (
    FEEDFORWARD_NOISE,
    INPUT_ORDER,
    LATERAL_NOISE,
    step_choice,
    step_normals,
)
from simulation.rules.hebbian import Weights, hebbian
from simulation.tasks.dataset import Dataset


class SimilarityReferenceEngine:
    """See `simulation.engines.Engine`."""

    name = "reference"
    version = "1"

    def __init__(self, config: SimilarityConfig, dataset: Dataset) -> None:
        self._config = config
        self._inputs = dataset.inputs.astype(config.precision)

    def advance(self, state: SimilarityState, steps: int) -> SimilarityState:
        """The network after `steps` more updates; `state` stays as it is."""
        weights = (
            state.feedforward_weights.copy(),
            state.lateral_weights.copy(),
            state.biases.copy(),
        )
        for step in range(state.step, state.step + steps):
            weights = self._update(weights, step)
        return SimilarityState(state.step + steps, *weights, self._config.network)

    def _update(self, weights: Weights, step: int) -> Weights:
        network, rule = self._config.network, self._config.rule
        number = self._inputs.dtype.type
        seed, units = self._config.seed, len(weights[2])
        x = self._inputs[step_choice(seed, INPUT_ORDER, step, len(self._inputs))]
        drive = weights[0] @ x - number(np.sqrt(network.bias_strength)) * weights[2]
        y = settle(drive[:, None], weights[1], network, REST)[:, 0]
        return hebbian(
            weights,
            x,
            y,
            (self._noise(FEEDFORWARD_NOISE, step, units), self._noise(LATERAL_NOISE, step, units)),
            learning_rate=rule.learning_rate,
            bias_strength=network.bias_strength,
            feedforward_noise=rule.feedforward_noise,
            lateral_noise=rule.lateral_noise,
        )

    def _noise(self, stream: str, step: int, units: int) -> np.ndarray:
        """xi of one step. Its elements are ordered by sending unit (or input), then by receiver."""
        senders = self._inputs.shape[1] if stream == FEEDFORWARD_NOISE else units
        xi = step_normals(self._config.seed, stream, step, senders * units)
        return xi.astype(self._inputs.dtype).reshape(senders, units).T
