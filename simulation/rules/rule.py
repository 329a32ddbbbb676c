"""What engines know of a learning rule of networks that descend a loss, and what it may ask them.

A rule's settings, and which running means it keeps, are declared in `simulation.config.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Array = TypeVar("Array", bound=Any)
Settings = TypeVar("Settings", bound=Any)


@dataclass
class Step(Generic[Array]):
    """One step, as a plain engine offers it: all arrays are of the shape of the weights.

    Attributes
    ----------
    theta : the weights before the step.
    moments : the running means before the step, by name.
    moment_steps : the steps in them, this one included.
    noise : xi of the update noise, standard normal; zero where there is none.
    learning_rate, noise_scale : lr and s; an array where many runs step together.
    gradient : derivatives of the loss on the samples as this step sees them.
    loss : the loss of other weights on the same samples.
    trial : normal, fresh each step, of standard deviation `UpdateRule.trial_scale`.
    """

    theta: Array
    moments: Mapping[str, Array]
    moment_steps: int
    noise: Array
    learning_rate: float
    noise_scale: float
    gradient: Callable[[], Array]
    loss: Callable[[Array], Array]
    trial: Callable[[], Array]


@dataclass(frozen=True)
class UpdateRule(Generic[Settings]):
    """One rule.

    Attributes
    ----------
    update : weights and running means after a step.
    trial_scale : standard deviation of the trial step of an array with so many rows; None: the
        rule takes no trial steps.
    """

    update: Callable[[Settings, Step[Any]], tuple[Any, dict[str, Any]]]
    trial_scale: Callable[[Settings, int], float] | None = None
