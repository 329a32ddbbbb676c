"""Runs to start from: the paper's experiments, shortened to what one likes to watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard import urls
from simulation.config import RunConfig


@dataclass(frozen=True)
class LivePreset:
    """A configuration under a title; `values` is what differs from the defaults."""

    title: str
    sentence: str
    values: dict[str, Any]

    @property
    def link(self) -> str:
        """To the form, filled in."""
        return urls.live_url(values=self.values)

    @property
    def config(self) -> RunConfig:
        return RunConfig.parse(self.values)


_LENGTH = {
    "schedule.steps": 2_000_000,
    "schedule.curve_points": 800,
    "schedule.hessian_snapshots": 10,
}

PRESETS = (
    LivePreset(
        "Corridor, quick",
        "The paper's agent in its corridor, with fewer units and stronger noise.",
        {
            "task.kind": "corridor",
            "task.n_samples": 60,
            "network.hidden_units": 80,
            "network.init": "lazy",
            "noise.update_scale": 0.03,
            "schedule.steps": 500_000,
            "schedule.curve_points": 500,
            "schedule.hessian_snapshots": 6,
        },
    ),
    LivePreset(
        "Noise sweep point",
        "One point of the paper's sweep: smoothed random task, update noise s = 0.05.",
        {"noise.update_scale": 0.05, **_LENGTH},
    ),
    LivePreset(
        "Two arenas",
        "The agent alternates between two corridors: each unit has a map in both.",
        {
            "task.kind": "corridor",
            "task.n_samples": 80,
            "task.environments": 2,
            "network.hidden_units": 80,
            "network.init": "lazy",
            "noise.update_scale": 0.03,
            "schedule.steps": 500_000,
            "schedule.curve_points": 500,
            "schedule.hessian_snapshots": 6,
        },
    ),
    LivePreset(
        "Label noise",
        "Noise on the targets instead: silent units no longer move at all.",
        {"noise.label_scale": 0.5, **_LENGTH},
    ),
    LivePreset(
        "No noise",
        "The control: it learns, and then nothing should move.",
        {**_LENGTH, "schedule.steps": 1_000_000},
    ),
    LivePreset(
        "Adam",
        "No noise is added: the rule by itself drives units silent.",
        {"rule.kind": "adam", **_LENGTH, "schedule.steps": 500_000},
    ),
    LivePreset(
        "Error descent (SED)",
        "Learning by trial steps, without any gradient: its noise is built in.",
        {"rule.kind": "sed", **_LENGTH},
    ),
    LivePreset(
        "Ring, similarity matching",
        "Another network, with local plasticity: tuning to directions drifts round the ring.",
        {"task.kind": "ring", "schedule.steps": 50_000, "schedule.curve_points": 200},
    ),
)
