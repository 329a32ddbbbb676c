"""Several arenas at once, and scenery that is morphed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.config import RunConfig
from simulation.errors import ConfigError
from simulation.tasks import Dataset, make_dataset, make_evaluation, make_morphed
from simulation.tasks.arenas import furnish, morphed

ONE: dict[str, Any] = {"task.kind": "corridor", "task.rays": 5, "task.n_samples": 40}


def corridor(**values: Any) -> RunConfig:
    return RunConfig.parse(ONE | {f"task.{name}": value for name, value in values.items()})


def evaluation(config: RunConfig, samples: int = 10_000) -> Dataset:
    walks = make_evaluation(config, samples)
    assert walks is not None
    return walks


def test_one_arena_is_what_it_always_was() -> None:
    config = RunConfig.parse({"task.kind": "corridor", "task.environments": 1})
    assert config.run_id == RunConfig.parse({"task.kind": "corridor"}).run_id
    last = [0.25834910659517774, 0.21388774052098514, 0.15374827615900943]
    np.testing.assert_array_equal(make_dataset(config).inputs[149, :3], last)
    walk = make_dataset(config).walk
    assert walk is not None
    assert walk.arena is None


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 7), st.integers(7, 40))
def test_arenas_share_the_samples_evenly(environments: int, samples: int) -> None:
    dataset = make_dataset(corridor(environments=environments, n_samples=samples))
    parts = dataset.by_arena()
    sizes = [len(part.inputs) for part in parts]
    assert (len(sizes), sum(sizes)) == (environments, samples)
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes) - min(sizes) <= 1
    np.testing.assert_array_equal(np.concatenate([part.inputs for part in parts]), dataset.inputs)


def test_scaling_is_over_all_arenas() -> None:
    dataset = make_dataset(corridor(environments=3))
    for values in (dataset.inputs[:, :-1], dataset.inputs[:, -1], dataset.targets):
        assert (values.min(), values.max()) == (-1, 1)
    arenas = furnish(corridor(environments=3).task, 0)[0]
    assert len({(arena.view_in, arena.view_out, arena.action) for arena in arenas}) == 1


def test_arenas_look_and_go_differently() -> None:
    first, second = make_dataset(corridor(environments=2)).by_arena()
    assert not np.isin(first.walk.position[1:], second.walk.position).any()
    arenas = furnish(corridor(environments=2).task, 0)[0]
    assert abs(np.corrcoef(arenas[0].scenery, arenas[1].scenery)[0, 1]) < 0.9
    np.testing.assert_array_equal(arenas[0].scenery, furnish(corridor().task, 0)[0][0].scenery)


def test_every_arena_has_its_long_walk() -> None:
    two = [len(part.inputs) for part in evaluation(corridor(environments=2)).by_arena()]
    assert two == [5_000, 5_000]
    many = [len(part.inputs) for part in evaluation(corridor(environments=8)).by_arena()]
    assert many == [2_000] * 8
    few = [len(part.inputs) for part in evaluation(corridor(environments=8), 90).by_arena()]
    assert few == [90] * 8


def test_more_arenas_than_samples_are_refused() -> None:
    with pytest.raises(ConfigError, match="3 arenas cannot share 2 training samples"):
        corridor(environments=3, n_samples=2)


@pytest.mark.parametrize("grade", [0.0, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("kind", ["corridor", "abstract_predictive"])
def test_a_morph_keeps_the_contrast_and_has_the_stated_correlation(kind: str, grade: float) -> None:
    config = RunConfig.parse({"task.kind": kind})
    familiar = furnish(config.task, 0)[0]
    (before, after) = familiar[0].scenery, morphed(familiar, 0, grade)[0].scenery
    assert np.linalg.norm(after) == pytest.approx(np.linalg.norm(before))
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(np.cos(grade * np.pi / 2), abs=1e-12)
    assert (morphed(familiar, 1, 1.0)[0].scenery != morphed(familiar, 0, 1.0)[0].scenery).any()


@pytest.mark.parametrize("environments", [1, 2])
def test_the_morphed_walk_is_the_long_walk(environments: int) -> None:
    config = corridor(environments=environments)
    familiar, same, other = evaluation(config), make_morphed(config, 0.0), make_morphed(config, 0.4)
    np.testing.assert_array_equal(same.inputs, familiar.inputs)
    np.testing.assert_array_equal(same.targets, familiar.targets)
    assert familiar.walk is not None
    assert other.walk is not None
    np.testing.assert_array_equal(other.walk.position, familiar.walk.position)
    np.testing.assert_array_equal(other.inputs[:, -1], familiar.inputs[:, -1])
    assert not np.isclose(other.inputs[:, :-1], familiar.inputs[:, :-1]).all(axis=0).any()
