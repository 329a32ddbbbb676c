"""Training loops as one writes them first, to compare with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from simulation.config import FeedforwardConfig, SimilarityConfig
from simulation.models.feedforward import NetworkState
from simulation.models.similarity import REST, SimilarityState, settle
from simulation.rules.hebbian import hebbian
from simulation.tasks.dataset import Dataset

OPTIMIZERS: dict[str, Any] = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "rmsprop": torch.optim.RMSprop,
}
Train = Callable[[Any, int], object]


def torch_loop(config: FeedforwardConfig, data: Dataset) -> Train:
    """As in the published code: torch autograd and torch.optim in float64, one step at a time.

    SED makes two evaluations without autograd. Noise is from torch.randn and torch.rand.
    """
    inputs, clean = torch.from_numpy(data.inputs), torch.from_numpy(data.targets)
    noise, rate = config.noise, config.rule.learning_rate

    def loss(m: torch.Tensor, b: torch.Tensor, n: torch.Tensor) -> torch.Tensor:
        targets = clean
        if noise.label_scale:
            targets = clean + noise.label_scale * (torch.rand_like(clean) - 0.5)
        return ((torch.relu(inputs @ m.T + b) @ n.T - targets) ** 2).mean()

    def by_gradient(state: NetworkState, steps: int) -> None:
        theta = [tensor.requires_grad_() for tensor in tensors(state)]
        optimizer = OPTIMIZERS[config.rule.kind](theta, lr=rate)
        for _ in range(steps):
            optimizer.zero_grad()
            loss(*theta).backward()
            if noise.update_scale:
                for weights in theta:
                    assert weights.grad is not None
                    weights.grad.add_(torch.randn_like(weights), alpha=noise.update_scale)
            optimizer.step()

    def by_trial(state: NetworkState, steps: int) -> None:
        theta, perturbation = tensors(state), getattr(config.rule, "perturbation", 0.0)
        for _ in range(steps):
            before = loss(*theta)
            trial = [perturbation * torch.randn_like(w) / len(w) ** 0.5 for w in theta]
            rise = loss(*(at + step for at, step in zip(theta, trial, strict=True))) - before
            for weights, step in zip(theta, trial, strict=True):
                weights -= rate * rise * step

    return by_trial if config.rule.kind == "sed" else by_gradient


def tensors(state: NetworkState) -> list[torch.Tensor]:
    """m, b and n in float64."""
    weights = (state.input_weights, state.biases, state.output_weights)
    return [torch.tensor(array, dtype=torch.float64) for array in weights]


def numpy_loop(config: SimilarityConfig, data: Dataset) -> Train:
    """Similarity matching in numpy, in the run's precision, noise from numpy's generator."""
    random, rule = np.random.default_rng(0), config.rule
    number: Any = np.dtype(config.precision).type
    inputs = data.inputs.astype(number)
    root = number(np.sqrt(config.network.bias_strength))

    def train(state: SimilarityState, steps: int) -> None:
        weights = (state.feedforward_weights, state.lateral_weights, state.biases)
        for _ in range(steps):
            x = inputs[random.integers(len(inputs))]
            drive = weights[0] @ x - root * weights[2]
            y = settle(drive[:, None], weights[1], config.network, REST)[:, 0]
            xi = [random.standard_normal(w.shape, number) for w in weights[:2]]
            weights = hebbian(
                weights,
                x,
                y,
                (xi[0], xi[1]),
                learning_rate=rule.learning_rate,
                bias_strength=config.network.bias_strength,
                feedforward_noise=rule.feedforward_noise,
                lateral_noise=rule.lateral_noise,
            )

    return train


RIVALS: dict[str, Callable[[Any, Dataset], Train]] = {
    "feedforward": torch_loop,
    "similarity_matching": numpy_loop,
}
"""The plain loop of each model."""
