"""How long a run will take: computed from measured speeds, or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.calibration import CONFIGURATIONS, fit, measure
from dashboard.estimate import Speeds, estimate, read_speeds, sizes, write_speeds
from simulation.config import RunConfig

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
    [("step_float64", 1_000), ("curve", 10), ("snapshot", 4), ("pair", 10), ("hessian", 2)],
)
def test_each_part_counts_as_often_as_it_happens(part: str, times: int) -> None:
    assert estimate(CONFIG, costing(part, 0.5)) == pytest.approx(0.5 * times)


def test_what_was_not_measured_is_not_guessed(tmp_path: Path) -> None:
    assert read_speeds(tmp_path) is None
    assert estimate(CONFIG, None) is None


def test_measured_speeds_are_kept(tmp_path: Path) -> None:
    write_speeds(tmp_path / "cache", FREE)
    assert read_speeds(tmp_path / "cache") == FREE


def test_the_fit_returns_the_coefficients_of_exact_timings() -> None:
    rows = [([1.0, size], 2e-6 + 3e-9 * size) for size in (0.0, 10.0, 1e3, 1e6)]
    assert fit(rows) == pytest.approx([2e-6, 3e-9])


def test_this_machine_can_be_measured() -> None:
    speeds = measure([{**values, "network.hidden_units": 20} for values in CONFIGURATIONS[::6]])
    for values in ({}, {"task.kind": "corridor", "noise.update_scale": 0.1}):
        seconds = estimate(RunConfig.parse(values), speeds)
        assert seconds is not None
        assert 0 < seconds < 1e5
