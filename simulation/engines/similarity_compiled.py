"""The fast engine of the similarity-matching network: numba kernels, one core, no interpreter lock.

Given the same noise it follows the plain engine to rounding (a test holds it to 1e-12 in float64).
Any sequence of calls that covers the same steps gives the same bits. How: `kernels/similarity.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simulation.config import SimilarityConfig
from simulation.engines.kernels.lanes import lane_count
from simulation.engines.kernels.panels import aligned_zeros
from simulation.engines.kernels.similarity import (
    PANELS_AT_ONCE,
    Plasticity,
    learn,
    similarity_workspace,
)
from simulation.models.similarity import CHECK_EVERY, MAX_ITERATIONS, REST, SimilarityState
from simulation.noise.step_noise import FEEDFORWARD_NOISE, INPUT_ORDER, LATERAL_NOISE, stream_key
from simulation.tasks.dataset import Dataset

Array = NDArray[Any]


class SimilarityCompiledEngine:
    """See `simulation.engines.Engine`."""

    name = "compiled"
    version = "1"

    def __init__(self, config: SimilarityConfig, dataset: Dataset) -> None:
        self._dtype, self._network = np.dtype(config.precision), config.network
        self._inputs = dataset.inputs.astype(self._dtype)
        self._rule = _plasticity(config, self._dtype)

    def advance(self, state: SimilarityState, steps: int) -> SimilarityState:
        """The network after `steps` more updates; `state` stays as it is."""
        units = len(state.biases)
        feedforward = _in_lanes(state.feedforward_weights.T, self._dtype)
        lateral = _in_lanes(state.lateral_weights.T, self._dtype)
        biases = _in_lanes(state.biases[None], self._dtype)
        work = similarity_workspace(lateral, len(feedforward), units)
        learn(feedforward, lateral, biases, self._inputs, self._rule, work, state.step, steps)
        return SimilarityState(
            step=state.step + steps,
            feedforward_weights=_out_of_lanes(feedforward, units).T.copy(),
            lateral_weights=_out_of_lanes(lateral, units).T.copy(),
            biases=_out_of_lanes(biases, units)[0].copy(),
            network=self._network,
        )


def _in_lanes(rows: Array, dtype: DTypeLike) -> Array:
    """(rows, units) as (rows, panels, lanes), zero beyond the last unit."""
    count, units = rows.shape
    lanes = lane_count(dtype)
    panels = -(-units // (lanes * PANELS_AT_ONCE)) * PANELS_AT_ONCE
    array = aligned_zeros((count, panels, lanes), dtype)
    array.reshape(count, -1)[:, :units] = rows
    return array


def _out_of_lanes(array: Array, units: int) -> Array:
    return array.reshape(len(array), -1)[:, :units]


def _plasticity(config: SimilarityConfig, dtype: np.dtype[Any]) -> Plasticity:
    network, rule, seed = config.network, config.rule, config.seed
    number: Any = dtype.type  # numba tells float32 from float64 by the type of the value
    spread = np.sqrt(rule.learning_rate)
    return Plasticity(
        one=number(1),
        keep=number(1 - rule.learning_rate),
        learning_rate=number(rule.learning_rate),
        feedforward_noise=number(spread * rule.feedforward_noise),
        lateral_noise=number(spread * rule.lateral_noise),
        root_bias_strength=number(np.sqrt(network.bias_strength)),
        threshold=number(network.threshold),
        decay=number(network.decay),
        time_step=number(network.time_step),
        rest=number(REST),
        max_iterations=MAX_ITERATIONS,
        check_every=CHECK_EVERY,
        feedforward_key=stream_key(seed, FEEDFORWARD_NOISE),
        lateral_key=stream_key(seed, LATERAL_NOISE),
        order_key=stream_key(seed, INPUT_ORDER),
    )
