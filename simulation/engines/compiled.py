"""The fast engine: numba kernels, one core, the interpreter lock released.

It implements `simulation.rules`, each with update, label and input noise. Any sequence of calls
that covers the same steps gives the same bits, on any thread, in any process of one machine.

Its plain loops follow the reference engine to rounding, given the same noise (a test holds them to
1e-12 over 300 steps in float64). How: `kernels/panels.py` (layout), `network.py`, `silent.py`,
`noise.py`, and a training loop a rule, compiled when it is first used. Gradient descent of
rectified units takes a shorter way (`stretches`): the same trajectory where no update noise is,
the same distribution of trajectories where there is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.engines.kernels import adam, rmsprop, sed, sgd
from simulation.engines.kernels.activations import ACTIVATION_NUMBERS
from simulation.engines.kernels.panels import pack, pad_samples, unpack
from simulation.engines.kernels.training import Batch, Trainee, noise_of, workspace
from simulation.engines.rows import Memory, counted, recall, trained, weight_rows
from simulation.engines.stretches import StretchTrainer, has_stretches
from simulation.models.feedforward import NetworkState
from simulation.tasks.dataset import Dataset

Loop = Callable[[Any, Trainee, int, int], None]

LOOPS: dict[str, Loop] = {
    "sgd": sgd.train,
    "adam": adam.train,
    "rmsprop": rmsprop.train,
    "sed": sed.train,
}
"""Training by each rule: its settings, the network, the step it stands at, how many to make."""


class CompiledEngine:
    """See `simulation.engines.Engine`.

    Parameters
    ----------
    plain : never take the shorter way (for comparison).
    """

    name = "compiled"
    version = "2"

    def __init__(self, config: FeedforwardConfig, dataset: Dataset, *, plain: bool = False) -> None:
        self._config = config
        self._stretches = (
            None if plain or not has_stretches(config) else StretchTrainer(config, dataset)
        )
        self._dtype = np.dtype(config.precision)
        self._batch = Batch(
            inputs=pad_samples(dataset.inputs, self._dtype, constant=True),
            targets=pad_samples(dataset.targets, self._dtype),
            n_samples=len(dataset.inputs),
        )
        self._noise = noise_of(config, self._dtype)
        self._activation = ACTIVATION_NUMBERS[config.network.activation]

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        """The network after `steps` more updates; `state` stays as it is."""
        if self._stretches is not None:
            return self._stretches.advance(state, steps)
        units, memory = len(state.biases), recall(self._config, state)
        weights = pack(weight_rows(state), self._dtype)
        moments = {name: pack(rows, self._dtype) for name, rows in memory.moments.items()}
        work = workspace(weights, self._batch, units, self._activation)
        trainee = Trainee(
            weights=weights,
            units=units,
            moments=moments,
            moment_steps=memory.moment_steps,
            batch=self._batch,
            noise=self._noise,
            work=work,
            seed=self._config.seed,
        )
        LOOPS[self._config.rule.kind](self._config.rule, trainee, state.step, steps)
        after = Memory(
            {name: unpack(packed, units) for name, packed in moments.items()},
            counted(memory.moment_steps, steps),
        )
        return trained(state, steps, unpack(weights, units), after)
