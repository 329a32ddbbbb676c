"""The paper's network: one hidden layer, h = sigma(x m^T + b), prediction = h n^T (eqs. 1-2).

Ratzon, Derdikman & Barak, eLife 12:RP90069. There is no output bias.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.models.activations import ACTIVATIONS
from simulation.noise.streams import generator

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class NetworkState:
    """The network after `step` updates, with whatever its learning rule remembers.

    Attributes
    ----------
    step : updates done so far.
    input_weights : m, (H, D).
    biases : b, (H,).
    output_weights : n, (O, H).
    rule_state : what the learning rule carries from step to step, by name (nothing for SGD).
    activation : sigma, one of `simulation.models.activations`.
    """

    step: int
    input_weights: Array
    biases: Array
    output_weights: Array
    rule_state: Mapping[str, Array] = field(default_factory=dict)
    activation: str = "relu"


def initial_state(config: FeedforwardConfig) -> NetworkState:
    """The network before training, in the configuration's precision.

    m and b have standard deviation sqrt(2/D); n has sqrt(2/H) (rich) or 2/H (lazy). Numbers are
    drawn in float64 and then rounded, so that a seed means the same start in every precision.
    """
    units, inputs, outputs = (
        config.network.hidden_units,
        config.task.input_dim,
        config.task.output_dim,
    )
    random = generator(config.seed, "initial_weights")
    output_scale = 2 / units if config.network.init == "lazy" else np.sqrt(2 / units)
    input_weights = random.normal(0, np.sqrt(2 / inputs), (units, inputs))
    biases = random.normal(0, np.sqrt(2 / inputs), units)
    output_weights = random.normal(0, output_scale, (outputs, units))
    return NetworkState(
        step=0,
        input_weights=input_weights.astype(config.precision, copy=False),
        biases=biases.astype(config.precision, copy=False),
        output_weights=output_weights.astype(config.precision, copy=False),
        activation=config.network.activation,
    )


def hidden_activity(state: NetworkState, inputs: Array) -> Array:
    """Activity of every hidden unit on every sample.

    Parameters
    ----------
    inputs : (samples, D).

    Returns
    -------
    (H, samples), in the wider precision of state and inputs.
    """
    drive = state.input_weights @ inputs.T
    drive += state.biases[:, None]
    return ACTIVATIONS[state.activation].value(drive)


def predictions(state: NetworkState, inputs: Array) -> Array:
    """What the network answers to `inputs` (samples, D): (samples, O)."""
    return answers(state, hidden_activity(state, inputs))


def answers(state: NetworkState, activity: Array) -> Array:
    """The same from the `hidden_activity` (H, samples) that the inputs evoke."""
    return activity.T @ state.output_weights.T
