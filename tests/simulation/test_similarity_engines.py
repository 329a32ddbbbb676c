"""Both engines of the similarity-matching network take the same steps, however they are cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.config import SimilarityConfig
from simulation.engines import ENGINES
from simulation.models.similarity import SimilarityState, initial_state
from simulation.noise.step_noise import choice, step_choice
from simulation.rules.hebbian import hebbian
from simulation.running import trainable_of
from simulation.tasks import make_dataset
from tests.simulation.similarity_helpers import GRID, RING, arrays, configure

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ring": (RING, {}),
    "grid": (GRID, {}),
    "whole vectors": (RING, {"network__hidden_units": 64}),
    "one unit": (RING, {"network__hidden_units": 1}),
    "no noise": (GRID, {"rule__feedforward_noise": 0, "rule__lateral_noise": 0}),
    "no decay": (RING, {"network__decay": 0}),
}


def engine(name: str, config: SimilarityConfig) -> Any:
    return trainable_of(config).engine(name, make_dataset(config))


def difference(a: SimilarityState, b: SimilarityState) -> float:
    """Largest difference of any weight, relative to the largest weight of its kind."""
    return max(
        float(np.abs(x - y).max() / max(np.abs(y).max(), 1e-300))
        for x, y in zip(arrays(a), arrays(b), strict=True)
    )


def same_bits(a: SimilarityState, b: SimilarityState) -> bool:
    pairs = zip(arrays(a), arrays(b), strict=True)
    return a.step == b.step and all(
        x.dtype == y.dtype and x.tobytes() == y.tobytes() for x, y in pairs
    )


@pytest.mark.parametrize(("base", "values"), CASES.values(), ids=CASES)
def test_float64_trajectories_agree_to_rounding(
    base: dict[str, Any], values: dict[str, Any]
) -> None:
    config = configure(base, precision="float64", **values)
    start = initial_state(config)
    compiled = engine("compiled", config).advance(start, 150)
    reference = engine("reference", config).advance(start, 150)
    assert compiled.step == reference.step == 150
    assert difference(compiled, start) > 1e-3
    assert difference(compiled, reference) < 1e-12


@pytest.mark.parametrize("base", [RING, GRID], ids=["ring", "grid"])
def test_float32_trajectories_stay_close(base: dict[str, Any]) -> None:
    config = configure(base)
    assert config.precision == "float32"
    start = initial_state(config)
    compiled = engine("compiled", config).advance(start, 40)
    assert compiled.lateral_weights.dtype == np.float32
    assert difference(compiled, engine("reference", config).advance(start, 40)) < 1e-4


def test_agreement_holds_from_a_late_step() -> None:
    """Noise and inputs are keyed by the absolute step, beyond 32 bits too."""
    config = configure(GRID, precision="float64")
    start = initial_state(config)
    late = SimilarityState(2**33 + 5, *arrays(start), config.network)
    compiled = engine("compiled", config).advance(late, 20)
    assert difference(compiled, engine("reference", config).advance(late, 20)) < 1e-12
    assert difference(compiled, engine("compiled", config).advance(start, 20)) > 1e-3


@settings(deadline=None, max_examples=15)
@given(
    cuts=st.lists(st.integers(0, 400), max_size=5),
    precision=st.sampled_from(["float32", "float64"]),
)
def test_any_cut_gives_the_same_bits(cuts: list[int], precision: str) -> None:
    config = configure(GRID, precision=precision)
    trainer, start = engine("compiled", config), initial_state(config)
    state = start
    for begin, end in pairwise([0, *sorted(cuts), 400]):
        state = trainer.advance(state, end - begin)
    assert same_bits(state, trainer.advance(start, 400))


@pytest.mark.parametrize("name", ENGINES)
def test_the_given_state_is_left_alone(name: str) -> None:
    config = configure(RING)
    start = initial_state(config)
    before = [weights.copy() for weights in arrays(start)]
    for weights in arrays(start):
        weights.setflags(write=False)
    trainer = engine(name, config)
    end = trainer.advance(start, 5)
    for now, was, new in zip(arrays(start), before, arrays(end), strict=True):
        assert (now == was).all()
        assert not np.shares_memory(now, new)
    assert same_bits(trainer.advance(start, 0), start)
    stepwise = start
    for _ in range(5):
        stepwise = trainer.advance(stepwise, 1)
    assert same_bits(stepwise, end)


def test_one_plasticity_step_by_hand() -> None:
    w, m, b = np.array([[1.0], [2.0]]), np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([1.0, 0.0])
    xi_w, xi_m = np.array([[1.0], [-1.0]]), np.array([[0.0, -100.0], [1.0, 0.0]])
    new = hebbian(
        (w, m, b),
        np.array([3.0]),
        np.array([2.0, 0.0]),
        (xi_w, xi_m),
        learning_rate=0.25,
        bias_strength=9.0,
        feedforward_noise=0.1,
        lateral_noise=0.2,
    )
    np.testing.assert_allclose(new[0], [[0.75 + 1.5 + 0.05], [1.5 - 0.05]])
    np.testing.assert_allclose(new[1], [[0.75 + 1.0, 0.0], [0.1, 0.75]])
    np.testing.assert_allclose(new[2], [0.75 + 1.5, 0.0])


def test_inputs_come_in_an_order_of_their_own() -> None:
    draws = np.array([step_choice(3, "input_order", step, 7) for step in range(7_000)])
    counts = np.bincount(draws, minlength=7)
    assert len(counts) == 7
    assert np.abs(counts - 1_000).max() < 5 * np.sqrt(1_000)
    assert (draws[:100] == [step_choice(3, "input_order", s, 7) for s in range(100)]).all()
    assert choice(np.uint32(0), 7) == 0
    assert choice(np.uint32(2**32 - 1), 7) == 6


def test_divergence_shows_in_the_weights_and_ends() -> None:
    """Steps of the dynamics so long that they cannot come to rest."""
    config = configure(GRID, network__time_step=1.0, network__decay=0.0, network__weight_scale=10.0)
    end = engine("compiled", config).advance(initial_state(config), 3)
    assert end.step == 3
