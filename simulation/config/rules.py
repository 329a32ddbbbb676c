"""Learning rules, with their settings. What each does: `simulation.rules`."""

from __future__ import annotations

from typing import ClassVar, Literal

from simulation.config.field import Frozen, Precision, number


class _LossRule(Frozen):
    """A rule that descends a loss.

    Attributes
    ----------
    label, short : its name, and the same in a line with others.
    moments : running means that it keeps, one number a weight: `mean` of the gradient (then also
        how many steps are in it), `square` of its square.
    is_noisy : it draws random numbers itself.
    precision : what `auto` means, where it does not follow from the noise.
    """

    label: ClassVar[str]
    short: ClassVar[str]
    moments: ClassVar[tuple[str, ...]] = ()
    is_noisy: ClassVar[bool] = False
    precision: ClassVar[Precision | None] = None


class SgdRule(_LossRule):
    """Full-batch gradient descent; with noise in the update it is SGD as in the paper's eq. 4."""

    label: ClassVar[str] = "Gradient descent (SGD)"
    short: ClassVar[str] = "SGD"

    kind: Literal["sgd"] = "sgd"
    learning_rate: float = number(
        0.1, 1e-8, 10, "Learning rate", "Step size of gradient and noise.", "per step"
    )


class AdamRule(_LossRule):
    """Adam (Kingma & Ba 2015): sparsifies without any added noise."""

    label: ClassVar[str] = "Adam"
    short: ClassVar[str] = "Adam"
    moments: ClassVar[tuple[str, ...]] = ("mean", "square")
    precision: ClassVar[Precision | None] = "float64"

    kind: Literal["adam"] = "adam"
    learning_rate: float = number(0.001, 1e-8, 10, "Learning rate", "Size of a step.", "per step")
    beta1: float = number(0.9, 0, 0.999999, "Beta 1", "Memory of the mean gradient.", "per step")
    beta2: float = number(0.999, 0, 0.999999, "Beta 2", "Memory of its square.", "per step")
    epsilon: float = number(
        1e-8, 1e-16, 1, "Epsilon", "Added to the root of the square.", "gradient"
    )


class RmspropRule(_LossRule):
    """RMSprop (Tieleman & Hinton 2012): sparsifies without any added noise."""

    label: ClassVar[str] = "RMSprop"
    short: ClassVar[str] = "RMSprop"
    moments: ClassVar[tuple[str, ...]] = ("square",)
    precision: ClassVar[Precision | None] = "float64"

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: float = number(0.001, 1e-8, 10, "Learning rate", "Size of a step.", "per step")
    decay: float = number(0.99, 0, 0.999999, "Decay", "Memory of the squared gradient.", "per step")
    epsilon: float = number(
        1e-8, 1e-16, 1, "Epsilon", "Added to the root of the square.", "gradient"
    )


class SedRule(_LossRule):
    """Stochastic error descent (Cauwenberghs 1992, the paper's eq. 6): no gradient."""

    label: ClassVar[str] = "Stochastic error descent (SED)"
    short: ClassVar[str] = "SED"
    is_noisy: ClassVar[bool] = True

    kind: Literal["sed"] = "sed"
    learning_rate: float = number(0.95, 1e-8, 10, "Learning rate", "Size of a step.", "per step")
    perturbation: float = number(
        0.1,
        1e-8,
        10,
        "Perturbation",
        "Standard deviation of the trial step, times the root of the rows of the weight array.",
        "weight",
    )


class HebbianRule(Frozen):
    """Hebbian feedforward and anti-Hebbian lateral plasticity (Qin et al. 2023), with noise."""

    label: ClassVar[str] = "Hebbian / anti-Hebbian"
    short: ClassVar[str] = "Hebbian"

    kind: Literal["hebbian"] = "hebbian"
    learning_rate: float = number(
        0.005, 1e-8, 1, "Learning rate eta", "Size of a plasticity step.", "per step"
    )
    feedforward_noise: float = number(
        0.002, 0, 10, "Noise in W", "Each step adds sqrt(eta) times this N(0, 1).", "weight"
    )
    lateral_noise: float = number(
        0.002, 0, 10, "Noise in M", "Each step adds sqrt(eta) times this N(0, 1).", "weight"
    )


FeedforwardRule = SgdRule | AdamRule | RmspropRule | SedRule
SimilarityRule = HebbianRule
Rule = FeedforwardRule | SimilarityRule
