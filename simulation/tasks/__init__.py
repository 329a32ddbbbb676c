"""Tasks: what a network is trained on, and the latent variable behind it."""

from __future__ import annotations

from simulation.config import RunConfig
from simulation.config.tasks import (
    AbstractPredictiveTask,
    CorridorTask,
    GridToPlaceTask,
    RandomAutoencoderTask,
    RandomTask,
    RingTask,
    SmoothedAutoencoderTask,
    SmoothedRandomTask,
)
from simulation.noise.streams import generator
from simulation.tasks.arenas import evaluate, furnish, morphed
from simulation.tasks.dataset import Dataset, Walk
from simulation.tasks.grid_to_place import grid_to_place_dataset
from simulation.tasks.random import (
    random_autoencoder_dataset,
    random_dataset,
    smoothed_autoencoder_dataset,
    smoothed_random_dataset,
)
from simulation.tasks.ring import ring_dataset

__all__ = ["Dataset", "Walk", "make_dataset", "make_evaluation", "make_morphed"]

EVALUATION_SAMPLES = 10_000


def make_dataset(config: RunConfig) -> Dataset:
    """The training samples of a run: a function of its task and seed alone."""
    random = generator(config.seed, "task")
    match config.task:
        case CorridorTask() | AbstractPredictiveTask() as task:
            return furnish(task, config.seed)[1]
        case RandomTask() as task:
            return random_dataset(task, random)
        case SmoothedRandomTask() as task:
            return smoothed_random_dataset(task, random)
        case RandomAutoencoderTask() as task:
            return random_autoencoder_dataset(task, random)
        case SmoothedAutoencoderTask() as task:
            return smoothed_autoencoder_dataset(task, random)
        case RingTask() as task:
            return ring_dataset(task)
        case GridToPlaceTask() as task:
            return grid_to_place_dataset(task)


def make_evaluation(config: RunConfig, samples: int = EVALUATION_SAMPLES) -> Dataset | None:
    """A long walk through each arena of the training samples; None where there is no arena.

    Same scenery, same movement statistics, and the scaling constants of the training samples, so
    that the network sees the same view at the same place; values may slightly exceed [-1, 1].
    The walk itself is drawn independently of the training walk.
    """
    if not isinstance(config.task, CorridorTask | AbstractPredictiveTask):
        return None
    return evaluate(furnish(config.task, config.seed)[0], config.seed, samples)


def make_morphed(config: RunConfig, grade: float, samples: int = EVALUATION_SAMPLES) -> Dataset:
    """The walk of `make_evaluation` through scenery that is changed by `grade` (0: not at all).

    See `simulation.tasks.arenas.morphed`. The task must be one that has an arena.
    """
    assert isinstance(config.task, CorridorTask | AbstractPredictiveTask)
    arenas = furnish(config.task, config.seed)[0]
    return evaluate(morphed(arenas, config.seed, grade), config.seed, samples)
