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

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.config.rules import AdamRule, RmspropRule, SedRule
from simulation.engines.kernels.activations import ACTIVATION_NUMBERS
from simulation.engines.kernels.adam import Adam, train_adam
from simulation.engines.kernels.panels import aligned_zeros, pack, pad_samples, unpack
from simulation.engines.kernels.rmsprop import Rmsprop, train_rmsprop
from simulation.engines.kernels.sed import Sed, train_sed
from simulation.engines.kernels.sgd import train_sgd
from simulation.engines.kernels.training import Batch, noise_of, weight_noise, workspace
from simulation.engines.rows import Memory, counted, recall, trained, weight_rows
from simulation.engines.stretches import StretchTrainer, has_stretches
from simulation.models.feedforward import NetworkState
from simulation.noise.step_noise import TRIAL_STEP, stream_key
from simulation.rules.sed import trial_scale
from simulation.rules.state import MOST_MOMENT_STEPS
from simulation.tasks.dataset import Dataset

Array = NDArray[Any]


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

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        """The network after `steps` more updates; `state` stays as it is."""
        if self._stretches is not None:
            return self._stretches.advance(state, steps)
        units, memory = len(state.biases), recall(self._config, state)
        weights = pack(weight_rows(state), self._dtype)
        moments = {name: pack(rows, self._dtype) for name, rows in memory.moments.items()}
        self._train(weights, units, moments, memory.moment_steps, state.step, steps)
        after = Memory(
            {name: unpack(packed, units) for name, packed in moments.items()},
            counted(memory.moment_steps, steps),
        )
        return trained(state, steps, unpack(weights, units), after)

    def _train(
        self,
        weights: Array,
        units: int,
        moments: dict[str, Array],
        moment_steps: int,
        at: int,
        steps: int,
    ) -> None:
        """Make `steps` updates after update number `at`, of weights and moments in place."""
        rule = self._config.rule
        number: Any = self._dtype.type  # numba tells float32 from float64 by the type of the value
        activation = ACTIVATION_NUMBERS[self._config.network.activation]
        work = workspace(weights, self._batch, units, activation)
        network = (weights, units, self._batch, self._noise)
        rate = number(rule.learning_rate)
        if isinstance(rule, AdamRule):
            betas = (number(rule.beta1), number(rule.beta2))
            adam = Adam(rate, *betas, number(rule.epsilon), moments["mean"], moments["square"])
            train_adam(*network, adam, work, at, steps, moment_steps, MOST_MOMENT_STEPS)
        elif isinstance(rule, RmspropRule):
            rmsprop = Rmsprop(rate, number(rule.decay), number(rule.epsilon), moments["square"])
            train_rmsprop(*network, rmsprop, work, at, steps)
        elif isinstance(rule, SedRule):
            train_sed(*network, self._sed(rule, weights, units), work, at, steps)
        else:
            train_sgd(*network, rate, work, at, steps)

    def _sed(self, rule: SedRule, weights: Array, units: int) -> Sed:
        _, rows, lanes = weights.shape
        outputs = self._batch.targets.shape[1]
        scales = np.full(rows, trial_scale(rule.perturbation, units), self._dtype)
        scales[rows - outputs :] = trial_scale(rule.perturbation, outputs)
        return Sed(
            learning_rate=scales.dtype.type(rule.learning_rate),
            trial_scales=scales,
            trial_key=stream_key(self._config.seed, TRIAL_STEP),
            trial_noise=weight_noise(rows, units, lanes),
            trial_weights=aligned_zeros(weights.shape, self._dtype),
        )
