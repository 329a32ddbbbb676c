"""The paper's network: one hidden layer, h = sigma(x m^T + b), prediction = h n^T (eqs. 1-2).

Ratzon, Derdikman & Barak, eLife 12:RP90069. There is no output bias.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.models.activations import ACTIVATIONS
from simulation.models.memory import packed, rule_state_shapes, unpacked
from simulation.models.model import Model, ModelWords, NoiseOffer
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


@dataclass(frozen=True)
class Feedforward(Model[NetworkState]):
    """The network as a model: see `simulation.models.model`.

    A run whose loss exceeds 10 has diverged, as in the published simulations.
    """

    config: FeedforwardConfig

    largest_loss: ClassVar[float] = 10.0
    words: ClassVar[ModelWords] = ModelWords(
        loss="Loss",
        loss_caption=(
            "How wrong the predictions are, relative to guessing the mean (0). It falls fast and "
            "then stays low, restless under the noise: what the other panels show goes on long "
            "after."
        ),
        loss_reference="variance",
        sparsification_caption=(
            "Active units respond to at least one training sample; the active fraction counts "
            "every (unit, sample) pair. Active means here: {active}. Noise pushes the network "
            "towards flatter minima of the loss, and there fewer units are needed."
        ),
    )

    noise_fields: ClassVar[tuple[str, ...]] = (
        "noise.update_scale",
        "noise.label_scale",
        "noise.input_scale",
    )
    noise_offers: ClassVar[tuple[NoiseOffer, ...]] = (
        # the middle of the published range, 0.1 to 1
        NoiseOffer("label", "Label noise", {"noise.label_scale": 0.5}),
        # the published runs have 0.01 to 0.1
        NoiseOffer("update", "Update noise", {"noise.update_scale": 0.03}),
    )

    def start(self) -> NetworkState:
        return initial_state(self.config)

    def stored(self, state: NetworkState) -> dict[str, Array | None]:
        return {
            "input_weights": state.input_weights.reshape(1, -1),
            "biases": state.biases.reshape(1, -1),
            "output_weights": state.output_weights.reshape(1, -1),
            "rule_state": packed(self.config, state),
        }

    def restored(self, step: int, columns: Mapping[str, Array]) -> NetworkState:
        units, inputs = self.config.network.hidden_units, self.config.task.input_dim
        return NetworkState(
            step=step,
            input_weights=columns["input_weights"].reshape(units, inputs),
            biases=columns["biases"][0],
            output_weights=columns["output_weights"].reshape(-1, units),
            rule_state=unpacked(self.config, columns.get("rule_state")),
            activation=self.activation,
        )

    def taken_over(self, state: NetworkState) -> NetworkState:
        """What the rule remembers comes along if it is of the same kind; else it starts at zero."""
        known = state.rule_state.keys() == rule_state_shapes(self.config).keys()
        return state if known else replace(state, rule_state={})

    @property
    def activation(self) -> str:
        return self.config.network.activation

    @property
    def has_scenery(self) -> bool:
        return self.config.task.has_position

    @property
    def morphs(self) -> int:
        return self.config.probe.morphs

    @property
    def hessian_rows(self) -> int:
        task, schedule = self.config.task, self.config.schedule
        rows_a_unit = min(task.n_samples, task.input_dim + 1) + task.output_dim
        rows = self.config.network.hidden_units * rows_a_unit
        return rows if schedule.hessian_snapshots and rows <= schedule.hessian_limit else 0
