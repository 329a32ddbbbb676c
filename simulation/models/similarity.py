"""The similarity-matching network of Qin et al., Nature Neuroscience 26, 2023.

Units receive W x from the input, inhibit each other through the off-diagonal part of M, and settle
where their dynamics come to rest:

    u <- u + dt (-u + W x - sqrt(alpha) b - (M - diag M) y),    y = max((u - l1) / (l2 + diag M), 0)

At rest u = W x - sqrt(alpha) b - (M - diag M) y. With A = M + l2 I and
d = W x - sqrt(alpha) b - l1 this reads y >= 0, A y >= d, y^T (A y - d) = 0: y solves a linear
complementarity problem. Where M is symmetric it is the minimum of y^T A y / 2 - d^T y over y >= 0,
a non-negative quadratic programme (the programme the network is derived from); where the symmetric
part of A is positive definite there is exactly one y, wherever the dynamics start.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from simulation.config import SimilarityConfig, SimilarityNetwork
from simulation.models.model import Model, ModelWords, NoiseOffer
from simulation.noise.streams import generator

Array = NDArray[np.floating[Any]]

MAX_ITERATIONS = 10_000
"""Most steps of the neural dynamics for one input, as published."""
CHECK_EVERY = 8
"""Steps of the neural dynamics between two looks at whether they have come to rest."""
REST = 1e-5
"""At rest: no |du/dt| exceeds this share of the largest |drive| d + l1 of the same input."""
EXACT_REST = 1e-10
"""The same for a measurement that has to fall back on the dynamics."""
MAX_PIVOTS = 500
PATIENCE = 3
"""Exchanges of many units that may bring no progress before they are exchanged one by one."""


@dataclass(frozen=True, eq=False)
class SimilarityState:
    """The network after `step` plasticity steps.

    Attributes
    ----------
    feedforward_weights : W, (H, D).
    lateral_weights : M, (H, H), none negative; row i is what unit i receives.
    biases : b, (H,).
    network : l1, l2, alpha and dt of the neural dynamics.
    """

    step: int
    feedforward_weights: Array
    lateral_weights: Array
    biases: Array
    network: SimilarityNetwork


def initial_state(config: SimilarityConfig) -> SimilarityState:
    """The network before learning, in the configuration's precision: W ~ N(0, scale), M = I, b = 0.

    W is drawn in float64 and then rounded, so that a seed means the same start in every precision.
    """
    units, inputs, kind = config.network.hidden_units, config.task.input_dim, config.precision
    random = generator(config.seed, "initial_weights")
    weights = random.normal(0, config.network.weight_scale, (units, inputs))
    return SimilarityState(
        step=0,
        feedforward_weights=weights.astype(kind, copy=False),
        lateral_weights=np.eye(units, dtype=kind),
        biases=np.zeros(units, kind),
        network=config.network,
    )


def responses(state: SimilarityState, inputs: Array) -> NDArray[np.float64]:
    """Activity of every unit at rest, for each of `inputs` (samples, D): (H, samples).

    Solved in float64 from the stored weights, to rounding; silent units are exactly 0. Inputs that
    follow each other along a track are solved fastest: each starts from the active units of the
    one before.
    """
    drive = state.feedforward_weights.astype(np.float64) @ inputs.T.astype(np.float64)
    drive -= np.sqrt(state.network.bias_strength) * state.biases.astype(np.float64)[:, None]
    lateral = state.lateral_weights.astype(np.float64)
    matrix = lateral + state.network.decay * np.eye(len(lateral))
    rest = np.zeros_like(drive)
    active = np.zeros(len(drive), np.bool_)
    for sample, column in enumerate(drive.T):
        solved = _solve(matrix, column - state.network.threshold, active)
        if solved is None:
            rest[:, [sample]] = settle(column[:, None], lateral, state.network, EXACT_REST)
        else:
            rest[:, sample] = solved
        active = rest[:, sample] > 0
    return rest


def _solve(
    matrix: NDArray[np.float64], drive: NDArray[np.float64], active: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """y >= 0 with matrix y >= drive, equal where y > 0; None if it is not found.

    Block principal pivoting: solve for the units thought active, exchange all that turn out to be
    on the wrong side; where that stops helping, only the last of them, which ends for every matrix
    with positive principal minors.

    Source: Judice & Pires, A block principal pivoting algorithm for large-scale strictly monotone
    linear complementarity problems, Computers & Operations Research 21, 1994.
    """
    rounding = 1e-12 * np.abs(drive).max(initial=0.0)
    fewest, patience = len(drive) + 1, PATIENCE
    for _ in range(MAX_PIVOTS):
        y = np.zeros_like(drive)
        if active.any():
            try:
                y[active] = np.linalg.solve(matrix[np.ix_(active, active)], drive[active])
            except np.linalg.LinAlgError:
                return None
        missing = drive - matrix[:, active] @ y[active]
        wrong = np.where(active, y < 0, missing > rounding)
        count = int(wrong.sum())
        if not count:
            return y
        if count < fewest:
            fewest, patience = count, PATIENCE
        else:
            patience -= 1
        if patience < 0:
            wrong[: np.flatnonzero(wrong)[-1]] = False
        active = active ^ wrong
    return None


def settle(drive: Array, lateral_weights: Array, network: SimilarityNetwork, rest: float) -> Array:
    """Where the neural dynamics come to rest, from silence, for each column of `drive`: (H, S).

    Parameters
    ----------
    drive : W x - sqrt(alpha) b, (H, S), in the precision to compute in.
    rest : see `REST`; a column that has come to rest moves no further.
    """
    number = drive.dtype.type
    step, threshold = number(network.time_step), number(network.threshold)
    diagonal = np.diag(lateral_weights)
    between = lateral_weights - np.diag(diagonal)
    gain = 1 / (number(network.decay) + diagonal)[:, None]
    tolerance = rest * np.abs(drive).max(axis=0)
    u, y = np.zeros_like(drive), np.zeros_like(drive)
    moving = np.arange(drive.shape[1])
    for iteration in range(MAX_ITERATIONS):
        change = drive[:, moving] - u[:, moving] - between @ y[:, moving]
        u[:, moving] += step * change
        y[:, moving] = np.maximum((u[:, moving] - threshold) * gain, 0)
        if iteration % CHECK_EVERY == CHECK_EVERY - 1:
            moving = moving[~(np.abs(change).max(axis=0) <= tolerance[moving])]
            if not len(moving):
                break
    return y


@dataclass(frozen=True)
class SimilarityMatching(Model[SimilarityState]):
    """The network as a model: see `simulation.models.model`.

    Mismatches of similarity grow with the number of inputs: there is no largest. Responses cannot
    be negative, so that most of the mismatch stays where similarities of inputs are: a small fall
    of it counts as learning.
    """

    config: SimilarityConfig

    no_loss: ClassVar[str] = "this network descends no loss"
    largest_loss: ClassVar[float] = math.inf
    least_learning: ClassVar[float] = 0.01
    words: ClassVar[ModelWords] = ModelWords(
        loss="Similarity mismatch",
        loss_caption=(
            "How badly similarities between responses keep the similarities between inputs, "
            "relative to a silent network (0). It falls fast and then stays low; it cannot vanish, "
            "because responses, which are not negative, are never dissimilar."
        ),
        loss_reference="that of a silent network",
        sparsification_caption=(
            "Active units respond to at least one input (of at most 200, evenly chosen); the "
            "active fraction counts every (unit, input) pair. Active means here: {active}. Active "
            "units inhibit those that respond to the same inputs, and a unit that is not active "
            "loses its weights to decay: fewer and fewer are left."
        ),
        no_decoding=(
            "Each input is a place of its own and always gets the same response, so nothing is "
            "left to cross-validate a decoder with."
        ),
        no_spectrum=(
            "This network descends no loss of its weights: Hebbian plasticity follows the "
            "mismatch only on average, so there is no Hessian to look at."
        ),
    )

    noise_fields: ClassVar[tuple[str, ...]] = ("rule.feedforward_noise", "rule.lateral_noise")
    noise_offers: ClassVar[tuple[NoiseOffer, ...]] = (
        # that of the published ring network
        NoiseOffer("noise", "Noise", dict.fromkeys(noise_fields, 0.002)),
    )

    def start(self) -> SimilarityState:
        return initial_state(self.config)

    def stored(self, state: SimilarityState) -> dict[str, Array | None]:
        return {
            "input_weights": state.feedforward_weights.reshape(1, -1),
            "biases": state.biases.reshape(1, -1),
            "lateral_weights": state.lateral_weights.reshape(1, -1),
        }

    def restored(self, step: int, columns: Mapping[str, Array]) -> SimilarityState:
        units = self.config.network.hidden_units
        return SimilarityState(
            step=step,
            feedforward_weights=columns["input_weights"].reshape(units, -1),
            lateral_weights=columns["lateral_weights"].reshape(units, units),
            biases=columns["biases"][0],
            network=self.config.network,
        )

    def taken_over(self, state: SimilarityState) -> SimilarityState:
        return replace(state, network=self.config.network)

    @property
    def no_decoding(self) -> str:
        return "each input is a place of its own, so there is nothing to decode"

    @property
    def samples_a_step(self) -> int:
        return 1
