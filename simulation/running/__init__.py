"""From a configuration to an archived run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulation.config import RunConfig
from simulation.running.feedforward import TrainableFeedforward
from simulation.running.similarity import TrainableSimilarity
from simulation.running.trainable import Trainable

__all__ = ["Trainable", "trainable_of"]

_TRAINABLE: dict[str, Callable[[Any], Trainable[Any]]] = {
    "feedforward": TrainableFeedforward.of,
    "similarity_matching": TrainableSimilarity.of,
}


def trainable_of(config: RunConfig) -> Trainable[Any]:
    """The model of a configuration with what trains and measures it, whichever it is."""
    return _TRAINABLE[config.model](config)
