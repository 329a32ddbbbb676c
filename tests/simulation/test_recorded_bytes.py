"""How much a run writes: known beforehand, and bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulation.archive.reader import config_of
from simulation.config import TASKS, RunConfig
from simulation.config.run_config import MOST_MAP_BYTES
from simulation.errors import ConfigError
from simulation.running import trainable_of
from simulation.tasks import make_dataset

ARENAS = {"task.kind": "corridor", "task.environments": 20, "network.hidden_units": 200}


class Places:
    """Counts the places that a recorder announces, in place of a run's writer."""

    def __init__(self) -> None:
        self.count = 0

    def append(self, table: str, **columns: Any) -> None:
        assert table == "places"
        self.count += len(columns["bin"])


@pytest.mark.parametrize(
    "values",
    [*({"task.kind": kind} for kind in TASKS), {**ARENAS, "task.environments": 3}],
    ids=str,
)
def test_maps_have_as_many_values_as_there_are_places(values: dict[str, Any]) -> None:
    config, places = RunConfig.parse(values), Places()
    dataset = make_dataset(config)
    trainable_of(config).recorder(dataset, places)
    assert config.task.map_values == places.count


def test_more_maps_than_a_run_may_write_are_refused_with_the_way_out() -> None:
    with pytest.raises(ConfigError) as caught:
        RunConfig.parse(ARENAS)
    (problem,) = caught.value.problems
    assert problem.path == "task.environments"
    assert "200 units in 20 arenas at 40 snapshots come to 256 MB" in problem.message
    assert "schedule.snapshots to at most 31" in problem.message
    allowed = RunConfig.parse({**ARENAS, "schedule.snapshots": 31})
    assert allowed.map_bytes <= MOST_MAP_BYTES
    with pytest.raises(ConfigError, match=r"network\.hidden_units"):
        RunConfig.parse({"task.kind": "corridor", "network.hidden_units": 20_000})


def test_a_run_that_recorded_more_can_still_be_read() -> None:
    values = {**ARENAS, "schema": 1}
    assert config_of(json.dumps(values)).map_bytes > MOST_MAP_BYTES
