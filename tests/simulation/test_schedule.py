"""When recordings are made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.config.schedule import (
    curve_steps,
    even_curve_steps,
    first_and_last_tenth,
    hessian_steps,
    recording_steps,
    snapshot_steps,
)
from simulation.config.sections import Schedule, Spacing

spacings = st.sampled_from(["linear", "log", "both"])
schedules = st.builds(
    Schedule,
    steps=st.integers(1, 10**9),
    curve_points=st.integers(2, 3_000),
    curve_spacing=spacings,
    snapshots=st.integers(2, 200),
    snapshot_spacing=spacings,
    hessian_snapshots=st.integers(0, 200),
)


@given(st.integers(1, 10**9), st.integers(2, 3_000), spacings)
def test_steps_are_distinct_sorted_and_include_both_ends(
    steps: int, count: int, spacing: Spacing
) -> None:
    grid = recording_steps(steps, count, spacing)
    assert grid.dtype == np.int64
    assert grid[0] == 0
    assert grid[-1] == steps
    assert (np.diff(grid) > 0).all()
    assert len(grid) <= max(count, 3)


@given(schedules)
def test_every_schedule_is_part_of_its_curve_or_snapshots(schedule: Schedule) -> None:
    assert np.isin(even_curve_steps(schedule), curve_steps(schedule)).all()
    snapshots, hessians = snapshot_steps(schedule), hessian_steps(schedule)
    assert np.isin(hessians, snapshots).all()
    assert len(hessians) == min(schedule.hessian_snapshots, len(snapshots))


@given(schedules.filter(lambda schedule: schedule.hessian_snapshots >= 2))
def test_first_and_last_snapshot_get_a_hessian(schedule: Schedule) -> None:
    snapshots, hessians = snapshot_steps(schedule), hessian_steps(schedule)
    assert (hessians[0], hessians[-1]) == (snapshots[0], snapshots[-1])


def test_linear_steps_by_hand() -> None:
    assert recording_steps(10, 6, "linear").tolist() == [0, 2, 4, 6, 8, 10]
    assert recording_steps(3, 100, "linear").tolist() == [0, 1, 2, 3]


def test_log_steps_by_hand() -> None:
    assert recording_steps(1_000, 5, "log").tolist() == [0, 1, 10, 100, 1_000]


def test_both_is_half_of_each() -> None:
    linear, log = recording_steps(10**6, 50, "linear"), recording_steps(10**6, 50, "log")
    both = recording_steps(10**6, 100, "both")
    np.testing.assert_array_equal(both, np.union1d(linear, log))


@pytest.mark.parametrize("spacing", ["linear", "both"])
def test_even_steps_are_even(spacing: Spacing) -> None:
    steps = even_curve_steps(Schedule(steps=10**6, curve_points=2_000, curve_spacing=spacing))
    assert len(steps) == (2_000 if spacing == "linear" else 1_000)
    assert np.ptp(np.diff(steps)) <= 1


def test_a_log_curve_has_no_even_steps() -> None:
    assert len(even_curve_steps(Schedule(curve_spacing="log"))) == 0


def test_no_hessians() -> None:
    assert len(hessian_steps(Schedule(hessian_snapshots=0))) == 0


def test_published_moments_of_curvature() -> None:
    """101 even recordings: the first ten, and the ten before the last."""
    even = np.linspace(0, 1_000_000, 101).round().astype(np.int64)
    first, last = first_and_last_tenth(even)
    np.testing.assert_array_equal(first, even[:10])
    np.testing.assert_array_equal(last, even[-11:-1])
    finer = np.linspace(0, 1_000_000, 1_000).round().astype(np.int64)
    for ours, published in zip(first_and_last_tenth(finer), (first, last), strict=True):
        assert np.abs(ours - published).max() <= 501
    continued = even + 3_000_000
    np.testing.assert_array_equal(first_and_last_tenth(continued)[1], last + 3_000_000)


def test_sparse_recordings_repeat_in_the_published_moments() -> None:
    first, last = first_and_last_tenth(np.array([0, 50, 100]))
    assert (set(first.tolist()), set(last.tolist())) == ({0}, {100})
    assert [len(part) for part in first_and_last_tenth(np.empty(0, np.int64))] == [0, 0]
