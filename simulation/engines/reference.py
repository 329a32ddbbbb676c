"""The plain engine: torch autograd, one step at a time. Slow, short, and the one to check.

Equations of Ratzon, Derdikman & Barak, eLife 12:RP90069. Weights, gradient, noise and moments are
matrices of rows m^T, b, n (see `rows`). Torch is held to one core: a run uses one, as in the
compiled engine, and matrices this small gain nothing from more.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from simulation.config import Activation, FeedforwardConfig
from simulation.engines.rows import Memory, counted, recall, trained, weight_rows
from simulation.models.activations import LEAK
from simulation.models.feedforward import NetworkState
from simulation.noise.step_noise import (
    INPUT_NOISE,
    LABEL_NOISE,
    TRIAL_STEP,
    UPDATE_NOISE,
    step_normals,
    step_uniforms,
)
from simulation.rules import RULES
from simulation.rules.rule import Step
from simulation.tasks.dataset import Dataset

torch.set_num_threads(1)

Moments = dict[str, torch.Tensor]  # a rule's running means by name

Sigma = Callable[[torch.Tensor], torch.Tensor]

ACTIVATIONS: dict[Activation, Sigma] = {
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, LEAK),
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
"""sigma of eq. 2 and its variants, see `simulation.models.activations`."""


class ReferenceEngine:
    """See `simulation.engines.Engine`."""

    name = "reference"
    version = "1"

    def __init__(self, config: FeedforwardConfig, dataset: Dataset) -> None:
        self._config = config
        self._rule, self._sigma = RULES[config.rule.kind], ACTIVATIONS[config.network.activation]
        self._dtype: torch.dtype = getattr(torch, config.precision)
        self._inputs = self._tensor(dataset.inputs)
        self._targets = self._tensor(dataset.targets)

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        """The network after `steps` more updates; `state` stays as it is."""
        theta, memory = self._tensor(weight_rows(state)), recall(self._config, state)
        moments = {name: self._tensor(rows) for name, rows in memory.moments.items()}
        for step in range(state.step, state.step + steps):
            moment_steps = counted(memory.moment_steps, step + 1 - state.step)
            theta, moments = self._update(theta, moments, moment_steps, step)
        after = Memory(
            {name: moment.numpy() for name, moment in moments.items()},
            counted(memory.moment_steps, steps),
        )
        return trained(state, steps, theta.numpy(), after)

    def _update(
        self, theta: torch.Tensor, moments: Moments, moment_steps: int, step: int
    ) -> tuple[torch.Tensor, Moments]:
        """The weights and moments after one step of the configured rule."""
        rule, scale = self._config.rule, self._config.noise.update_scale
        batch = self._samples(step)
        at = Step(
            theta=theta,
            moments=moments,
            moment_steps=moment_steps,
            noise=self._noise(UPDATE_NOISE, step) if scale else torch.zeros_like(theta),
            learning_rate=rule.learning_rate,
            noise_scale=scale,
            gradient=lambda: loss_gradient(theta, *batch, self._sigma),
            loss=lambda weights: loss(weights, *batch, self._sigma),
            trial=lambda: self._trial(step),
        )
        return self._rule.update(rule, at)

    def _samples(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs and targets as this step sees them: with label noise (eq. 7) and input noise."""
        noise, seed = self._config.noise, self._config.seed
        inputs, targets = self._inputs, self._targets
        if noise.label_scale:
            draw = step_normals if noise.label_distribution == "gaussian" else step_uniforms
            xi = self._tensor(draw(seed, LABEL_NOISE, step, targets.numel()))
            targets = targets + noise.label_scale * xi.reshape(targets.shape)
        if noise.input_scale:
            xi = self._tensor(step_normals(seed, INPUT_NOISE, step, inputs.numel()))
            inputs = inputs + noise.input_scale * xi.reshape(inputs.shape)
        return inputs, targets

    def _noise(self, stream: str, step: int) -> torch.Tensor:
        """Standard normals, one a weight."""
        count, units = self._config.parameter_count, self._config.network.hidden_units
        return self._tensor(step_normals(self._config.seed, stream, step, count)).reshape(-1, units)

    def _trial(self, step: int) -> torch.Tensor:
        """A trial step of the configured rule."""
        assert self._rule.trial_scale is not None
        inputs, outputs = self._inputs.shape[1], self._targets.shape[1]
        hidden, output = (
            self._rule.trial_scale(self._config.rule, rows)
            for rows in (self._config.network.hidden_units, outputs)
        )
        scales = self._tensor([hidden] * (inputs + 1) + [output] * outputs)
        return scales.reshape(-1, 1) * self._noise(TRIAL_STEP, step)

    def _tensor(self, values: object) -> torch.Tensor:
        return torch.tensor(values, dtype=self._dtype)


def loss(
    theta: torch.Tensor,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    sigma: Sigma,
) -> torch.Tensor:
    """Mean squared error over all N O entries (eq. 3) of the network of eqs. 1 and 2.

    theta : rows m^T, b, n: (D + 1 + O, H). sigma : the activation.
    """
    width = inputs.shape[1]
    m_transposed, b, n = theta[:width], theta[width], theta[width + 1 :]
    hidden = sigma(inputs @ m_transposed + b)
    return ((hidden @ n.T - targets) ** 2).mean()


def loss_gradient(
    theta: torch.Tensor,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    sigma: Sigma,
) -> torch.Tensor:
    """Derivatives of `loss` with respect to theta, by automatic differentiation."""
    theta = theta.detach().requires_grad_()
    (slope,) = torch.autograd.grad(loss(theta, inputs, targets, sigma), theta)
    return slope
