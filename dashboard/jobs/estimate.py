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
from simulation.config import RunConfig
from simulation.errors import ArchiveError
from simulation.running import trainable_of
from simulation.running.trainable import step_part

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
        part.count * sum(a * b for a, b in zip(speeds[name], part.sizes, strict=True))
        for name, part in trainable_of(config).parts().items()
    )


def sizes(config: RunConfig) -> dict[str, list[float]]:
    """What the cost of each part of a run grows with."""
    return {name: part.sizes for name, part in trainable_of(config).parts().items()}


def is_measured(rule: str, speeds: Speeds) -> bool:
    """Whether `speeds` say how long a step of this rule takes (and a recording)."""
    return step_part(rule, "float64") in speeds


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
