"""The plain engine: torch autograd, one step at a time. Slow, short, and the one to check.

Equations of Ratzon, Derdikman & Barak, eLife 12:RP90069. Torch is held to one core: a run uses
one, as in the compiled engine, and matrices this small gain nothing from more.
"""

from __future__ import annotations

import numpy as np
import torch

from simulation.config import FeedforwardConfig
from simulation.models.feedforward import NetworkState
from simulation.rules.sgd import sgd
from simulation.step_noise import (
    INPUT_NOISE,
    LABEL_NOISE,
    UPDATE_NOISE,
    step_normals,
    step_uniforms,
)
from simulation.tasks.dataset import Dataset

torch.set_num_threads(1)

Parameters = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # m (H, D), b (H,), n (O, H)


class ReferenceEngine:
    """See `simulation.engines.Engine`."""

    name = "reference"
    version = "1"

    def __init__(self, config: FeedforwardConfig, dataset: Dataset) -> None:
        self._config = config
        self._dtype: torch.dtype = getattr(torch, config.precision)
        self._inputs = torch.tensor(dataset.inputs, dtype=self._dtype)
        self._targets = torch.tensor(dataset.targets, dtype=self._dtype)

    def advance(self, state: NetworkState, steps: int) -> NetworkState:
        """The network after `steps` more updates; `state` stays as it is."""
        m, b, n = (
            torch.tensor(weights, dtype=self._dtype)
            for weights in (state.input_weights, state.biases, state.output_weights)
        )
        for step in range(state.step, state.step + steps):
            m, b, n = self._update((m, b, n), step)
        return NetworkState(
            state.step + steps, m.numpy(), b.numpy(), n.numpy(), rule_state=state.rule_state
        )

    def _update(self, parameters: Parameters, step: int) -> Parameters:
        gradient = loss_gradient(parameters, *self._samples(step))
        noise = self._update_noise(parameters, step)
        m, b, n = (
            sgd(
                theta,
                slope,
                xi,
                learning_rate=self._config.rule.learning_rate,
                noise_scale=self._config.noise.update_scale,
            )
            for theta, slope, xi in zip(parameters, gradient, noise, strict=True)
        )
        return m, b, n

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

    def _update_noise(self, parameters: Parameters, step: int) -> Parameters:
        """xi of eq. 4. Its elements are ordered by row of (m^T; b; n), then by hidden unit."""
        m, b, n = parameters
        if not self._config.noise.update_scale:
            return torch.zeros_like(m), torch.zeros_like(b), torch.zeros_like(n)
        units, inputs = m.shape
        count = m.numel() + b.numel() + n.numel()
        xi = self._tensor(step_normals(self._config.seed, UPDATE_NOISE, step, count))
        rows = xi.reshape(-1, units)
        return rows[:inputs].T, rows[inputs], rows[inputs + 1 :]

    def _tensor(self, values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(values).to(self._dtype)


def loss(parameters: Parameters, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean squared error over all N O entries (eq. 3) of the network of eqs. 1 and 2."""
    m, b, n = parameters
    hidden = torch.relu(inputs @ m.T + b)
    return ((hidden @ n.T - targets) ** 2).mean()


def loss_gradient(
    parameters: Parameters, inputs: torch.Tensor, targets: torch.Tensor
) -> Parameters:
    """Derivatives of `loss` with respect to m, b and n, by automatic differentiation."""
    m, b, n = (theta.detach().requires_grad_() for theta in parameters)
    slope_m, slope_b, slope_n = torch.autograd.grad(loss((m, b, n), inputs, targets), (m, b, n))
    return slope_m, slope_b, slope_n
