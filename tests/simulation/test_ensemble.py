"""Many runs in lockstep: each follows the reference engine, whatever shares its batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import ks_2samp

from simulation.config import RunConfig
from simulation.engines import ensemble_noise
from simulation.engines.ensemble import BLOCK_STEPS, EnsembleEngine, lockstep_key
from simulation.models.feedforward import NetworkState, hidden_activity
from simulation.noise import step_noise
from simulation.tasks import make_dataset
from tests.simulation.engine_helpers import (
    CALM,
    NOISES,
    RULES,
    configure,
    difference,
    engine,
    initial_state,
    same_bits,
)

SHAPE = (7, 3, 2, 33)
CPU = torch.device("cpu")


def ensemble(configs: list[Any]) -> EnsembleEngine:
    return EnsembleEngine(configs, [make_dataset(config) for config in configs], CPU)


def starts(configs: list[Any]) -> list[NetworkState]:
    return [initial_state(config) for config in configs]


def assert_agreement(configs: list[Any], steps: int = 300) -> None:
    ends = ensemble(configs).advance(starts(configs), steps)
    for config, end in zip(configs, ends, strict=True):
        reference = engine("reference", config).advance(initial_state(config), steps)
        assert end.step == steps
        assert difference(end, initial_state(config)) > 1e-3
        assert difference(end, reference) < 1e-12


@pytest.mark.parametrize("draw", ["normals", "uniforms"])
@pytest.mark.parametrize("count", [1, 64, 100, 2_600])
def test_the_noise_is_the_definition_bit_by_bit(draw: str, count: int) -> None:
    seeds, steps = [0, 1, 77, 2**31 - 1], [0, 1, 31, 2**33 + 5]
    keys = ensemble_noise.stream_keys(seeds, "update_noise", CPU)
    counter = ensemble_noise.counters(3_000, CPU)
    step_keys = ensemble_noise.step_keys(keys, torch.tensor(steps))
    for step, key in zip(steps, step_keys, strict=True):
        drawn = getattr(ensemble_noise, draw)(counter, key, count).numpy()
        defined = [
            getattr(step_noise, f"step_{draw}")(seed, "update_noise", step, count) for seed in seeds
        ]
        assert drawn.tobytes() == np.stack(defined).tobytes()


@pytest.mark.parametrize("noise", ["update", "uniform labels", "all"])
@pytest.mark.parametrize("rule", RULES)
def test_every_run_follows_the_reference_engine(rule: str, noise: str) -> None:
    rate = CALM.get(rule, {}).get("rule.learning_rate", 0.01)
    assert_agreement(
        [
            configure(
                SHAPE,
                precision="float64",
                rule__kind=rule,
                rule__learning_rate=rate * share,
                seed=seed,
                **NOISES[noise],
            )
            for seed, share in ((2, 1.0), (3, 0.7), (5, 0.9))
        ]
    )


@pytest.mark.parametrize("activation", ["leaky_relu", "softplus", "tanh", "sigmoid"])
def test_every_activation_agrees(activation: str) -> None:
    settings = {"precision": "float64", "network__activation": activation, **NOISES["all"]}
    assert_agreement([configure(SHAPE, seed=seed, **settings) for seed in (2, 3)])


@pytest.mark.parametrize(("precision", "rounding"), [("float32", 1e-4), ("float64", 1e-12)])
def test_who_shares_the_batch_changes_rounding_alone(precision: str, rounding: float) -> None:
    configs = [
        configure(SHAPE, seed=seed, precision=precision, **NOISES["all"]) for seed in range(2, 7)
    ]
    together = ensemble(configs).advance(starts(configs), 100)
    for some in (configs[3:4], configs[1:3]):
        alone = ensemble(some).advance(starts(some), 100)
        for config, end in zip(some, alone, strict=True):
            assert difference(end, together[configs.index(config)]) < rounding


@pytest.mark.parametrize("rule", ["sgd", "adam"])
def test_any_cut_gives_the_same_bits(rule: str) -> None:
    configs = [configure(SHAPE, seed=seed, rule__kind=rule, **NOISES["all"]) for seed in (2, 3)]
    trainer = ensemble(configs)
    states = starts(configs)
    for steps in (1, BLOCK_STEPS, 0, BLOCK_STEPS + 7, 3):
        states = trainer.advance(states, steps)
    whole = trainer.advance(starts(configs), 2 * BLOCK_STEPS + 11)
    assert all(same_bits(a, b) for a, b in zip(states, whole, strict=True))


def test_only_what_can_share_a_batch_has_the_same_key() -> None:
    one = configure(SHAPE, **NOISES["update"])
    same = one.with_values({"seed": 9, "noise.update_scale": 0.1, "rule.learning_rate": 0.2})
    assert lockstep_key(one) == lockstep_key(same)
    others: list[dict[str, Any]] = [
        {"noise.update_scale": 0},
        {"noise.label_scale": 1},
        {"rule.kind": "adam"},
        {"network.hidden_units": 34},
        {"network.activation": "tanh"},
    ]
    assert all(lockstep_key(one.with_values(other)) != lockstep_key(one) for other in others)
    with pytest.raises(ValueError, match="lockstep"):
        ensemble([one, one.with_values(others[0])])


def test_its_runs_are_distributed_as_those_of_the_compiled_engine() -> None:
    """Another noise altogether, by seed: active units and size of the weights at the end agree."""
    seeds, steps = range(100, 164), 1_500
    ours = [configure(SHAPE, seed=seed, noise__update_scale=0.3) for seed in seeds]
    theirs = [configure(SHAPE, seed=seed + 1_000, noise__update_scale=0.3) for seed in seeds]
    batch = ensemble(ours).advance(starts(ours), steps)
    single = [engine("compiled", c).advance(initial_state(c), steps) for c in theirs]
    for measure in (active_share, size):
        there = [measure(state, c) for state, c in zip(single, theirs, strict=True)]
        here = [measure(state, c) for state, c in zip(batch, ours, strict=True)]
        assert ks_2samp(here, there).pvalue > 1e-3


def active_share(state: NetworkState, config: RunConfig) -> float:
    return float((hidden_activity(state, make_dataset(config).inputs) > 0).mean())


def size(state: NetworkState, _: RunConfig) -> float:
    return float(np.square(state.output_weights).sum())
