"""Small similarity-matching networks for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.config import SimilarityConfig
from simulation.config.run_config import RunConfig
from simulation.models.similarity import SimilarityState, initial_state
from simulation.tasks import make_dataset

RING: dict[str, Any] = {
    "task.kind": "ring",
    "task.n_samples": 60,
    "network.hidden_units": 21,
}
GRID: dict[str, Any] = {
    "task.kind": "grid_to_place",
    "task.n_samples": 50,
    "task.spacings": 3,
    "task.orientations": 2,
    "task.offsets": 2,
    "network.hidden_units": 33,
    "network.weight_scale": 0.5,
    "network.threshold": 0.02,
    "network.bias_strength": 5.0,
    "rule.learning_rate": 0.02,
    "rule.feedforward_noise": 0.005,
    "rule.lateral_noise": 0.01,
}


def configure(base: dict[str, Any], **values: Any) -> SimilarityConfig:
    """`values` are dotted fields with __ for the dot."""
    changes = {name.replace("__", "."): value for name, value in values.items()}
    config = RunConfig.parse(base | changes)
    assert isinstance(config, SimilarityConfig)
    return config


def learned_state(config: SimilarityConfig, steps: int = 400) -> SimilarityState:
    """The network after some learning."""
    from simulation.running import trainable_of

    engine = trainable_of(config).engine("compiled", make_dataset(config))
    return engine.advance(initial_state(config), steps)


def arrays(state: SimilarityState) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return state.feedforward_weights, state.lateral_weights, state.biases
