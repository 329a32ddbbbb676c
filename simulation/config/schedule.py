"""When to record: absolute steps, sorted, from the first to the last, on linear and log grids.

The first step is 0; of a run that starts from another's snapshot it is the step of that snapshot
(`parent.step`), and the grids count from there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.config.sections import Recording, Spacing

Steps = NDArray[np.int64]

MOST_CENTROIDS = 150
"""Recordings of centroids of tuning, which are kept for every unit."""


def recording_steps(steps: int, count: int, spacing: Spacing) -> Steps:
    """At most `count` (2 or more) distinct steps in [0, steps], both ends included.

    'linear': even; 'log': 0, then evenly spaced logarithms from 1; 'both': half of each.
    """
    if spacing == "linear":
        return np.unique(np.linspace(0, steps, count).round().astype(np.int64))
    if spacing == "log":
        grid = np.geomspace(1, steps, count - 1).round()
        return np.unique(np.concatenate([[0], grid, [steps]])).astype(np.int64)
    half = count // 2
    linear = recording_steps(steps, max(count - half, 2), "linear")
    return np.union1d(linear, recording_steps(steps, max(half, 2), "log"))


def curve_steps(schedule: Recording, first: int = 0) -> Steps:
    """Steps at which the curves of a run that starts at step `first` are recorded."""
    steps = schedule.steps - first
    return first + recording_steps(steps, schedule.curve_points, schedule.curve_spacing)


def even_curve_steps(schedule: Recording, first: int = 0) -> Steps:
    """The evenly spaced part of `curve_steps`, on which published definitions are evaluated.

    Empty where the curves are recorded on a log grid alone.
    """
    if schedule.curve_spacing == "log":
        return np.empty(0, np.int64)
    count = schedule.curve_points
    if schedule.curve_spacing == "both":
        count = max(count - count // 2, 2)
    return first + recording_steps(schedule.steps - first, count, "linear")


def first_and_last_tenth(even: Steps) -> tuple[Steps, Steps]:
    """The recordings of `even` (ascending) that published means of curvature are taken over.

    Those nearest to 0, 1, ..., 9 % and to 90, 91, ..., 99 % of the way from the first to the last:
    ten each, with repetitions where recordings are sparse. The published code records curvature
    at 101 even moments and takes the first ten, and the ten before the last.
    """
    if not len(even):
        return even, even
    percent = np.arange(10)
    span = even[-1] - even[0]
    first, last = (
        even[np.abs(even[:, None] - (even[0] + span * share / 100)).argmin(axis=0)]
        for share in (percent, 90 + percent)
    )
    return first, last


def snapshot_steps(schedule: Recording, first: int = 0) -> Steps:
    """Steps at which weights, rate maps and position decoding are recorded."""
    steps = schedule.steps - first
    return first + recording_steps(steps, schedule.snapshots, schedule.snapshot_spacing)


def hessian_steps(schedule: Recording, first: int = 0) -> Steps:
    """The snapshots that get Hessian eigenvalues: evenly chosen, first and last included."""
    steps = snapshot_steps(schedule, first)
    count = min(schedule.spectra, len(steps))
    chosen: Steps = steps[np.unique(np.linspace(0, len(steps) - 1, count).round().astype(int))]
    return chosen


def centroid_steps(schedule: Recording, first: int = 0) -> Steps:
    """The curve recordings at which centroids of tuning are kept: at most 150, as even as can be.

    They are those nearest to an even grid, so that drift can be followed at every lag.
    """
    steps = curve_steps(schedule, first)
    grid = np.linspace(first, schedule.steps, MOST_CENTROIDS)
    return np.unique(steps[np.abs(steps[:, None] - grid).argmin(axis=0)])
