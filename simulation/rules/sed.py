"""Stochastic error descent: Cauwenberghs, A fast stochastic error-descent algorithm, NIPS 1992.

Eq. 6 of Ratzon, Derdikman & Barak, eLife 12:RP90069. It needs no gradient: a random trial step is
taken, and the parameters move against it as far as it raises the loss. On average that is
gradient descent, with lr times the variance of the trial as its learning rate.

Published runs of this rule had no other noise, so the rest is a convention here: both losses of a
step see the same label and input noise, and update noise is added to the estimated gradient, so a
step moves a parameter by learning_rate * noise_scale * xi as under gradient descent.
"""

from __future__ import annotations

from typing import Any

from simulation.config.rules import SedRule
from simulation.rules.rule import Array, Step, UpdateRule


def trial_scale(perturbation: float, rows: int) -> float:
    """Standard deviation of the trial step of an array with this many rows.

    As in the published code it is perturbation / sqrt(rows): H rows for m and b, O for n.
    """
    return float(perturbation / rows**0.5)


def sed(
    parameters: Array,
    trial: Array,
    rise: Any,
    noise: Array,
    *,
    learning_rate: float,
    noise_scale: float,
) -> Array:
    """theta - lr (rise trial + s xi).

    Parameters
    ----------
    trial : normal, fresh each step, of standard deviation `trial_scale`.
    rise : f(theta + trial) - f(theta), one number for all parameters.
    noise : xi, standard normal, fresh each step. Both have the shape of `parameters`.
    """
    moved: Array = parameters - learning_rate * (rise * trial + noise_scale * noise)
    return moved


def _update(_: SedRule, at: Step[Array]) -> tuple[Array, dict[str, Array]]:
    trial = at.trial()
    rise = at.loss(at.theta + trial) - at.loss(at.theta)
    rates = {"learning_rate": at.learning_rate, "noise_scale": at.noise_scale}
    return sed(at.theta, trial, rise, at.noise, **rates), {}


def _trial_scale(rule: SedRule, rows: int) -> float:
    return trial_scale(rule.perturbation, rows)


RULE = UpdateRule(_update, _trial_scale)
