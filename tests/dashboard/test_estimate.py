"""How long a run will take: computed from measured speeds, or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.jobs.calibration import fit, measure
from dashboard.jobs.estimate import Speeds, estimate, read_speeds, sizes, write_speeds
from simulation.config import RunConfig
from simulation.running.feedforward import TrainableFeedforward

CONFIG = RunConfig.parse(
    {
        "schedule.steps": 1_000,
        "schedule.curve_points": 10,
        "schedule.curve_spacing": "linear",
        "schedule.snapshots": 4,
        "schedule.snapshot_spacing": "linear",
        "schedule.hessian_snapshots": 2,
    }
)
FREE = {part: [0.0] * len(values) for part, values in sizes(CONFIG).items()}


def costing(part: str, seconds: float) -> Speeds:
    """Only `part` costs anything, a constant."""
    return FREE | {part: [seconds, *FREE[part][1:]]}


@pytest.mark.parametrize(
    ("part", "times"),
    [("step_sgd_float64", 1_000), ("curve", 10), ("snapshot", 4), ("pair", 10), ("hessian", 2)],
)
def test_each_part_counts_as_often_as_it_happens(part: str, times: int) -> None:
    assert estimate(CONFIG, costing(part, 0.5)) == pytest.approx(0.5 * times)


def test_a_probe_walks_twice_for_each_grade_of_each_snapshot() -> None:
    probed = CONFIG.with_values({"task.kind": "corridor", "probe.morphs": 3})
    assert estimate(probed, costing("curve", 1.0)) == pytest.approx(10 + 4 * (3 + 1) * 2)


def test_what_was_not_measured_is_not_guessed(tmp_path: Path) -> None:
    assert read_speeds(tmp_path) is None
    assert estimate(CONFIG, None) is None


def test_each_rule_has_a_speed_of_its_own() -> None:
    adam = RunConfig.parse({"rule.kind": "adam", "schedule.steps": 1_000})
    assert estimate(adam, FREE) is None
    others = [0.0] * (len(sizes(adam)["step_adam_float64"]) - 1)
    both = FREE | {"step_adam_float64": [0.25, *others]}
    assert estimate(adam, both) == pytest.approx(250)
    assert estimate(CONFIG, both) == 0


@pytest.mark.parametrize(("part", "times"), [("responses", 10 + 4), ("pair", 10)])
def test_similarity_matching_is_timed_as_well(part: str, times: int) -> None:
    schedule = {path: value for path, value in CONFIG.values().items() if "schedule" in path}
    del schedule["schedule.hessian_snapshots"], schedule["schedule.hessian_limit"]
    ring = RunConfig.parse({"task.kind": "ring", "precision": "float64", **schedule})
    free = {name: [0.0] * len(values) for name, values in sizes(ring).items()}
    known = free | {part: [0.5, *free[part][1:]]}
    assert estimate(ring, known) == pytest.approx(0.5 * times)


def test_measured_speeds_are_kept(tmp_path: Path) -> None:
    write_speeds(tmp_path / "cache", FREE)
    assert read_speeds(tmp_path / "cache") == FREE


def test_the_fit_returns_the_coefficients_of_exact_timings() -> None:
    rows = [([1.0, size], 2e-6 + 3e-9 * size) for size in (0.0, 10.0, 1e3, 1e6)]
    assert fit(rows) == pytest.approx([2e-6, 3e-9])


def test_this_machine_can_be_measured() -> None:
    few = [{**TrainableFeedforward.trials[i], "network.hidden_units": 20} for i in (0, 8, 10)]
    ring = {"task.kind": "ring", "network.hidden_units": 20}
    speeds = measure("sgd", few) | measure("adam", few) | measure("hebbian", [ring])
    for values in (
        {},
        {"task.kind": "corridor", "noise.update_scale": 0.1},
        {"rule.kind": "adam", "network.activation": "tanh"},
        ring,
    ):
        seconds = estimate(RunConfig.parse(values), speeds)
        assert seconds is not None
        assert 0 < seconds < 1e5
