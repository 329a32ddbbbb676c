"""Small configurations and comparisons for the tests of the engines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simulation import rules
from simulation.config import FeedforwardConfig, RunConfig
from simulation.engines import Engine
from simulation.engines.compiled import CompiledEngine
from simulation.models.feedforward import NetworkState, initial_state
from simulation.models.memory import STEPS_SINCE_START
from simulation.running import trainable_of
from simulation.tasks import make_dataset
from simulation.tasks.dataset import Dataset

# N, D, O, H: whole and broken vectors and sample groups, and the smallest of everything
SHAPES = [
    (5, 20, 5, 100),
    (7, 3, 2, 33),
    (1, 4, 3, 16),
    (12, 15, 10, 17),
    (4, 2, 3, 1),
    (1, 1, 1, 1),
]

NOISES: dict[str, dict[str, Any]] = {
    "none": {},
    "update": {"noise.update_scale": 0.05},
    "uniform labels": {"noise.label_scale": 0.5},
    "gaussian labels": {"noise.label_scale": 0.5, "noise.label_distribution": "gaussian"},
    "inputs": {"noise.input_scale": 0.1},
    "all": {"noise.update_scale": 0.05, "noise.label_scale": 0.5, "noise.input_scale": 0.1},
}

RULES = tuple(rules.RULES)
# At its default rate RMSprop circles a minimum in ways that magnify rounding without bound.
CALM: dict[str, dict[str, Any]] = {"rmsprop": {"rule.learning_rate": 1e-4}}


def configure(shape: tuple[int, int, int, int] = (5, 20, 5, 100), **values: Any) -> RunConfig:
    """A `random` task of this N, D, O and H; `values` are dotted fields with __ for the dot.

    With seed 2 every one of `SHAPES` starts with an active unit.
    """
    samples, inputs, outputs, units = shape
    return RunConfig.parse(
        {
            "task.kind": "random",
            "task.n_samples": samples,
            "task.input_dim": inputs,
            "task.output_dim": outputs,
            "network.hidden_units": units,
            "seed": 2,
            **{name.replace("__", "."): value for name, value in values.items()},
        }
    )


def engine(name: str, config: RunConfig, data: Dataset | None = None) -> Engine:
    """An engine by its name; or 'plain', the compiled one without its shorter way."""
    data = data or make_dataset(config)
    if name == "plain":
        assert isinstance(config, FeedforwardConfig)
        return CompiledEngine(config, data, plain=True)
    return trainable_of(config).engine(name, data)


def arrays(state: NetworkState) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return state.input_weights, state.biases, state.output_weights


def same_bits(a: NetworkState, b: NetworkState) -> bool:
    return (
        a.step == b.step
        and list(a.rule_state) == list(b.rule_state)
        and all(
            x.dtype == y.dtype and x.tobytes() == y.tobytes()
            for x, y in zip(
                (*arrays(a), *a.rule_state.values()),
                (*arrays(b), *b.rule_state.values()),
                strict=True,
            )
        )
    )


def difference(a: NetworkState, b: NetworkState) -> float:
    """Largest difference of any weight or moment, relative to the largest of its kind.

    A mean gradient is measured by the root of the mean square, which sets the size of a step.
    """
    pairs = [(x, y, y) for x, y in zip(arrays(a), arrays(b), strict=True)]
    moments = [name for name in a.rule_state if "start" not in name and name in b.rule_state]
    for name in moments:
        square = b.rule_state[name.replace("mean", "square")]
        scale = square**0.5 if "mean" in name else square
        pairs.append((a.rule_state[name], b.rule_state[name], scale))
    return max(float(np.abs(x - y).max() / np.abs(scale).max()) for x, y, scale in pairs)


def with_silent_units(state: NetworkState, share: float) -> NetworkState:
    """The state with the first `share` of its units far below threshold on any input."""
    assert STEPS_SINCE_START not in state.rule_state, "it would go on from the weights it carries"
    biases = state.biases.copy()
    biases[: round(share * len(biases))] = -50
    return replace(state, biases=biases)


__all__ = [
    "CALM",
    "NOISES",
    "RULES",
    "SHAPES",
    "arrays",
    "configure",
    "difference",
    "engine",
    "initial_state",
    "same_bits",
    "with_silent_units",
]
