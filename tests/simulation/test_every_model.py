"""What is asked of each model and rule, whichever there are: none is missing from a register."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from simulation.archive.schema import TABLES
from simulation.config import MODELS, RULES, RunConfig
from simulation.engines import ENGINES
from simulation.engines.compiled import LOOPS
from simulation.models import model_of
from simulation.recording import Nowhere
from simulation.rules import RULES as LOSS_RULES
from simulation.running import trainable_of
from simulation.tasks import make_dataset

SMALL: dict[str, Any] = {"task.n_samples": 7, "network.hidden_units": 6, "schedule.steps": 200}
BY_RULE = [RunConfig.parse({"rule.kind": kind, **SMALL}) for kind in RULES]


def rule_of(config: RunConfig) -> str:
    return config.rule.kind


def arrays(state: Any) -> dict[str, np.ndarray]:
    """Every array of a state, by name."""
    found: dict[str, np.ndarray] = {}
    for field in fields(state):
        value = getattr(state, field.name)
        found |= value if isinstance(value, dict) else {}
        found |= {field.name: value} if isinstance(value, np.ndarray) else {}
    return found


def test_each_model_and_rule_is_registered() -> None:
    assert {config.model for config in BY_RULE} == set(MODELS)
    assert set(LOSS_RULES) == set(LOOPS) == set(RULES) - {"hebbian"}


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("config", BY_RULE, ids=rule_of)
def test_what_is_stored_of_a_network_is_the_network(config: RunConfig, name: str) -> None:
    """To the bit, with what its rule remembers and what a stretch of steps started from."""
    trainable = trainable_of(config)
    model, engine = trainable.model, trainable.engine(name, make_dataset(config))
    for steps in (0, 3):
        state = engine.advance(model.start(), steps)
        stored = model.stored(state)
        assert set(stored) <= TABLES["weights"].by_name.keys()
        assert all(row is None or (row.ndim == 2 and len(row) == 1) for row in stored.values())
        known = {column: row for column, row in stored.items() if row is not None}
        again = model.restored(state.step, known)
        assert (type(again), again.step) == (type(state), steps)
        written, read = arrays(state), arrays(again)
        assert written.keys() <= read.keys()
        for field, array in written.items():
            np.testing.assert_array_equal(read[field], array, strict=True)
        # a rule that remembers has remembered nothing at the start: it is stored as zeros
        assert not any(read[field].any() for field in read.keys() - written.keys())


@pytest.mark.parametrize("config", BY_RULE, ids=rule_of)
def test_a_run_is_made_of_steps_and_what_is_recorded(config: RunConfig) -> None:
    trainable, dataset = trainable_of(config), make_dataset(config)
    parts = trainable.parts()
    assert parts[trainable.step_part].count == 200
    assert all(part.sizes[0] == 1 for part in parts.values())
    recorder = trainable.recorder(dataset, Nowhere())
    assert recorder.steps[0] == 0
    assert recorder.steps[-1] == 200
    for name, work in trainable.work(dataset, trainable.model.start()):
        assert name in parts
        work()


@pytest.mark.parametrize("config", BY_RULE, ids=rule_of)
def test_a_model_says_what_does_not_apply_to_it(config: RunConfig) -> None:
    model = model_of(config)
    assert bool(model.no_loss) == bool(model.words.no_spectrum) == (config.schedule.spectra == 0)
    assert "{active}" in model.words.sparsification_caption
    assert set(model.noise_fields) <= config.values().keys()
    quiet = config.with_values(dict.fromkeys(model.noise_fields, 0))
    for offer in model.noise_offers:
        assert quiet.with_values(offer.strengths).noise_in_words() != quiet.noise_in_words()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"task.kind": "random"}, "the task has no position"),
        ({"task.kind": "corridor"}, ""),
        (
            {"task.kind": "corridor", "network.activation": "tanh"},
            "the activity of tanh units can be negative, and spatial information is defined for "
            "rates, which cannot",
        ),
        ({"model": "similarity_matching"}, ""),
    ],
)
def test_why_there_is_no_information(values: dict[str, str], reason: str) -> None:
    assert model_of(RunConfig.parse(values)).no_information == reason
