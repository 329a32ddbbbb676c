"""In which order runs are made, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from simulation.archive import Archive, Status
from simulation.config import RunConfig
from simulation.models import model_of

T = TypeVar("T")

_GOLDEN_SHARE = 0.6180339887498949
_STEP_OVERHEAD = 10_000
"""What every step costs beside its arithmetic, in multiply-adds."""


def spread(items: Sequence[T]) -> list[T]:
    """The same in an order whose every beginning spans the whole: half a sweep is fair too."""
    order = sorted(range(len(items)), key=lambda place: place * _GOLDEN_SHARE % 1)
    return [items[place] for place in order]


def missing(configs: Iterable[RunConfig], archive: Archive) -> list[RunConfig]:
    """Those that the archive does not hold, or holds cut short."""
    runs = archive.runs(["run_id", "status"])
    settled = {
        run_id
        for run_id, status in zip(runs["run_id"], runs["status"], strict=True)
        if Status(status).settled
    }
    return [config for config in configs if config.run_id not in settled]


def steps_of(config: RunConfig) -> int:
    """How many steps a run takes itself."""
    return config.schedule.steps - config.parent.step


def cost(config: RunConfig) -> float:
    """Arithmetic of a run, up to a factor: parameters times samples a step."""
    samples = model_of(config).samples_a_step
    return float(steps_of(config) * (config.parameter_count * samples + _STEP_OVERHEAD))
