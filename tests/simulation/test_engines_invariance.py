"""How a run is cut, where it runs and what runs beside it never changes a bit of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.engines import ENGINES
from simulation.engines.kernels.lanes import lane_count
from simulation.engines.kernels.silent import compacting_pays
from simulation.models.feedforward import NetworkState, hidden_activity
from simulation.models.memory import MOMENT_STEPS, MOST_MOMENT_STEPS
from simulation.tasks import make_dataset
from tests.simulation.engine_helpers import (
    NOISES,
    RULES,
    arrays,
    configure,
    engine,
    initial_state,
    same_bits,
    with_silent_units,
)

SHAPE = (20, 6, 3, 40)


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", [*ENGINES, "plain"])
def test_steps_one_by_one_are_the_steps_at_once(
    name: str, precision: str, noise: dict[str, Any]
) -> None:
    config = configure(SHAPE, precision=precision, **noise)
    trainer = engine(name, config)
    start = with_silent_units(initial_state(config), 0.4)
    stepwise = start
    for _ in range(25):
        stepwise = trainer.advance(stepwise, 1)
    assert same_bits(stepwise, trainer.advance(start, 25))
    assert same_bits(trainer.advance(start, 0), start)


@pytest.mark.parametrize(
    ("precision", "activation"), [("float32", "relu"), ("float64", "relu"), ("float64", "tanh")]
)
@pytest.mark.parametrize("rule", RULES[1:])
@pytest.mark.parametrize("name", ENGINES)
def test_every_rule_goes_on_where_it_stopped(
    name: str, rule: str, precision: str, activation: str
) -> None:
    config = configure(
        SHAPE,
        precision=precision,
        rule__kind=rule,
        network__activation=activation,
        **NOISES["all"],
    )
    trainer, start = engine(name, config), initial_state(config)
    assert same_bits(trainer.advance(trainer.advance(start, 0), 25), trainer.advance(start, 25))
    stepwise = start
    for steps in (1, 1, 3, 0, 20):
        stepwise = trainer.advance(stepwise, steps)
    assert same_bits(stepwise, trainer.advance(start, 25))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ENGINES)
def test_counting_the_steps_in_the_moments_ends_without_a_trace(name: str, precision: str) -> None:
    config = configure(SHAPE, precision=precision, rule__kind="adam", rule__beta1=0.999999)
    trainer = engine(name, config)
    begun = trainer.advance(initial_state(config), 1)
    near_the_end = {MOMENT_STEPS: np.array([MOST_MOMENT_STEPS - 3], precision)}
    start = replace(begun, rule_state={**begun.rule_state, **near_the_end})
    halfway = trainer.advance(start, 5)
    assert halfway.rule_state[MOMENT_STEPS] == MOST_MOMENT_STEPS
    assert same_bits(trainer.advance(halfway, 5), trainer.advance(start, 10))


@settings(deadline=None, max_examples=25)
@given(
    cuts=st.lists(st.integers(0, 2_000), max_size=6),
    silent=st.sampled_from([0.0, 0.8, 1.0]),
    update=st.sampled_from([0.0, 0.3]),
    precision=st.sampled_from(["float32", "float64"]),
)
def test_any_cut_gives_the_same_bits(
    cuts: list[int], silent: float, update: float, precision: str
) -> None:
    config = configure(
        SHAPE, precision=precision, noise__update_scale=update, noise__label_scale=0.3
    )
    trainer = engine("compiled", config)
    start = with_silent_units(initial_state(config), silent)
    state = start
    for begin, end in pairwise([0, *sorted(cuts), 2_000]):
        state = trainer.advance(state, end - begin)
    assert same_bits(state, trainer.advance(start, 2_000))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_cuts_give_the_same_bits_while_units_wake(precision: str) -> None:
    """The step changes its way of working with the number of active units."""
    config = configure(SHAPE, precision=precision, noise__update_scale=0.3)
    samples, inputs, outputs, units = SHAPE
    trainer, data = engine("plain", config), make_dataset(config)
    m, b, n = arrays(initial_state(config))
    start = state = NetworkState(0, 0 * m, 0 * b - 0.3, n)
    pays = set()
    for _ in range(400):
        state = trainer.advance(state, 5)
        active = (hidden_activity(state, data.inputs) > 0).any(axis=1).sum()
        lanes = lane_count(precision)
        pays.add(compacting_pays.py_func(active, units, samples, inputs + 1, outputs, lanes))
    assert pays == {True, False}
    assert same_bits(state, trainer.advance(start, 2_000))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_another_process_gives_the_same_bits(precision: str) -> None:
    code = (
        f"from tests.simulation.test_engines_invariance import digest; print(digest({precision!r}))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest(precision)


def digest(precision: str) -> str:
    """Of the weights after 500 steps with every kind of noise."""
    config = configure(precision=precision, **NOISES["all"])
    end = engine("compiled", config).advance(initial_state(config), 500)
    return hashlib.sha256(b"".join(weights.tobytes() for weights in arrays(end))).hexdigest()


def test_threads_give_the_same_bits() -> None:
    """One engine, used by many threads at once."""
    config = configure(**NOISES["all"])
    trainer, start = engine("compiled", config), initial_state(config)
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda _: trainer.advance(start, 3_000), range(8)))
    assert all(same_bits(end, ends[0]) for end in ends)


@pytest.mark.parametrize("name", ENGINES)
def test_the_given_state_is_left_alone(name: str) -> None:
    config = configure(SHAPE, rule__kind="adam", **NOISES["all"])
    start = engine(name, config).advance(initial_state(config), 5)
    held = (*arrays(start), *start.rule_state.values())
    before = [values.copy() for values in held]
    for values in held:
        values.setflags(write=False)
    end = engine(name, config).advance(start, 10)
    for now, was, new in zip(held, before, (*arrays(end), *end.rule_state.values()), strict=True):
        assert (now == was).all()
        assert not np.shares_memory(now, new)
    assert start.step == 5
    assert end.step == 15
