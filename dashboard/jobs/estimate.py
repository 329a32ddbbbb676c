"""How long a live run will take here: from speeds measured on this machine, never assumed.

The cost of each part of a run is linear in a few sizes of its configuration. The coefficients are
measured by `calibration`, in the process that compiles the engine when the server starts.
"""

from __future__ import annotations

import platform
from pathlib import Path

from simulation import __version__
from simulation.archive import files
from simulation.archive.store import LocalStore, Place
from simulation.config import FeedforwardConfig, RunConfig, SimilarityConfig
from simulation.config.schedule import curve_steps, hessian_steps, snapshot_steps
from simulation.errors import ArchiveError
from simulation.tasks.arenas import FEWEST_PER_ARENA

EVALUATION_SAMPLES = 10_000
SAMPLES_KEPT = 1_000
PLACES = 200
RESPONSES = 200
"""Inputs at most that responses of similarity matching are measured on."""
PASSES_PER_MORPH = 2
"""A probe of changed scenery walks once for the rate maps and once for the loss."""
TIMED_RULES = ("sgd", "adam", "rmsprop", "sed", "hebbian")
SMOOTH = ("leaky_relu", "softplus", "tanh", "sigmoid")
"""Activations whose cost shows beside that of the rectifier."""

Speeds = dict[str, list[float]]
"""Seconds per unit of each size, for each part of a run."""


def estimate(config: RunConfig, speeds: Speeds | None) -> float | None:
    """Seconds that training and recording take while every unit is active; None: not measured.

    Runs get faster as units fall silent, so this is about the longest it can take. Similarity
    matching is timed after some learning.
    """
    if speeds is None or not is_measured(config.rule.kind, speeds):
        return None
    return sum(
        count * sum(a * b for a, b in zip(speeds[part], sizes(config)[part], strict=True))
        for part, count in _counts(config).items()
    )


def sizes(config: RunConfig) -> dict[str, list[float]]:
    """What the cost of each part of a run grows with."""
    if isinstance(config, SimilarityConfig):
        return _similarity_sizes(config)
    assert isinstance(config, FeedforwardConfig)
    task, noise = config.task, config.noise
    units, samples = config.network.hidden_units, task.n_samples
    perturbed = bool(noise.label_scale) * task.output_dim + bool(noise.input_scale) * task.input_dim
    walked = max(EVALUATION_SAMPLES, config.arenas * FEWEST_PER_ARENA)
    shown = walked if task.has_position else min(samples, SAMPLES_KEPT)
    places = PLACES if task.has_position else shown
    curved = units * (min(samples, task.input_dim + 1) + task.output_dim)
    within = curved <= config.schedule.hessian_limit
    step = [
        1.0,
        config.parameter_count,
        config.parameter_count * samples,
        config.parameter_count * bool(noise.update_scale),
        samples * perturbed,
        *(units * samples * (config.network.activation == name) for name in SMOOTH),
    ]
    return {
        _step_part(config.rule.kind, config.precision): step,
        "curve": [1.0, shown * units],
        "snapshot": [1.0, shown * units],
        "pair": [1.0, units * places],
        "hessian": [1.0, float(within) * curved**3],
    }


def _similarity_sizes(config: SimilarityConfig) -> dict[str, list[float]]:
    """The neural dynamics take 1 / dt steps a time constant, and from grid cells many of these;
    responses are solved for."""
    units, shown = config.network.hidden_units, min(config.task.n_samples, RESPONSES)
    dynamics = units**2 / config.network.time_step
    return {
        _step_part(config.rule.kind, config.precision): [
            1.0,
            config.parameter_count,
            dynamics,
            dynamics * (config.task.kind == "grid_to_place"),
        ],
        "responses": [1.0, shown * units, shown * units**2, shown * units**3],
        "pair": [1.0, units * config.task.map_values],
    }


def _counts(config: RunConfig) -> dict[str, float]:
    """How often each part happens in a run."""
    schedule, first = config.schedule, config.parent.step
    snapshots = len(snapshot_steps(schedule, first))
    if isinstance(config, SimilarityConfig):
        return {
            _step_part(config.rule.kind, config.precision): schedule.steps - first,
            "responses": len(curve_steps(schedule, first)) + snapshots,
            "pair": snapshots * (snapshots + 1) / 2,
        }
    assert isinstance(config, FeedforwardConfig)
    schedule = config.schedule
    morphs = config.probe.morphs
    probed = snapshots * (morphs + 1) * PASSES_PER_MORPH if morphs else 0
    return {
        _step_part(config.rule.kind, config.precision): schedule.steps - first,
        "curve": len(curve_steps(schedule, first)) + probed,
        "snapshot": snapshots,
        "pair": snapshots * (snapshots + 1) / 2,
        "hessian": len(hessian_steps(schedule, first)),
    }


def is_measured(rule: str, speeds: Speeds) -> bool:
    """Whether `speeds` say how long a step of this rule takes (and a recording)."""
    return _step_part(rule, "float64") in speeds


def _step_part(rule: str, precision: str) -> str:
    return f"step_{rule}_{precision}"


def read_speeds(cache: Path) -> Speeds | None:
    """What was measured on this machine; None if nothing was."""
    try:
        return files.read_json(_place(cache))
    except (FileNotFoundError, ArchiveError):
        return None


def write_speeds(cache: Path, speeds: Speeds) -> None:
    """Keep `speeds` for this machine."""
    cache.mkdir(parents=True, exist_ok=True)
    files.write_json(_place(cache), dict(speeds), durable=False)


def _place(cache: Path) -> Place:
    return Place(LocalStore(cache)) / f"speeds-{platform.node()}-{__version__}.json"
