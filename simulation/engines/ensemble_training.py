"""The steps of `simulation.engines.ensemble`: R runs in lockstep, on memory that stays in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch

from simulation.config import FeedforwardConfig
from simulation.engines.ensemble_noise import counters, normals, step_keys, stream_keys, uniforms
from simulation.engines.reference import ACTIVATIONS
from simulation.models.activations import LEAK
from simulation.models.memory import MOST_MOMENT_STEPS
from simulation.noise.step_noise import INPUT_NOISE, LABEL_NOISE, TRIAL_STEP, UPDATE_NOISE
from simulation.rules import RULES
from simulation.rules.rule import Step
from simulation.tasks.dataset import Dataset

Tensor = torch.Tensor
Keys = dict[str, Tensor]  # of one step, by stream: (R, 2)


class LockstepTraining:
    """Networks, data and noise of R configurations, and the steps that change the networks.

    Attributes
    ----------
    theta : the weights, rows m^T, b, n: (R, D + 1 + O, H). moments : what the rule remembers, by
        name, each like theta.
    clock, moment_steps : updates made so far, and how many of them are in the moments: one number.
    """

    def __init__(
        self,
        configs: Sequence[FeedforwardConfig],
        datasets: Sequence[Dataset],
        device: torch.device,
    ) -> None:
        self._configs, self._config = configs, configs[0]
        self._device = device
        self._dtype: torch.dtype = getattr(torch, self._config.precision)
        inputs = self.tensor(np.stack([data.inputs for data in datasets]))
        self._inputs = torch.cat((inputs, torch.ones_like(inputs[:, :, :1])), dim=2)
        self._targets = self.tensor(np.stack([data.targets for data in datasets]))
        self._columns = self._inputs.shape[2]  # D + 1
        rows = self._columns + self._targets.shape[2]
        shape = (len(configs), rows, self._config.network.hidden_units)
        self.theta = torch.zeros(shape, dtype=self._dtype, device=self._device)
        largest = max(self.theta[0].numel(), inputs[0].numel(), self._targets[0].numel())
        self._counters = counters(largest, self._device)
        rule = self._config.rule
        self._rule = RULES[rule.kind]
        self.moments = {name: torch.zeros_like(self.theta) for name in rule.moments}
        self.clock = torch.zeros((), dtype=torch.int64, device=self._device)
        self.moment_steps = torch.zeros((), dtype=torch.float64, device=self._device)
        self._prepare_noise()
        self._step = _fused(self._update) if device.type == "cuda" else self._update

    def take(self, count: int) -> None:
        """Make `count` updates in place, by operations that depend on nothing but `count`."""
        steps = self.clock + torch.arange(count, device=self._device)
        keys = {stream: step_keys(key, steps) for stream, key in self._keys.items()}
        for index in range(count):
            self.moment_steps.add_(1).clamp_(max=MOST_MOMENT_STEPS)
            self._step({stream: key[index] for stream, key in keys.items()})
        self.clock += count

    def _update(self, keys: Keys) -> None:
        """One step of the configured rule, of weights and moments in place."""
        theta, (inputs, targets) = self.theta, self._samples(keys)
        steps, rates, scales = self.moment_steps, self._rates, self._update_scales
        at: Step[Any] = Step(
            theta=theta,
            moments=self.moments,
            moment_steps=steps,  # type: ignore[arg-type] # these three are arrays here
            noise=self._noise(UPDATE_NOISE, keys)
            if UPDATE_NOISE in keys
            else torch.zeros_like(theta),
            learning_rate=rates,  # type: ignore[arg-type]
            noise_scale=scales,  # type: ignore[arg-type]
            gradient=lambda: self._gradient(inputs, targets),
            loss=lambda weights: self._loss(weights, inputs, targets),
            trial=lambda: self._trial_scales * self._noise(TRIAL_STEP, keys),
        )
        after, moments = self._rule.update(self._config.rule, at)
        for name, moment in moments.items():
            self.moments[name].copy_(moment)
        theta.copy_(after)

    def _activity(self, theta: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """z and h = sigma(z), (R, N, H) each."""
        z = torch.bmm(inputs, theta[:, : self._columns])
        return z, ACTIVATIONS[self._config.network.activation](z)

    def _loss(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        """Mean squared error of each run: (R, 1, 1)."""
        _, h = self._activity(theta, inputs)
        errors = torch.bmm(h, theta[:, self._columns :].mT) - targets
        return (errors * errors).mean(dim=(1, 2), keepdim=True)

    def _gradient(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """Derivatives of each run's loss with respect to its theta: (R, D + 1 + O, H)."""
        n = self.theta[:, self._columns :]
        z, h = self._activity(self.theta, inputs)
        errors = (torch.bmm(h, n.mT) - targets) * (2 / targets[0].numel())
        back = torch.bmm(errors, n) * _slope(self._config.network.activation, z, h)
        return torch.cat((torch.bmm(inputs.mT, back), torch.bmm(errors.mT, h)), dim=1)

    def _samples(self, keys: Keys) -> tuple[Tensor, Tensor]:
        """Inputs with a column of ones, and targets, as this step sees them."""
        inputs, targets = self._inputs, self._targets
        if LABEL_NOISE in keys:
            uniform = self._config.noise.label_distribution == "uniform"
            draw, count = uniforms if uniform else normals, targets[0].numel()
            xi = draw(self._counters, keys[LABEL_NOISE], count).reshape(targets.shape)
            targets = targets + self._label_scales * xi.to(self._dtype)
        if INPUT_NOISE in keys:
            clean = inputs[:, :, :-1]
            xi = normals(self._counters, keys[INPUT_NOISE], clean[0].numel()).reshape(clean.shape)
            seen = clean + self._input_scales * xi.to(self._dtype)
            inputs = torch.cat((seen, inputs[:, :, -1:]), dim=2)
        return inputs, targets

    def _noise(self, stream: str, keys: Keys) -> Tensor:
        """Standard normals, one a weight."""
        xi = normals(self._counters, keys[stream], self.theta[0].numel())
        return xi.reshape(self.theta.shape).to(self._dtype)

    def _prepare_noise(self) -> None:
        """Keys of the streams that are drawn from, and scales, (R, 1, 1), by run."""
        configs, noise = self._configs, self._config.noise
        drawn = {
            UPDATE_NOISE: noise.update_scale > 0,
            LABEL_NOISE: noise.label_scale > 0,
            INPUT_NOISE: noise.input_scale > 0,
            TRIAL_STEP: self._rule.trial_scale is not None,
        }
        seeds = [config.seed for config in configs]
        self._keys = {
            name: stream_keys(seeds, name, self._device) for name, on in drawn.items() if on
        }
        self._rates = self._by_run([config.rule.learning_rate for config in configs])
        self._update_scales = self._by_run([config.noise.update_scale for config in configs])
        self._label_scales = self._by_run([config.noise.label_scale for config in configs])
        self._input_scales = self._by_run([config.noise.input_scale for config in configs])
        if self._rule.trial_scale is not None:
            _, rows, units = self.theta.shape
            outputs = rows - self._columns
            hidden, output = (
                self._rule.trial_scale(self._config.rule, n) for n in (units, outputs)
            )
            scales = [hidden] * self._columns + [output] * outputs
            self._trial_scales = self.tensor(np.array(scales)[None, :, None])

    def _by_run(self, values: Sequence[float]) -> Tensor:
        return self.tensor(np.array(values)[:, None, None])

    def tensor(self, values: np.ndarray) -> Tensor:
        """`values` in the runs' precision, on the device."""
        return torch.tensor(values, dtype=self._dtype, device=self._device)


def _fused(update: Callable[[Keys], None]) -> Callable[[Keys], None]:
    """The same in a tenth of the kernels, compiled by Triton for these sizes; needs some seconds.

    Multiplications and additions are fused, too, which rounds otherwise: noise differs from its
    definition in the last bit of float32.
    """
    if find_spec("triton") is None:  # not made for every system
        return update
    torch.compiler.reset()  # else, after some sizes, torch would compile no further ones
    compiled: Callable[[Keys], None] = torch.compile(update, dynamic=False)
    return compiled


def _slope(activation: str, z: Tensor, h: Tensor) -> Tensor:
    """sigma'(z), given h = sigma(z) too."""
    match activation:
        case "relu":
            return (h > 0).to(h.dtype)
        case "leaky_relu":
            return torch.where(z > 0, torch.ones_like(z), LEAK)
        case "softplus":
            return torch.sigmoid(z)
        case "tanh":
            return 1 - h * h
        case _:
            return h * (1 - h)
