"""Gradient descent with update noise: eq. 4 of Ratzon, Derdikman & Barak, eLife 12:RP90069.

As in the published code the noise is added to the gradient, so a step moves a parameter by
learning_rate * noise_scale * xi. With noise_scale 0 it is plain gradient descent; label noise
(eq. 7) and input noise reach the rule through the gradient.
"""

from __future__ import annotations

from typing import Any, TypeVar

Array = TypeVar("Array", bound=Any)


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
    return parameters - learning_rate * (gradient + noise_scale * noise)
