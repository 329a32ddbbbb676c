"""Gradient descent with update noise: eq. 4 of Ratzon, Derdikman & Barak, eLife 12:RP90069.

As in the published code the noise is added to the gradient, so a step moves a parameter by
learning_rate * noise_scale * xi. With noise_scale 0 it is plain gradient descent; label noise
(eq. 7) and input noise reach the rule through the gradient.
"""

from __future__ import annotations

from simulation.config.rules import SgdRule
from simulation.rules.rule import Array, Step, UpdateRule


def sgd(
    parameters: Array,
    gradient: Array,
    noise: Array,
    *,
    learning_rate: float,
    noise_scale: float,
) -> Array:
    """theta - lr (gradient + s xi).

    Parameters
    ----------
    noise : xi, standard normal, fresh each step, of the shape of `parameters`.
    """
    moved: Array = parameters - learning_rate * (gradient + noise_scale * noise)
    return moved


def _update(_: SgdRule, at: Step[Array]) -> tuple[Array, dict[str, Array]]:
    rates = {"learning_rate": at.learning_rate, "noise_scale": at.noise_scale}
    return sgd(at.theta, at.gradient(), at.noise, **rates), {}


RULE = UpdateRule(_update)
