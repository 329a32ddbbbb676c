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
