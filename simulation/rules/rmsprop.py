"""RMSprop: Tieleman & Hinton, Neural Networks for Machine Learning, lecture 6.5, Coursera 2012.

One of the rules of Ratzon, Derdikman & Barak, eLife 12:RP90069, in the form of torch.optim.RMSprop
without momentum and centring: epsilon is added outside the root. Update noise is added to the
gradient before anything else, as for Adam.
"""

from __future__ import annotations

from simulation.config.rules import RmspropRule
from simulation.rules.rule import Array, Step, UpdateRule


def rmsprop(
    parameters: Array,
    gradient: Array,
    noise: Array,
    square: Array,
    *,
    learning_rate: float,
    decay: float,
    epsilon: float,
    noise_scale: float,
) -> tuple[Array, Array]:
    """theta - lr g / (sqrt(square) + epsilon), and the new mean square; g = gradient + s xi.

    square <- decay square + (1 - decay) g^2, zero at the start, not made up for: the first steps
    are up to 1 / sqrt(1 - decay) times the learning rate long.

    Parameters
    ----------
    noise : xi, standard normal, fresh each step, of the shape of `parameters`.
    square : the running mean before this step, of the same shape.

    Returns
    -------
    parameters, square after the step.
    """
    noisy = gradient + noise_scale * noise
    square = decay * square + (1 - decay) * noisy * noisy
    return parameters - learning_rate * (noisy / (square**0.5 + epsilon)), square


def _update(rule: RmspropRule, at: Step[Array]) -> tuple[Array, dict[str, Array]]:
    theta, square = rmsprop(
        at.theta,
        at.gradient(),
        at.noise,
        at.moments["square"],
        learning_rate=at.learning_rate,
        decay=rule.decay,
        epsilon=rule.epsilon,
        noise_scale=at.noise_scale,
    )
    return theta, {"square": square}


RULE = UpdateRule(_update)
