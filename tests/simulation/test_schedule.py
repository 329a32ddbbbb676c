"""When recordings are made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.config.schedule import (
    centroid_steps,
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


def test_halves_of_few_recordings_keep_both_ends() -> None:
    """An odd one goes to the linear half; each half is of two at least."""
    assert recording_steps(1_000, 2, "log").tolist() == [0, 1, 1_000]
    assert recording_steps(1_000, 2, "both").tolist() == [0, 1, 1_000]
    assert recording_steps(1_000, 3, "both").tolist() == [0, 1, 1_000]
    assert recording_steps(1_000, 5, "both").tolist() == [0, 1, 500, 1_000]
    assert recording_steps(1_000, 7, "both").tolist() == [0, 1, 333, 667, 1_000]
    assert recording_steps(1_000, 8, "both").tolist() == [0, 1, 32, 333, 667, 1_000]


def test_the_grids_of_a_continued_run_count_from_its_first_step() -> None:
    """From step 1,000 to 2,000, by hand."""
    schedule = Schedule(
        steps=2_000,
        curve_points=6,
        curve_spacing="linear",
        snapshots=5,
        snapshot_spacing="log",
        hessian_snapshots=3,
    )
    assert curve_steps(schedule, 1_000).tolist() == [1_000, 1_200, 1_400, 1_600, 1_800, 2_000]
    assert even_curve_steps(schedule, 1_000).tolist() == curve_steps(schedule, 1_000).tolist()
    assert snapshot_steps(schedule, 1_000).tolist() == [1_000, 1_001, 1_010, 1_100, 2_000]
    assert hessian_steps(schedule, 1_000).tolist() == [1_000, 1_010, 2_000]
    assert centroid_steps(schedule, 1_000).tolist() == curve_steps(schedule, 1_000).tolist()
    log = schedule.model_copy(update={"curve_spacing": "log"})
    assert curve_steps(log, 1_000).tolist() == [1_000, 1_001, 1_006, 1_032, 1_178, 2_000]
    assert even_curve_steps(log, 1_000).tolist() == []
    assert even_curve_steps(log, 1_000).dtype == np.int64
    both = schedule.model_copy(update={"curve_spacing": "both", "curve_points": 7})
    assert even_curve_steps(both, 1_000).tolist() == [1_000, 1_333, 1_667, 2_000]
    for count in (2, 3):
        both = both.model_copy(update={"curve_points": count})
        assert even_curve_steps(both, 1_000).tolist() == [1_000, 2_000]


def test_without_a_first_step_grids_count_from_0() -> None:
    schedule = Schedule(steps=100, curve_points=3, curve_spacing="linear", snapshots=2)
    assert curve_steps(schedule).tolist() == even_curve_steps(schedule).tolist() == [0, 50, 100]
    assert snapshot_steps(schedule).tolist() == hessian_steps(schedule).tolist() == [0, 1, 100]
    assert centroid_steps(schedule).tolist() == [0, 50, 100]


def test_hessians_are_at_even_ranks_of_the_snapshots() -> None:
    schedule = Schedule(steps=9, snapshots=10, snapshot_spacing="linear", hessian_snapshots=4)
    assert hessian_steps(schedule).tolist() == [0, 3, 6, 9]
    assert hessian_steps(schedule.model_copy(update={"hessian_snapshots": 1})).tolist() == [0]


def test_centroids_are_kept_150_times_as_evenly_as_can_be() -> None:
    every = Schedule(steps=2_490, curve_points=1_491, curve_spacing="linear")
    assert centroid_steps(every, 1_000).tolist() == list(range(1_000, 2_491, 10))


def test_published_moments_are_the_nearest_to_each_percent() -> None:
    """Of one every 2 %, and of six uneven ones; halfway, the earlier."""
    first, last = first_and_last_tenth(np.arange(0, 201, 4))
    assert first.tolist() == [0, 0, 4, 4, 8, 8, 12, 12, 16, 16]
    assert last.tolist() == [180, 180, 184, 184, 188, 188, 192, 192, 196, 196]
    first, last = first_and_last_tenth(500 + np.array([0, 2, 5, 94, 97, 100]))
    assert first.tolist() == [500, 500, 502, 502, 505, 505, 505, 505, 505, 505]
    assert last.tolist() == [594, 594, 594, 594, 594, 594, 597, 597, 597, 600]
