"""Models: the state of each network, how it starts and answers, and what applies to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulation.config import RunConfig
from simulation.models.feedforward import Feedforward
from simulation.models.model import Model
from simulation.models.similarity import SimilarityMatching

__all__ = ["Model", "model_of"]

_MODELS: dict[str, Callable[[Any], Model[Any]]] = {
    "feedforward": Feedforward,
    "similarity_matching": SimilarityMatching,
}


def model_of(config: RunConfig) -> Model[Any]:
    """The model of a configuration, whichever it is."""
    return _MODELS[config.model](config)
