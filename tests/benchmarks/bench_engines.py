"""How fast the engines train, side by side in one process, one core each.

    python -m tests.benchmarks.bench_engines                     # gradient descent, shapes A and D
    python -m tests.benchmarks.bench_engines --shape A --rule adam --rule sed --json
    python -m tests.benchmarks.bench_engines --shape A --precision float64

A whole run of `--steps` (10^6) is trained by the compiled engine in ten pieces. Before each piece
the rivals make their share of at least 2,000 steps from the same state, so that a change of the
clock or of the machine's load meets all of them. Reported are medians over the pieces, in
microseconds of processor time per step, and the median of the ratios. Rivals: the reference
engine (which draws the same noise as the compiled one, in numpy), and a training loop as in the
published code: torch autograd and torch.optim in float64 (SED: two evaluations without
autograd), noise from torch.randn.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from simulation.config import RunConfig
from simulation.engines import create_engine
from simulation.models.feedforward import NetworkState, hidden_activity, initial_state
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Dataset

PIECES = 10
RIVAL_STEPS = 2_000
SHAPES: dict[str, dict[str, Any]] = {
    "A": {
        "task.kind": "smoothed_random",
        "task.n_samples": 5,
        "task.input_dim": 20,
        "task.output_dim": 5,
        "network.hidden_units": 100,
        "noise.update_scale": 0.03,
    },
    "D": {
        "task.kind": "corridor",
        "task.n_samples": 150,
        "task.rays": 17,
        "network.hidden_units": 500,
        "network.init": "lazy",
        "noise.update_scale": 0.01389,
    },
}


RULES: dict[str, dict[str, Any]] = {
    "sgd": {},
    "adam": {"noise.update_scale": 0.0},
    "rmsprop": {"noise.update_scale": 0.0},
    # a rate at which it does not diverge with the few outputs of shape A
    "sed": {"noise.update_scale": 0.0, "rule.learning_rate": 0.1},
}
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}
Train = Callable[[NetworkState, int], Any]


def published_style_loop(config: RunConfig, data: Dataset) -> Train:
    """A plain torch training loop, with update noise if there is any."""
    inputs, targets = torch.from_numpy(data.inputs), torch.from_numpy(data.targets)

    def loss(m: torch.Tensor, b: torch.Tensor, n: torch.Tensor) -> torch.Tensor:
        return ((torch.relu(inputs @ m.T + b) @ n.T - targets) ** 2).mean()

    def by_gradient(state: NetworkState, steps: int) -> None:
        theta = [tensor.requires_grad_() for tensor in tensors(state)]
        optimizer = OPTIMIZERS[config.rule.kind](theta, lr=config.rule.learning_rate)
        for _ in range(steps):
            optimizer.zero_grad()
            loss(*theta).backward()
            if config.noise.update_scale:
                for weights in theta:
                    weights.grad.add_(torch.randn_like(weights), alpha=config.noise.update_scale)
            optimizer.step()

    def by_trial(state: NetworkState, steps: int) -> None:
        theta = tensors(state)
        for _ in range(steps):
            before = loss(*theta)
            trial = [
                config.rule.perturbation * torch.randn_like(weights) / len(weights) ** 0.5
                for weights in theta
            ]
            rise = loss(*(at + step for at, step in zip(theta, trial, strict=True))) - before
            for weights, step in zip(theta, trial, strict=True):
                weights -= config.rule.learning_rate * rise * step

    return by_trial if config.rule.kind == "sed" else by_gradient


def tensors(state: NetworkState) -> list[torch.Tensor]:
    weights = (state.input_weights, state.biases, state.output_weights)
    return [torch.tensor(array, dtype=torch.float64) for array in weights]


def timed(train: Train, state: NetworkState, steps: int) -> tuple[Any, float]:
    """What `train` returns, and the microseconds of processor time it took per step."""
    start = time.process_time()
    result = train(state, steps)
    return result, (time.process_time() - start) / steps * 1e6


def measure(shape: str, rule: str, precision: str, steps: int) -> dict[str, Any]:
    values = {**SHAPES[shape], **RULES[rule], "rule.kind": rule, "precision": precision}
    config = RunConfig.parse(values)
    data = make_dataset(config)
    compiled = create_engine("compiled", config, data)
    rivals = {
        "reference": create_engine("reference", config, data).advance,
        "published_style": published_style_loop(config, data),
    }
    torch.set_num_threads(1)
    state = initial_state(config)
    for train in (compiled.advance, *rivals.values()):
        train(state, 10)
    times: dict[str, list[float]] = {name: [] for name in ("compiled", *rivals)}
    for _ in range(PIECES):
        for name, train in rivals.items():
            times[name].append(timed(train, state, RIVAL_STEPS // PIECES)[1])
        state, duration = timed(compiled.advance, state, steps // PIECES)
        times["compiled"].append(duration)
    active = (hidden_activity(state, data.inputs) > 0).any(axis=1).mean()
    return summarise(times) | {
        "shape": shape,
        "rule": rule,
        "precision": config.precision,
        "steps": steps,
        "active_units_at_end": round(float(active), 3),
    }


def summarise(times: dict[str, list[float]]) -> dict[str, Any]:
    compiled = np.array(times["compiled"])
    summary: dict[str, Any] = {
        "compiled_run_seconds_per_million_steps": round(float(compiled.mean()), 2),
        "compiled_first_piece_us": round(times["compiled"][0], 3),
        "compiled_last_piece_us": round(times["compiled"][-1], 3),
    }
    for name, values in times.items():
        summary[f"{name}_us"] = round(float(np.median(values)), 3)
        if name != "compiled":
            summary[f"ratio_to_{name}"] = round(float(np.median(np.array(values) / compiled)), 1)
    return summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", choices=SHAPES, action="append", help="default: all")
    parser.add_argument("--rule", choices=RULES, action="append", help="default: sgd")
    parser.add_argument("--precision", choices=("float32", "float64", "auto"), default="auto")
    parser.add_argument("--steps", type=int, default=1_000_000, help="length of the whole run")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    results = [
        measure(shape, rule, options.precision, options.steps)
        for shape in options.shape or SHAPES
        for rule in options.rule or ["sgd"]
    ]
    if options.json:
        print(json.dumps({"engines": results}))
        return
    for result in results:
        print(f"shape {result.pop('shape')}, {result.pop('rule')}")
        for name, value in result.items():
            print(f"  {name:<40}{value:>12}")


if __name__ == "__main__":
    main()
