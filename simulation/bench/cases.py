"""What is measured, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulation.config import RunConfig

Tell = Callable[[str, float], None]
"""Hears what is measured, and the share of it that is done."""


@dataclass(frozen=True)
class Target:
    """How many times faster than its rival something is to be: at least, and aimed for."""

    least: float
    aim: float | None = None


@dataclass(frozen=True)
class Shape:
    """Sizes of a task and a network, and a whole run of it.

    Attributes
    ----------
    values : configuration fields. update_scale : s, of runs with update noise.
    steps : of a whole run. target : for gradient descent.
    """

    values: dict[str, Any]
    update_scale: float
    steps: int
    target: Target | None


def _smoothed(samples: int, inputs: int, outputs: int) -> dict[str, Any]:
    return {
        "task.kind": "smoothed_random",
        "task.n_samples": samples,
        "task.input_dim": inputs,
        "task.output_dim": outputs,
        "network.hidden_units": 100,
    }


_CORRIDOR = {
    "task.kind": "corridor",
    "task.n_samples": 150,
    "task.rays": 17,
    "network.hidden_units": 500,
    "network.init": "lazy",
}

SHAPES = {
    "A": Shape(_smoothed(5, 20, 5), 0.03, 10_000_000, Target(300, 1_000)),
    "B": Shape(_smoothed(12, 15, 10), 0.03, 10_000_000, Target(100, 300)),
    "C": Shape(_smoothed(10, 25, 10), 0.03, 10_000_000, None),
    "D": Shape(_CORRIDOR, 0.01389, 200_000, Target(6, 15)),
}
NOISES = ("update", "label")
LABEL_SCALE = 0.1
SETTINGS: dict[str, dict[str, Any]] = {
    # a rate at which it does not diverge with the few outputs of shape A
    "sed": {"rule.learning_rate": 0.1},
}
OTHER_RULES, SIMILARITY = Target(40), Target(20)
OTHER_STEPS, SIMILARITY_STEPS = 1_000_000, 40_000


@dataclass(frozen=True)
class Case:
    """One run to measure. noise: None where the rule is to have none added."""

    shape: str
    rule: str
    noise: str | None

    @property
    def title(self) -> str:
        if self.rule == "hebbian":
            return "similarity matching"
        added = f"{self.noise} noise" if self.noise else "no noise added"
        return f"{self.shape} {self.rule}, {added}"

    @property
    def config(self) -> RunConfig:
        return RunConfig.parse(self.values)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of its configuration that are not left at their defaults."""
        if self.rule == "hebbian":
            return {"task.kind": "ring"}
        values = {**SHAPES[self.shape].values, **SETTINGS.get(self.rule, {})}
        if self.noise == "update":
            values["noise.update_scale"] = SHAPES[self.shape].update_scale
        elif self.noise == "label":
            values["noise.label_scale"] = LABEL_SCALE
        return {**values, "rule.kind": self.rule}

    @property
    def steps(self) -> int:
        """Of a whole run; other rules do not get faster on the way, so fewer of theirs tell all."""
        if self.rule == "hebbian":
            return SIMILARITY_STEPS
        steps = SHAPES[self.shape].steps
        return steps if self.rule == "sgd" else min(steps, OTHER_STEPS)

    @property
    def target(self) -> Target | None:
        if self.rule == "hebbian":
            return SIMILARITY
        return SHAPES[self.shape].target if self.rule == "sgd" else OTHER_RULES


COMMAND = Case("A", "sgd", "update")
"""The run of which the whole command is measured, from starting Python to the last row written."""
COMMAND_TARGET = Target(600)

ALL = (
    Case("A", "sgd", "update"),
    Case("A", "sgd", "label"),
    Case("B", "sgd", "update"),
    Case("B", "sgd", "label"),
    Case("C", "sgd", "update"),
    Case("D", "sgd", "update"),
    Case("A", "adam", None),
    Case("A", "rmsprop", None),
    Case("A", "sed", None),
    Case("", "hebbian", None),
)


def chosen(shape: str | None, rule: str | None, noise: str | None) -> tuple[Case, ...]:
    """The one case that is asked for, or all of them."""
    if not (shape or rule or noise):
        return ALL
    rule = rule or "sgd"
    return (Case(shape or "A", rule, noise or ("update" if rule == "sgd" else None)),)
