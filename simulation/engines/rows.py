"""All numbers of a network, or of anything with one number a weight, as one matrix.

Row by row: m^T (D rows), b, n (O rows); a column is a hidden unit. This is also the order of the
elements of update noise and trial steps (`simulation.noise.step_noise`) in the plain loops.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig
from simulation.models.feedforward import NetworkState
from simulation.models.memory import (
    MOMENT_STEPS,
    MOST_MOMENT_STEPS,
    PARAMETERS,
    STEPS_SINCE_START,
    rule_state,
)

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Memory:
    """What a rule remembers (see `simulation.models.memory`).

    Attributes
    ----------
    moments : running means by name, each (D + 1 + O, H); empty for rules without.
    moment_steps : how many steps are in them; counted for Adam only.
    """

    moments: dict[str, Array]
    moment_steps: int


def weight_rows(state: NetworkState) -> Array:
    """The weights of a network: (D + 1 + O, H)."""
    return _stack(state.input_weights, state.biases, state.output_weights)


def recall(config: FeedforwardConfig, state: NetworkState) -> Memory:
    """What the rule of `config` remembers in `state`."""
    stored = rule_state(config, state)
    moments = {
        moment: _stack(*(stored[f"{moment}_{name}"] for name in PARAMETERS))
        for moment in config.rule.moments
    }
    return Memory(moments, int(stored[MOMENT_STEPS][0]) if MOMENT_STEPS in stored else 0)


def trained(state: NetworkState, steps: int, weights: Array, memory: Memory) -> NetworkState:
    """The network after `steps` more updates than `state`, with these weights and this memory."""
    stored = {
        f"{moment}_{name}": part
        for moment, rows in memory.moments.items()
        for name, part in _split(rows, state).items()
    }
    if "mean" in memory.moments:
        stored[MOMENT_STEPS] = np.array([memory.moment_steps], weights.dtype)
    return replace(state, step=state.step + steps, rule_state=stored, **_split(weights, state))


def stretch_start(state: NetworkState) -> tuple[Array, int]:
    """Weights, and step, at the start of the stretch of steps that `state` is within.

    (See `simulation.models.memory`.) It is `state` itself, unless that carries another.
    """
    stored = state.rule_state
    if STEPS_SINCE_START not in stored:
        return weight_rows(state), state.step
    start = _stack(*(stored[f"start_{name}"] for name in PARAMETERS))
    return start, state.step - int(stored[STEPS_SINCE_START][0])


def within_stretch(
    state: NetworkState, step: int, weights: Array, start: Array, at: int
) -> NetworkState:
    """The network at `step`, with the `start` of the stretch that it is within, at step `at`."""
    stored = {f"start_{name}": part for name, part in _split(start, state).items()}
    stored[STEPS_SINCE_START] = np.array([step - at], weights.dtype)
    kept = stored if at < step else {}
    return replace(state, step=step, rule_state=kept, **_split(weights, state))


def counted(moment_steps: int, steps: int) -> int:
    """`moment_steps` after `steps` more."""
    return min(moment_steps + steps, MOST_MOMENT_STEPS)


def _stack(input_weights: Array, biases: Array, output_weights: Array) -> Array:
    return np.vstack([input_weights.T, biases, output_weights])


def _split(rows: Array, like: NetworkState) -> dict[str, Any]:
    """`rows` as arrays of the shapes of m, b and n, by name; each a C-contiguous copy."""
    inputs = like.input_weights.shape[1]
    parts = (rows[:inputs].T, rows[inputs], rows[inputs + 1 :])
    return {name: part.copy(order="C") for name, part in zip(PARAMETERS, parts, strict=True)}
