"""Measures how fast this machine runs each part of a run, on a few small configurations.

The coefficients are a non-negative least squares fit of relative errors: a fast configuration
counts as much as a slow one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from dashboard.jobs.estimate import PLACES, SMOOTH, Speeds, sizes
from simulation.config import FeedforwardConfig, RunConfig, SimilarityConfig
from simulation.config.rules import HebbianRule
from simulation.engines import Engine, create_engine
from simulation.metrics.curvature import hessian_spectrum
from simulation.metrics.population import population_vector_correlation, rate_map_correlation
from simulation.models import similarity
from simulation.models.feedforward import NetworkState, initial_state
from simulation.recording.recorder import Recorder
from simulation.recording.similarity import measured_inputs
from simulation.tasks import make_dataset, make_evaluation
from simulation.tasks.dataset import Dataset

TIMING_SECONDS = 0.02
MOST_PARAMETERS = 1_600

CONFIGURATIONS: list[dict[str, Any]] = [
    {"task.n_samples": 5, "network.hidden_units": 30, "noise.update_scale": 0.01},
    {"task.n_samples": 5, "network.hidden_units": 100, "noise.update_scale": 0.01},
    {"task.n_samples": 5, "network.hidden_units": 100},
    {"task.n_samples": 40, "network.hidden_units": 60, "noise.label_scale": 0.1},
    {"task.n_samples": 200, "network.hidden_units": 60, "noise.input_scale": 0.1},
    {"task.n_samples": 150, "network.hidden_units": 200},
    *({"task.n_samples": 20, "network.activation": name} for name in SMOOTH),
    {"task.kind": "corridor", "task.n_samples": 20, "network.hidden_units": 30},
    {"task.kind": "corridor", "task.n_samples": 20, "network.hidden_units": 120},
]
MATCHING: list[dict[str, Any]] = [
    {"task.kind": "ring", "network.hidden_units": 30},
    {"task.kind": "ring", "network.hidden_units": 100},
    {"task.kind": "ring", "network.hidden_units": 200, "task.n_samples": 50},
    {"task.kind": "ring", "network.hidden_units": 60, "network.time_step": 0.2},
    {"task.kind": "grid_to_place", "network.hidden_units": 100},
]
LEARNED_STEPS = {"ring": 400, "grid_to_place": 2_000}
"""Steps before similarity matching is timed: those from grid cells get slower as it learns."""


def measure(rule: str, configurations: Sequence[dict[str, Any]] = ()) -> Speeds:
    """Time the steps of a rule, and with gradient descent all other parts of a run.

    Similarity matching, which has one rule, is timed whole. `configurations` : instead of those
    of the rule's model. Returns the fitted seconds per size.
    """
    timings: dict[str, list[tuple[list[float], float]]] = defaultdict(list)
    usual = MATCHING if rule == HebbianRule().kind else CONFIGURATIONS
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
    if isinstance(config, SimilarityConfig):
        yield from _similarity_parts(config)
        return
    assert isinstance(config, FeedforwardConfig)
    dataset, state = make_dataset(config), initial_state(config)
    engine = create_engine("compiled", config, dataset)
    yield f"step_{config.rule.kind}_{config.precision}", _step(engine, state)
    if config.precision == "float64" or config.rule.kind != "sgd":
        return
    yield from _recording(config, dataset, state)
    maps = np.random.default_rng(0).random((config.network.hidden_units, PLACES), np.float32)
    if config.task.has_position:
        yield "pair", _time(lambda: _compare(maps))
    limit = config.parameter_count
    if limit <= MOST_PARAMETERS:
        solve = partial(hessian_spectrum, state, dataset.inputs, dataset.targets, limit)
        yield "hessian", _time(solve)


def _similarity_parts(config: SimilarityConfig) -> Iterator[tuple[str, float]]:
    dataset = make_dataset(config)
    engine = create_engine("compiled", config, dataset)
    state = engine.advance(similarity.initial_state(config), LEARNED_STEPS[config.task.kind])
    yield f"step_{config.rule.kind}_{config.precision}", _step(engine, state)
    if config.precision == "float32":
        inputs = dataset.inputs[measured_inputs(len(dataset.inputs))]
        yield "responses", _time(partial(similarity.responses, state, inputs))


def _step(engine: Engine, state: Any) -> float:
    """Seconds a training step."""
    steps = 1
    while (seconds := _time(partial(engine.advance, state, steps))) < TIMING_SECONDS:
        steps *= 4
    return seconds / steps


class _Nowhere:
    """Takes the place of a run's writer."""

    def append(self, table: str, **columns: Any) -> None:
        pass

    def append_row(self, table: str, row: Mapping[str, Any]) -> None:
        pass


def _recording(
    config: FeedforwardConfig, dataset: Dataset, state: NetworkState
) -> Iterator[tuple[str, float]]:
    """Seconds a recording of the curves, and one of everything but the Hessian."""
    short = {"snapshots": 2, "hessian_snapshots": 0}
    config = config.model_copy(update={"schedule": config.schedule.model_copy(update=short)})
    recorder = Recorder(config, dataset, make_evaluation(config), _Nowhere())  # type: ignore[arg-type]
    between = replace(state, step=recorder.steps[1])
    yield "curve", _time(partial(recorder.record, between))
    yield "snapshot", _time(partial(recorder.record, state))


def _compare(maps: NDArray[np.float32]) -> None:
    tuned = np.ones(len(maps), bool)
    rate_map_correlation(maps, maps, tuned, tuned)
    population_vector_correlation(maps, maps)


def _time(work: Callable[[], object]) -> float:
    """Processor seconds that `work` takes, whatever else the machine does; the best of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)
