"""The diffusion constant of centroids, recovered from random walks."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.analysis.diffusion import DiffusionFit, diffusion_constant
from simulation.metrics.centroids import Track, squared_shifts

STEPS = np.arange(0, 40_001, 250)
CIRCLE = Track(2 * np.pi, circular=True)


def walks(seed: int, diffusion: float, jitter: float = 0.0, units: int = 200) -> np.ndarray:
    """Random walks round the circle, (moments, units)."""
    random = np.random.default_rng(seed)
    step = np.sqrt(2 * diffusion * 250)
    place = random.uniform(0, 2 * np.pi, units) + np.cumsum(
        random.normal(0, step, (len(STEPS), units)), axis=0
    )
    return (place + random.normal(0, jitter, place.shape)) % (2 * np.pi)


def fit(where: np.ndarray, since: int | None = 0) -> DiffusionFit:
    shifts = squared_shifts(STEPS[: len(where)], where, CIRCLE)
    return diffusion_constant(
        shifts.step_a,
        shifts.step_b,
        shifts.mean_squared,
        stationary_from=since,
        ceiling=CIRCLE.largest_mean_squared_shift,
    )


@pytest.mark.parametrize(("diffusion", "jitter"), [(1e-4, 0.0), (1e-4, 0.2), (1e-5, 0.05)])
def test_random_walks_give_their_constant_back(diffusion: float, jitter: float) -> None:
    fits = [fit(walks(seed, diffusion, jitter)) for seed in range(20)]
    constants = np.array([found.constant for found in fits], float)
    assert constants.mean() == pytest.approx(diffusion, rel=0.05)
    offsets = np.array([found.offset for found in fits], float)
    assert offsets.mean() == pytest.approx(2 * jitter**2, rel=0.1, abs=1e-3)
    covered = sum(found.low <= diffusion <= found.high for found in fits)
    assert covered >= 15


def test_a_walk_that_has_forgotten_is_fitted_before() -> None:
    fast = fit(walks(0, 4e-4))
    assert fast.longest_lag is not None
    assert fast.longest_lag < 3_000
    assert fast.constant == pytest.approx(4e-4, rel=0.2)


def test_what_stands_still_does_not_diffuse() -> None:
    still = fit(np.tile(walks(0, 1e-4)[:1], (len(STEPS), 1)))
    assert still.constant == pytest.approx(0, abs=1e-12)
    jitter = fit(walks(0, 0.0, jitter=0.1))
    assert jitter.low < 0 < jitter.high


@pytest.mark.parametrize(
    ("moments", "since", "reason"),
    [
        (150, None, "never became stationary"),
        (6, 0, "too few snapshots"),
        (150, 1_000_000, "no two snapshots"),
    ],
)
def test_without_grounds_there_is_none(moments: int, since: int | None, reason: str) -> None:
    found = fit(walks(0, 1e-4)[:moments], since)
    assert found.constant is None
    assert reason in found.reason


def test_too_fast_to_follow_says_so() -> None:
    found = fit(np.random.default_rng(0).uniform(0, 2 * np.pi, (len(STEPS), 50)))
    assert found.constant is None
    assert "move too far" in found.reason


# --- by hand


def pairs(steps: list[int]) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.triu_indices(len(steps), 1)
    return np.array(steps)[first], np.array(steps)[second]


def test_windows_their_mean_and_its_interval_by_hand() -> None:
    """13 snapshots in 4 windows of 4, shared ends; in each a line exactly, of D = 1, 2, 3 and 6.

    Their mean is 3, their variance 14/3; Student's t with 3 degrees of freedom is 3.182.
    """
    a, b = pairs([1_000 + 10 * moment for moment in range(13)])
    window = np.minimum((a - 1_000) // 30, 3)
    shift = np.array([1.0, 2, 3, 4])[window] + 2 * np.array([1, 2, 3, 6])[window] * (b - a)
    shift[b - a > 30] = 0  # not within a window
    shift[(a == 1_000) & (b == 1_010)] = np.nan  # unknown
    early, same = np.array([[990, 1_010], [999, 1_009]]), np.array([[1_010, 1_010], [1_030, 1_020]])
    found = diffusion_constant(
        np.concatenate([a, early[:, 0], same[:, 0]]),
        np.concatenate([b, early[:, 1], same[:, 1]]),
        np.concatenate([shift, np.full(4, 50.0)]),
        stationary_from=1_000,
        ceiling=1e4,
    )
    half = 3.182 * np.sqrt(14 / 3) / 2
    assert found.constant == pytest.approx(3)
    assert (found.low, found.high) == pytest.approx((3 - half, 3 + half))
    assert found.offset == pytest.approx(2.5)
    assert (found.longest_lag, found.windows, found.reason) == (30, 4, "")


def test_shifts_weigh_by_one_over_their_lag() -> None:
    """Mean shifts 1, 2 and 6 at lags 10, 20 and 30, of 3, 2 and 1 pairs: weights 18 : 6 : 2.

    With u = lag / 10 the sums of weight, u, u^2, shift and u shift are 26, 36, 60, 42 and 78, hence
    the slope in u (26 * 78 - 36 * 42) / (26 * 60 - 36^2) = 43/22 and the offset -12/11.
    """
    a, b = pairs([10 * moment for moment in range(13)])
    shift = np.array([0, 1.0, 2, 6])[np.minimum((b - a) // 10, 3)]
    found = diffusion_constant(a, b, shift, stationary_from=0, ceiling=100)
    assert found.constant == pytest.approx(43 / 22 / 10 / 2)
    assert (found.low, found.high) == pytest.approx((found.constant, found.constant))
    assert found.offset == pytest.approx(-12 / 11)


def clusters(shifts: dict[int, float], ceiling: float) -> DiffusionFit:
    """Three clusters of snapshots, with the lags 1, 4, 5, 6, 9, 10, 14 and 15, and one of 4095.

    The 24 bins of lag then begin at 1, 1.4, 2, 2.8, 4, 5.7, 8, 11.3, ..., powers of sqrt(2).
    """
    near = [pairs([100 * part + moment for moment in (0, 1, 5, 6, 15)]) for part in range(3)]
    a, b = np.concatenate(near, axis=1)
    shift = np.array([shifts.get(lag, lag) for lag in (b - a).tolist()])
    shift[b - a == 6] += [-1, 0, 1]  # the mean over the bin counts
    found = np.append(a, 0), np.append(b, 4_095), np.append(shift, 0.0)
    return diffusion_constant(*found, stationary_from=0, ceiling=ceiling)


@pytest.mark.parametrize(
    ("ceiling", "longest"),
    [(3 * 5.9, 5), (3 * 6.0, 6), (3 * 9.4, 6), (3 * 9.6, 10), (3 * 14.2, 10)],
)
def test_lags_count_below_the_bin_whose_mean_passes_a_third_of_the_ceiling(
    ceiling: float, longest: int
) -> None:
    found = clusters({}, ceiling)
    assert (found.longest_lag, found.windows) == (longest, 3)
    assert found.constant == pytest.approx(0.5, rel=0.1)


def test_fewer_than_three_lags_are_too_few() -> None:
    found = clusters({4: 1.0, 5: 30.0}, 30)  # in the bin of 4 and 5
    assert found == DiffusionFit(None, reason="fields move too far from one snapshot to the next")


def test_a_mean_that_never_passes_counts_every_lag() -> None:
    a, b = pairs([10 * moment for moment in range(130)])
    found = diffusion_constant(a, b, 0.02 * (b - a), stationary_from=0, ceiling=1_000)
    assert found.constant == pytest.approx(0.01)
    assert (found.windows, found.longest_lag) == (12, 100)  # 1290 / 12 = 107.5


@pytest.mark.parametrize(
    ("last", "since", "reason"),
    [
        (120, None, "the statistics of activity never became stationary"),
        (120, 120, "no two snapshots of null drift have a known shift"),
        (80, 0, "too few snapshots of null drift"),
        (30, 0, "too few snapshots of null drift"),
    ],
)
def test_the_reason_why_there_is_none(last: int, since: int | None, reason: str) -> None:
    a, b = pairs(list(range(0, last + 1, 10)))
    found = diffusion_constant(a, b, 1.0 * (b - a), stationary_from=since, ceiling=1e4)
    assert found == DiffusionFit(None, reason=reason)


def test_three_snapshots_make_a_window() -> None:
    a, b = pairs([0, 10, 20, 25, 30, 50, 60, 70, 80, 90])  # 30, 50 and 60 in the second
    found = diffusion_constant(a, b, 0.02 * (b - a), stationary_from=0, ceiling=100)
    assert (found.windows, found.constant) == (3, pytest.approx(0.01))
