"""Measures how fast this machine runs each part of a run, on a few small configurations.

The coefficients are a non-negative least squares fit of relative errors: a fast configuration
counts as much as a slow one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import nnls

from dashboard.jobs.estimate import Speeds, sizes
from simulation.config import RunConfig
from simulation.engines import Engine
from simulation.models.model import State
from simulation.running import trainable_of
from simulation.tasks import make_dataset

TIMING_SECONDS = 0.02


def measure(rule: str, configurations: Sequence[dict[str, Any]] = ()) -> Speeds:
    """Time the steps of a rule, and with its model's first rule all other parts of a run.

    `configurations` : instead of those of the rule's model. Returns the fitted seconds per size.
    """
    timings: dict[str, list[tuple[list[float], float]]] = defaultdict(list)
    usual = trainable_of(RunConfig.parse({"rule.kind": rule})).trials
    for values in configurations or usual:
        for precision in ("float32", "float64"):
            config = RunConfig.parse({**values, "rule.kind": rule, "precision": precision})
            for part, seconds in _parts(config):
                timings[part].append((sizes(config)[part], seconds))
    return {part: fit(rows) for part, rows in timings.items()}


def fit(rows: Sequence[tuple[list[float], float]]) -> list[float]:
    """Coefficients >= 0 with which sizes give seconds; `rows` are (sizes, seconds)."""
    design = np.array([[value / seconds for value in row] for row, seconds in rows])
    scale = design.max(axis=0, initial=0)
    scale[scale == 0] = 1
    solution, _ = nnls(design / scale, np.ones(len(rows)))
    return [float(value) for value in solution / scale]


def _parts(config: RunConfig) -> Iterator[tuple[str, float]]:
    trainable, dataset = trainable_of(config), make_dataset(config)
    engine = trainable.engine("compiled", dataset)
    state = engine.advance(trainable.model.start(), trainable.steps_before_timing)
    yield trainable.step_part, _step(engine, state)
    for part, work in trainable.work(dataset, state):
        yield part, _time(work)


def _step(engine: Engine[State], state: State) -> float:
    """Seconds a training step."""
    steps = 1
    while (seconds := _time(partial(engine.advance, state, steps))) < TIMING_SECONDS:
        steps *= 4
    return seconds / steps


def _time(work: Callable[[], object]) -> float:
    """Processor seconds that `work` takes, whatever else the machine does; the best of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)
