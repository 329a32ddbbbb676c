"""An archive with small real runs, made in a few seconds, for tests of what shows them."""

from __future__ import annotations

from pathlib import Path

from simulation.archive import Archive
from simulation.config import RunConfig
from simulation.running.run import execute

CORRIDOR = RunConfig.parse(
    {
        "task.kind": "corridor",
        "task.n_samples": 40,
        "task.rays": 6,
        "network.hidden_units": 24,
        "noise.update_scale": 0.1,
        "schedule.steps": 20_000,
        "schedule.curve_points": 120,
        "schedule.snapshots": 12,
        "schedule.hessian_snapshots": 4,
    }
)
RANDOM = RunConfig.parse(
    {
        "network.hidden_units": 20,
        "noise.update_scale": 0.1,
        "schedule.steps": 4_000,
        "schedule.curve_points": 60,
        "schedule.snapshots": 6,
        "schedule.hessian_snapshots": 3,
    }
)


ARENAS = CORRIDOR.with_values(
    {
        "task.environments": 2,
        "probe.morphs": 2,
        "schedule.steps": 4_000,
        "schedule.snapshots": 8,
        "schedule.curve_points": 60,
    }
)
"""Two arenas, and their scenery changed; made where a test asks for it."""


RING = RunConfig.parse(
    {
        "task.kind": "ring",
        "task.n_samples": 100,
        "network.hidden_units": 60,
        "rule.learning_rate": 0.02,
        "rule.feedforward_noise": 0.005,
        "rule.lateral_noise": 0.005,
        "schedule.steps": 12_000,
        "schedule.curve_points": 300,
        "schedule.snapshots": 8,
    }
)
"""Similarity matching, through all three phases; made where a test asks for it."""


def make_small_archive(path: Path) -> Archive:
    """A corridor run (with positions) and a smoothed random one (without) in `paper`."""
    archive = Archive.open(path, create=True)
    execute(CORRIDOR, archive, collection="paper", name="small corridor")
    execute(RANDOM, archive, collection="paper", name="small random")
    return archive
