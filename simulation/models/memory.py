"""What a learning rule carries from step to step, beside the weights: names, shapes, and the start.

Adam and RMSprop keep running means of the gradient's entries, one number a weight; gradient
descent and stochastic error descent keep nothing. The arrays travel with the weights as
`NetworkState.rule_state`, in the precision of the run.

The compiled engine trains by gradient descent in stretches of steps, and goes on from the start of
one only. A state within a stretch carries the weights there: whoever continues the same trajectory
starts from those, whoever changes it from the state's own weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.config import FeedforwardConfig

if TYPE_CHECKING:
    from simulation.models.feedforward import NetworkState

Array = NDArray[np.floating[Any]]

PARAMETERS = ("input_weights", "biases", "output_weights")
MOMENT_STEPS = "moment_steps"
"""Steps that went into Adam's moments, for its bias correction: one number, (1,)."""
MOST_MOMENT_STEPS = 2**24
"""Counting stops here, the last whole number that float32 counts to. The longest memory allowed
has then left 5e-8 to correct, the usual ones nothing."""

STEPS_SINCE_START = "steps_since_start"
"""Steps since the start of the stretch that a state lies within: one number, (1,)."""


def rule_state_shapes(config: FeedforwardConfig) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays that the rule of `config` carries, in a fixed order.

    `mean_input_weights` (H, D), `mean_biases` (H,), `mean_output_weights` (O, H), the same with
    `square_`, and for Adam `moment_steps` (1,). Empty for rules without memory.
    """
    sizes = _weight_shapes(config)
    moments = config.rule.moments
    shapes: dict[str, tuple[int, ...]] = {
        f"{moment}_{name}": size for moment in moments for name, size in sizes.items()
    }
    return shapes | {MOMENT_STEPS: (1,)} if "mean" in moments else shapes


def carried_shapes(config: FeedforwardConfig) -> dict[str, tuple[int, ...]]:
    """What a state of `config` carries if it carries anything: names and shapes, in order.

    The rule's arrays; for a rule without, `start_input_weights`, `start_biases`,
    `start_output_weights` and `steps_since_start` (1,), the start of a stretch.
    """
    start = {f"start_{name}": size for name, size in _weight_shapes(config).items()}
    return rule_state_shapes(config) or start | {STEPS_SINCE_START: (1,)}


def _weight_shapes(config: FeedforwardConfig) -> dict[str, tuple[int, ...]]:
    units, task = config.network.hidden_units, config.task
    sizes = ((units, task.input_dim), (units,), (task.output_dim, units))
    return dict(zip(PARAMETERS, sizes, strict=True))


def rule_state(config: FeedforwardConfig, state: NetworkState) -> Mapping[str, Array]:
    """What the rule of `config` remembers in `state`: all zero where it has not begun.

    It has not begun where `state` is new, or was made by another rule.
    """
    shapes = rule_state_shapes(config)
    if state.rule_state.keys() == shapes.keys():
        return state.rule_state
    return {name: np.zeros(shape, config.precision) for name, shape in shapes.items()}


def packed(config: FeedforwardConfig, state: NetworkState) -> Array | None:
    """What the network carries, one array after the other: (1, length); None if nothing."""
    carried = rule_state(config, state) or state.rule_state
    if not carried:
        return None
    parts = [carried[name].ravel() for name in carried_shapes(config)]
    return np.concatenate(parts).reshape(1, -1)


def unpacked(config: FeedforwardConfig, row: Array | None) -> dict[str, Array]:
    """What `packed` gave, by name."""
    if row is None:
        return {}
    shapes = carried_shapes(config)
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])
    parts = np.split(row[0], ends[:-1])
    return {
        name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }
