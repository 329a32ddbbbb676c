"""When to record: absolute steps, sorted, from 0 to the last, on linear and log grids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.config.sections import Recording, Schedule, Spacing

Steps = NDArray[np.int64]


def recording_steps(steps: int, count: int, spacing: Spacing) -> Steps:
    """At most `count` distinct steps in [0, steps], both ends included.

    'linear': even; 'log': 0, then evenly spaced logarithms from 1; 'both': half of each.
    """
    if spacing == "linear":
        return np.unique(np.linspace(0, steps, count).round().astype(np.int64))
    if spacing == "log":
        grid = np.geomspace(1, steps, max(count - 1, 1)).round().astype(np.int64)
        return np.unique(np.concatenate([[0], grid, [steps]])).astype(np.int64)
    half = count // 2
    linear = recording_steps(steps, max(count - half, 2), "linear")
    return np.union1d(linear, recording_steps(steps, max(half, 2), "log"))


def curve_steps(schedule: Recording) -> Steps:
    """Steps at which the curves are recorded."""
    return recording_steps(schedule.steps, schedule.curve_points, schedule.curve_spacing)


def even_curve_steps(schedule: Recording) -> Steps:
    """The evenly spaced part of `curve_steps`, on which published definitions are evaluated.

    Empty where the curves are recorded on a log grid alone.
    """
    if schedule.curve_spacing == "log":
        return np.empty(0, np.int64)
    count = schedule.curve_points
    if schedule.curve_spacing == "both":
        count = max(count - count // 2, 2)
    return recording_steps(schedule.steps, count, "linear")


def snapshot_steps(schedule: Recording) -> Steps:
    """Steps at which weights, rate maps and position decoding are recorded."""
    return recording_steps(schedule.steps, schedule.snapshots, schedule.snapshot_spacing)


def hessian_steps(schedule: Schedule) -> Steps:
    """The snapshots that get Hessian eigenvalues: evenly chosen, first and last included."""
    steps = snapshot_steps(schedule)
    count = min(schedule.hessian_snapshots, len(steps))
    return steps[np.unique(np.linspace(0, len(steps) - 1, count).round().astype(int))]
