"""The abstract predictive task: a view of a ring of random scenery, predict the next view.

Ratzon, Derdikman & Barak, eLife 12:RP90069, methods ('abstract predictive task').
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.config.tasks import AbstractPredictiveTask
from simulation.tasks.dataset import Dataset, FloatArray, Scaling, Walk
from simulation.tasks.scenery import look_up, smooth_circularly

RING_LENGTH = 120
"""Units round the ring; the scenery has one value a unit."""
SCENERY_STD = 4
"""Standard deviation of the Gaussian that smooths the scenery, in units."""
VIEW_LENGTH = 30
"""How far ahead the agent sees, in units."""
MEAN_LAPS = 10
"""Laps of the ring that a training walk makes on average."""


def draw_scenery(random: np.random.Generator) -> FloatArray:
    """Uniform noise round the ring, smoothed."""
    return smooth_circularly(random.random(RING_LENGTH), SCENERY_STD / RING_LENGTH)


def run_round(task: AbstractPredictiveTask, steps: int, random: np.random.Generator) -> FloatArray:
    """Positions of `steps` + 1 moments, from 0; each step is uniform(0, 20 * 120 / N)."""
    strides = random.uniform(0, 2 * MEAN_LAPS * RING_LENGTH / task.n_samples, steps)
    return np.concatenate([[0.0], np.cumsum(strides)]) % RING_LENGTH


def view(task: AbstractPredictiveTask, scenery: FloatArray, position: FloatArray) -> FloatArray:
    """What is seen at each position: (T, D) scenery values spread over the view, unscaled."""
    ahead = np.linspace(0, VIEW_LENGTH, task.input_dim)
    return look_up(scenery, position[:, None] + ahead, RING_LENGTH)


@dataclass(frozen=True)
class Ring:
    """A ring with its scaling: turns walks into samples comparable with each other."""

    task: AbstractPredictiveTask
    scenery: FloatArray
    view_in: Scaling
    view_out: Scaling

    @classmethod
    def furnish(
        cls, task: AbstractPredictiveTask, scenery: FloatArray, training: FloatArray
    ) -> Ring:
        """The ring of that scenery, scaled so that the training positions span its ranges."""
        seen = view(task, scenery, training)
        return cls(
            task,
            scenery,
            Scaling.of(seen[:-1], task.lowest_input),
            Scaling.of(seen[1:], task.lowest_target),
        )

    def roam(self, steps: int, random: np.random.Generator) -> Dataset:
        """The samples of a walk of `steps` moves round it."""
        return self.dataset(run_round(self.task, steps, random))

    def unrelated(self, random: np.random.Generator) -> FloatArray:
        """Another scenery of the same statistics."""
        return draw_scenery(random)

    def dataset(self, position: FloatArray) -> Dataset:
        """Inputs: the view at each position but the last; targets: the view one step later."""
        seen = view(self.task, self.scenery, position)
        walk = Walk(
            position=position[:-1],
            direction=np.zeros(len(position) - 1, np.int8),
            track_length=float(RING_LENGTH),
            directions=1,
            circular=True,
        )
        return Dataset(self.view_in(seen[:-1]), self.view_out(seen[1:]), walk)
