"""Adam: Kingma & Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1.

One of the rules of Ratzon, Derdikman & Barak, eLife 12:RP90069, with the constants and the order of
operations of their code (torch.optim.Adam). Update noise is added to the gradient before anything
else, as there, so it passes through the moments: the step is rescaled to about the learning rate
however small the noise.
"""

from __future__ import annotations

from simulation.config.rules import AdamRule
from simulation.rules.rule import Array, Step, UpdateRule


def adam(
    parameters: Array,
    gradient: Array,
    noise: Array,
    mean: Array,
    square: Array,
    moment_steps: int,
    *,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    noise_scale: float,
) -> tuple[Array, Array, Array]:
    """theta - lr mean' / (sqrt(square') + epsilon), and the new moments; g = gradient + s xi.

    mean <- beta1 mean + (1 - beta1) g and square <- beta2 square + (1 - beta2) g^2, both zero at
    the start; mean' = mean / (1 - beta1^k) and square' = square / (1 - beta2^k) make up for that.

    Parameters
    ----------
    noise : xi, standard normal, fresh each step, of the shape of `parameters`.
    mean, square : the moments before this step, of the same shape.
    moment_steps : k, the steps in the moments, this one included.

    Returns
    -------
    parameters, mean, square after the step.
    """
    noisy = gradient + noise_scale * noise
    mean = beta1 * mean + (1 - beta1) * noisy
    square = beta2 * square + (1 - beta2) * noisy * noisy
    root = square**0.5 / (1 - beta2**moment_steps) ** 0.5
    step = learning_rate / (1 - beta1**moment_steps)
    return parameters - step * (mean / (root + epsilon)), mean, square


def _update(rule: AdamRule, at: Step[Array]) -> tuple[Array, dict[str, Array]]:
    theta, mean, square = adam(
        at.theta,
        at.gradient(),
        at.noise,
        at.moments["mean"],
        at.moments["square"],
        at.moment_steps,
        learning_rate=at.learning_rate,
        beta1=rule.beta1,
        beta2=rule.beta2,
        epsilon=rule.epsilon,
        noise_scale=at.noise_scale,
    )
    return theta, {"mean": mean, "square": square}


RULE = UpdateRule(_update)
