"""Tasks that take place somewhere: their arenas, walks through them, and unfamiliar scenery.

A corridor task may have several arenas of the same shape. Each has scenery and walks from random
streams of its own; those of the first are the ones of a task with one arena.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simulation.config.tasks import AbstractPredictiveTask, CorridorTask
from simulation.noise.streams import generator
from simulation.tasks.abstract_predictive import Ring, draw_scenery, run_round
from simulation.tasks.corridor import Corridor, draw_texture, walk_about
from simulation.tasks.dataset import Dataset, FloatArray, joined

Arena = Corridor | Ring
ArenaTask = CorridorTask | AbstractPredictiveTask

FEWEST_PER_ARENA = 2_000
"""Samples of a long walk that each of several arenas gets at least."""


def furnish(task: ArenaTask, seed: int) -> tuple[list[Arena], Dataset]:
    """The arenas of a task, and the training samples: walks through them, one after the other.

    Several arenas share the N samples evenly, the first ones taking one more of what is left. The
    scaling to [-1, 1] is over all of them, so that a wall keeps its brightness among the others.
    """
    if isinstance(task, AbstractPredictiveTask):
        scenery = draw_scenery(generator(seed, "arena"))
        path = run_round(task, task.n_samples, generator(seed, "task"))
        ring = Ring.furnish(task, scenery, path)
        return [ring], ring.dataset(path)
    count = task.environments
    textures = [draw_texture(task, _stream(seed, "arena", n)) for n in range(count)]
    paths = [
        walk_about(task, task.n_samples // count + (n < task.n_samples % count), random)
        for n, random in enumerate(_stream(seed, "task", n) for n in range(count))
    ]
    corridors = Corridor.furnish(task, textures, paths)
    samples = (corridor.dataset(path) for corridor, path in zip(corridors, paths, strict=True))
    return [*corridors], joined(list(samples))


def evaluate(arenas: Sequence[Arena], seed: int, samples: int) -> Dataset:
    """Long walks, drawn independently of the training walks: always the same ones of a seed.

    Several arenas share `samples`, with at least `FEWEST_PER_ARENA` (or `samples`) each.
    """
    each = max(samples // len(arenas), min(samples, FEWEST_PER_ARENA))
    random = (_stream(seed, "evaluation", n) for n in range(len(arenas)))
    return joined([arena.roam(each, stream) for arena, stream in zip(arenas, random, strict=True)])


def morphed(arenas: Sequence[Arena], seed: int, grade: float) -> list[Arena]:
    """The arenas with their scenery changed by `grade`, from 0 (familiar) to 1 (unrelated).

    The scenery of grade g is cos(g pi/2) A + sin(g pi/2) B: A is the familiar one, B random one
    of the same statistics, made orthogonal to A and as contrasty. So the contrast stays what it
    is, and the correlation with the familiar scenery is cos(g pi/2) exactly. The scaling of what
    is seen stays that of the familiar arena.
    """
    return [
        replace(arena, scenery=_mixed(arena, _stream(seed, "probe", n), grade))
        for n, arena in enumerate(arenas)
    ]


def _mixed(arena: Arena, random: np.random.Generator, grade: float) -> FloatArray:
    familiar = arena.scenery  # without a mean, as is the other
    other = arena.unrelated(random)
    other -= familiar * (other @ familiar) / (familiar @ familiar)
    other *= np.linalg.norm(familiar) / np.linalg.norm(other)
    angle = grade * math.pi / 2
    return math.cos(angle) * familiar + math.sin(angle) * other


def _stream(seed: int, name: str, number: int) -> np.random.Generator:
    """The random stream of that use in arena `number`, from 0."""
    return generator(seed, f"{name}-{number + 1}" if number else name)
