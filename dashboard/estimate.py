"""How long a live run will take here: from speeds measured on this machine, never assumed.

The cost of each part of a run is linear in a few sizes of its configuration. The coefficients are
measured by `calibration`, in the process that compiles the engine when the server starts.
"""

from __future__ import annotations

import platform
from pathlib import Path

from simulation import __version__
from simulation.archive import files
from simulation.config import FeedforwardConfig
from simulation.errors import ArchiveError
from simulation.schedule import curve_steps, hessian_steps, snapshot_steps

EVALUATION_SAMPLES = 10_000
SAMPLES_KEPT = 1_000
PLACES = 200

Speeds = dict[str, list[float]]
"""Seconds per unit of each size, for each part of a run."""


def estimate(config: FeedforwardConfig, speeds: Speeds | None) -> float | None:
    """Seconds that training and recording take while every unit is active; None: not measured.

    Runs get faster as units fall silent, so this is about the longest it can take.
    """
    if speeds is None:
        return None
    return sum(
        count * sum(a * b for a, b in zip(speeds[part], sizes(config)[part], strict=True))
        for part, count in _counts(config).items()
    )


def sizes(config: FeedforwardConfig) -> dict[str, list[float]]:
    """What the cost of each part of a run grows with."""
    task, noise = config.task, config.noise
    units, samples = config.network.hidden_units, task.n_samples
    perturbed = bool(noise.label_scale) * task.output_dim + bool(noise.input_scale) * task.input_dim
    shown = EVALUATION_SAMPLES if task.has_position else min(samples, SAMPLES_KEPT)
    places = PLACES if task.has_position else shown
    curved = units * (min(samples, task.input_dim + 1) + task.output_dim)
    within = curved <= config.schedule.hessian_limit
    step = [
        1.0,
        config.parameter_count * samples,
        config.parameter_count * bool(noise.update_scale),
        samples * perturbed,
    ]
    return {
        f"step_{config.precision}": step,
        "curve": [1.0, shown * units],
        "snapshot": [1.0, shown * units],
        "pair": [1.0, units * places],
        "hessian": [1.0, float(within) * curved**3],
    }


def _counts(config: FeedforwardConfig) -> dict[str, float]:
    """How often each part happens in a run."""
    snapshots = len(snapshot_steps(config.schedule))
    return {
        f"step_{config.precision}": config.schedule.steps,
        "curve": len(curve_steps(config.schedule)),
        "snapshot": snapshots,
        "pair": snapshots * (snapshots + 1) / 2,
        "hessian": len(hessian_steps(config.schedule)),
    }


def read_speeds(cache: Path) -> Speeds | None:
    """What was measured on this machine; None if nothing was."""
    try:
        return files.read_json(_path(cache))
    except (FileNotFoundError, ArchiveError):
        return None


def write_speeds(cache: Path, speeds: Speeds) -> None:
    """Keep `speeds` for this machine."""
    cache.mkdir(parents=True, exist_ok=True)
    files.write_json(_path(cache), dict(speeds), durable=False)


def _path(cache: Path) -> Path:
    return cache / f"speeds-{platform.node()}-{__version__}.json"
