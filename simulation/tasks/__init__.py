"""Tasks: what a network is trained on, and the latent variable behind it."""

from __future__ import annotations

from simulation.config import RunConfig
from simulation.config.tasks import (
    AbstractPredictiveTask,
    CorridorTask,
    RandomTask,
    SmoothedRandomTask,
)
from simulation.streams import generator
from simulation.tasks.abstract_predictive import Ring, draw_scenery, run_round
from simulation.tasks.corridor import Corridor, draw_texture, walk_about
from simulation.tasks.dataset import Dataset, Walk
from simulation.tasks.random import random_dataset, smoothed_random_dataset

__all__ = ["Dataset", "Walk", "make_dataset", "make_evaluation"]


def make_dataset(config: RunConfig) -> Dataset:
    """The training samples of a run: a function of its task and seed alone."""
    task = config.task
    if isinstance(task, CorridorTask):
        return _corridor(task, config.seed)[1]
    if isinstance(task, AbstractPredictiveTask):
        return _ring(task, config.seed)[1]
    random = generator(config.seed, "task")
    if isinstance(task, RandomTask):
        return random_dataset(task, random)
    assert isinstance(task, SmoothedRandomTask)
    return smoothed_random_dataset(task, random)


def make_evaluation(config: RunConfig, samples: int = 10_000) -> Dataset | None:
    """A long walk through the arena of the training samples; None where there is no position.

    Same scenery, same movement statistics, and the scaling constants of the training samples, so
    that the network sees the same view at the same place; values may slightly exceed [-1, 1].
    The walk itself is drawn independently of the training walk.
    """
    task = config.task
    random = generator(config.seed, "evaluation")
    if isinstance(task, CorridorTask):
        return _corridor(task, config.seed)[0].dataset(walk_about(task, samples, random))
    if isinstance(task, AbstractPredictiveTask):
        return _ring(task, config.seed)[0].dataset(run_round(task, samples, random))
    return None


def _corridor(task: CorridorTask, seed: int) -> tuple[Corridor, Dataset]:
    texture = draw_texture(task, generator(seed, "arena"))
    training = walk_about(task, task.n_samples, generator(seed, "task"))
    corridor = Corridor.furnish(task, texture, training)
    return corridor, corridor.dataset(training)


def _ring(task: AbstractPredictiveTask, seed: int) -> tuple[Ring, Dataset]:
    scenery = draw_scenery(generator(seed, "arena"))
    training = run_round(task, task.n_samples, generator(seed, "task"))
    ring = Ring.furnish(task, scenery, training)
    return ring, ring.dataset(training)
