"""The compiled engine follows the reference engine, step by step, under the same noise.

Here its plain loops; the shorter way of gradient descent is the matter of
`test_engines_stretches`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulation.config import RunConfig
from simulation.engines.kernels.lanes import lane_count
from simulation.engines.kernels.silent import compacting_pays
from simulation.models.feedforward import hidden_activity
from simulation.models.memory import rule_state_shapes
from simulation.tasks import make_dataset
from tests.simulation.engine_helpers import (
    CALM,
    NOISES,
    RULES,
    SHAPES,
    configure,
    difference,
    engine,
    initial_state,
    with_silent_units,
)

Shape = tuple[int, int, int, int]


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_float64_trajectories_agree_to_rounding(shape: Shape, noise: dict[str, Any]) -> None:
    config = configure(shape, precision="float64", **noise)
    start = initial_state(config)
    compiled = engine("plain", config).advance(start, 300)
    reference = engine("reference", config).advance(start, 300)
    assert compiled.step == reference.step == 300
    assert difference(compiled, start) > 1e-3
    assert difference(compiled, reference) < 1e-12


def assert_agreement(config: RunConfig) -> None:
    """Over 300 steps, in weights and in what the rule remembers."""
    start = initial_state(config)
    compiled = engine("plain", config).advance(start, 300)
    reference = engine("reference", config).advance(start, 300)
    assert (
        list(compiled.rule_state) == list(reference.rule_state) == list(rule_state_shapes(config))
    )
    assert difference(compiled, start) > 1e-3
    assert difference(compiled, reference) < 1e-12


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize("shape", [SHAPES[0], SHAPES[1], SHAPES[4]], ids=str)
@pytest.mark.parametrize("rule", RULES[1:])
def test_every_rule_agrees_under_every_noise(
    rule: str, shape: Shape, noise: dict[str, Any]
) -> None:
    assert_agreement(
        configure(shape, precision="float64", rule__kind=rule, **CALM.get(rule, {}), **noise)
    )


@pytest.mark.parametrize("noise", ["none", "all"])
@pytest.mark.parametrize("activation", ["leaky_relu", "softplus", "tanh", "sigmoid"])
@pytest.mark.parametrize("rule", RULES)
def test_every_activation_agrees(rule: str, activation: str, noise: str) -> None:
    config = configure(
        (7, 3, 2, 33),
        precision="float64",
        rule__kind=rule,
        network__activation=activation,
        **CALM.get(rule, {}),
        **NOISES[noise],
    )
    assert_agreement(config)
    assert engine("plain", config).advance(initial_state(config), 1).activation == activation


@pytest.mark.parametrize("rule", RULES[1:])
def test_silent_units_agree_under_every_rule(rule: str) -> None:
    """They go on moving, by noise and by what the rule remembers of them."""
    config = configure((40, 6, 4, 50), precision="float64", rule__kind=rule, **CALM.get(rule, {}))
    learned = engine("reference", config).advance(initial_state(config), 20)
    start = with_silent_units(learned, 0.9)
    compiled = engine("plain", config).advance(start, 100)
    assert difference(compiled, engine("reference", config).advance(start, 100)) < 1e-12
    if rule == "adam":
        assert (compiled.input_weights[:45] != start.input_weights[:45]).any(axis=1).sum() > 30


@pytest.mark.parametrize("rule", RULES[1:])
def test_float32_trajectories_of_every_rule_stay_close(rule: str) -> None:
    config = configure(precision="float32", rule__kind=rule, **NOISES["all"])
    start = initial_state(config)
    compiled = engine("plain", config).advance(start, 50)
    reference = engine("reference", config).advance(start, 50)
    assert {array.dtype for array in compiled.rule_state.values()} <= {np.dtype("float32")}
    assert difference(compiled, reference) < 1e-4


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_float32_trajectories_stay_close(noise: dict[str, Any]) -> None:
    config = configure(precision="float32", **noise)
    start = initial_state(config)
    compiled = engine("plain", config).advance(start, 50)
    assert compiled.input_weights.dtype == np.float32
    assert difference(compiled, engine("reference", config).advance(start, 50)) < 1e-5


@pytest.mark.parametrize("share", [0.4, 0.86, 0.94, 1.0])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_leaving_silent_units_out_changes_nothing(share: float, precision: str) -> None:
    config = configure((40, 6, 4, 50), precision=precision, noise__update_scale=0.03)
    start = with_silent_units(initial_state(config), share)
    hidden = hidden_activity(start, make_dataset(config).inputs)
    active = int((hidden > 0).any(axis=1).sum())
    assert compacting_pays.py_func(active, 50, 40, 7, 4, lane_count(precision)) == (share > 0.5)
    compiled = engine("plain", config).advance(start, 100)
    reference = engine("reference", config).advance(start, 100)
    assert difference(compiled, reference) < {"float32": 1e-5, "float64": 1e-12}[precision]


def test_agreement_holds_from_a_late_step() -> None:
    """Noise is keyed by the absolute step, beyond 32 bits too."""
    config = configure(precision="float64", **NOISES["all"])
    start = initial_state(config)
    late = replace(start, step=2**33 + 5)
    compiled = engine("plain", config).advance(late, 20)
    assert difference(compiled, engine("reference", config).advance(late, 20)) < 1e-12
    assert difference(compiled, engine("plain", config).advance(start, 20)) > 1e-3


def test_the_papers_network_agrees() -> None:
    config = configure((150, 18, 17, 500), precision="float64", noise__update_scale=0.01389)
    start = initial_state(config)
    compiled = engine("plain", config).advance(start, 20)
    assert difference(compiled, engine("reference", config).advance(start, 20)) < 1e-12
