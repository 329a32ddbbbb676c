"""The strata that are compared."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.errors import ConfigError, Problem
from simulation.fidelity.stratum import Stratum

_COMPARISON = "Many tasks and sizes at one noise strength, 1e6 steps"

STRATA = (
    Stratum(
        name="sgd_update",
        title="SGD with update noise, 1e6 steps",
        about=f"{_COMPARISON}. Each step moves every weight at random (s = 0.03): units fall "
        "silent one after the other until a few carry the task.",
        study="update_vs_label",
        rule="sgd",
        noise="update",
        runs=16,
    ),
    Stratum(
        name="sgd_label",
        title="SGD with label noise, 1e6 steps",
        about=f"{_COMPARISON}. The targets are noisy, the weights are not: units stay active while "
        "their activity becomes sparser and the Hessian's trace falls. There is no rate of "
        "falling silent to compare.",
        study="update_vs_label",
        rule="sgd",
        noise="label",
        runs=16,
        has_rate=False,
        stays_active=True,
    ),
    Stratum(
        name="noise_sweep",
        title="One network, update noise from weak to strong",
        about="The same task and sizes at noise s from 0.01 to 0.1, 1e7 steps: the stronger the "
        "noise, the faster units fall silent, by a power law.",
        study="noise_sweep",
        rule="sgd",
        noise="update",
        runs=45,
        sweeps_noise=True,
    ),
    Stratum(
        name="sgd_update_long",
        title="SGD with update noise, random draws, 1e7 steps",
        about="Task, sizes, start and noise (s from 0.01 to 0.1) drawn at random for each "
        "simulation, ten times as long: where update noise leads in the end.",
        study="random",
        rule="sgd",
        noise="update",
        runs=24,
        sweeps_noise=True,
    ),
    Stratum(
        name="sgd_label_long",
        title="SGD with label noise, random draws, 1e7 steps",
        about="Task, sizes, start and width of the label noise (0.1 to 1) drawn at random for each "
        "simulation, ten times as long: units stay active still, and their activity gets sparser.",
        study="random",
        rule="sgd",
        noise="label",
        runs=12,
        has_rate=False,
        stays_active=True,
    ),
    Stratum(
        name="adam",
        title="Adam, no added noise, 1e7 steps",
        about="Adam divides each step by the recent size of the gradient, so it never comes to "
        "rest even without noise: that is enough to make the code sparse.",
        study="random",
        rule="adam",
        noise="none",
        runs=12,
    ),
    Stratum(
        name="sed",
        title="Stochastic error descent, 1e7 steps",
        about="No gradient: a random step is tried and taken in proportion to how much it lowers "
        "the loss. The published simulations had barely begun to fall silent after 1e7 steps.",
        study="random_sed",
        rule="sed",
        noise="none",
        runs=36,
        stays_active=True,
    ),
    Stratum(
        name="rmsprop",
        title="RMSprop, no added noise, 1e7 steps",
        about="The paper reports that RMSprop makes the code sparse too, but no such simulations "
        "were published: beside our runs stand the published ones with Adam, from the same "
        "configurations, as the nearest relative.",
        study="random",
        rule="adam",
        noise="none",
        runs=12,
        rule_now="rmsprop",
    ),
    Stratum(
        name="control",
        title="Control: gradient descent without noise, 1e6 steps",
        about="The configurations of the first stratum with the noise switched off. Once such a "
        "network has learned, it should stand still. Nothing was published to compare with.",
        study="update_vs_label",
        rule="sgd",
        noise="update",
        runs=12,
        without_noise=True,
    ),
)
"""Every stratum, in the order it is shown."""


def choose(names: Sequence[str]) -> list[Stratum]:
    """The strata of these names, in their order; all where none is named.

    Raises
    ------
    ConfigError : a name that is none of theirs.
    """
    known = {stratum.name: stratum for stratum in STRATA}
    if unknown := [name for name in names if name not in known]:
        problem = f"{unknown[0]!r} is not one of {', '.join(known)}"
        raise ConfigError([Problem("--stratum", problem)])
    return [stratum for stratum in STRATA if not names or stratum.name in names]
