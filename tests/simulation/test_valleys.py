"""The formulas of drift along a valley and the bookkeeping of walkers, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulation.analysis import valley_drift, valley_theory
from simulation.analysis.valley_drift import Protocol, _ratio, measure_drift
from simulation.analysis.valley_walk import excursion
from simulation.models.landscape import NoisyDescent, Walkers

UPDATE, LABEL = NoisyDescent(0.25, "update", 2.0), NoisyDescent(0.25, "label", 2.0)
RANDOM = np.random.default_rng(0)


def test_formulas_at_one() -> None:
    """h = 1/4 at x = 1 and (lr s)^2 = 1/4; nothing settles from h = 1, x = 2, on, nor at x = 0."""
    x = [1, 2, 2.2, 3, 0]
    nan = np.nan
    for descent, variance in ((UPDATE, 1 / 3), (LABEL, 4 / 3)):
        found = valley_theory.settled_variance(descent, x)
        np.testing.assert_allclose(found, [variance, nan, nan, nan, nan])
        np.testing.assert_allclose(
            valley_theory.drift(descent, [1, -1]), [-variance / 2, variance / 2]
        )
    np.testing.assert_allclose(valley_theory.diffusion(UPDATE, x), [0.25, nan, nan, nan, 0.25])
    np.testing.assert_allclose(valley_theory.diffusion(LABEL, x), [28 / 27, nan, nan, nan, 0])
    small = NoisyDescent(0.01, "label", 3.0)  # h = 0.09
    expected = 4 * 0.03**4 * 9 * 1.91 / 0.91**3
    assert valley_theory.diffusion(small, 3) == pytest.approx(expected)


def test_variances_relax_by_the_square_of_1_less_2h() -> None:
    """At x = 1 by 1/4 a step; at h = 1/2 at once; from h = 1 on never."""
    found = valley_theory.relaxation_steps(UPDATE, [1, math.sqrt(2), 2, 2.2, 3])
    np.testing.assert_allclose(found, [1 / math.log(4), 0, np.inf, np.inf, np.inf], atol=0.02)


def test_the_prediction_holds_for_narrow_clouds_and_short_steps() -> None:
    assert valley_theory.holds(NoisyDescent(0.5, "update", 0.1), [1, 1.01]).tolist() == [
        True,
        False,
    ]
    assert valley_theory.holds(NoisyDescent(0.1, "update", 0.1), [2, 2.24]).tolist() == [
        True,
        False,
    ]
    # v = 0.1 * 0.6848 / 0.856 = 0.08 is over 1.2^2 / 20 = 0.072
    assert not valley_theory.holds(NoisyDescent(0.1, "label", math.sqrt(0.6848)), 1.2)
    assert valley_theory.holds(NoisyDescent(0.1, "label", math.sqrt(0.6)), 1.2)


@pytest.mark.parametrize("descent", [UPDATE, LABEL])
def test_places_in_any_precision_are_taken_in_double(descent: NoisyDescent) -> None:
    single = np.array([0.7, 1.1], np.float32)
    for formula in ("settled_variance", "drift", "diffusion", "relaxation_steps"):
        found = getattr(valley_theory, formula)(descent, single)
        assert found.tolist() == getattr(valley_theory, formula)(descent, single.tolist()).tolist()
    byte = np.array([16], np.int8)  # 256 is no byte
    assert valley_theory.holds(NoisyDescent(1e-6, "label", 1.0), byte).all()
    third = np.float32(1 / 3)
    for noise in ("update", "label"):
        found = valley_theory.eigenvalues_over_time(noise, np.array([third]), np.array([third / 4]))
        exact = valley_theory.eigenvalues_over_time(noise, [float(third)], [float(third) / 4])
        assert found.tolist() == exact.tolist()


def test_a_step_moves_by_the_drift_and_spreads_by_the_diffusion() -> None:
    descent = NoisyDescent(0.05, "update", 0.5)
    mean, deviation = valley_theory.displacement(descent, 0.9, 1)
    assert mean == pytest.approx(float(valley_theory.drift(descent, 0.9)))
    assert deviation == pytest.approx(0.025)
    assert np.isnan(valley_theory.displacement(descent, 1.0, 1_000_000)).all()
    assert np.isnan(valley_theory.displacement(descent, 0.3, 1)).all()  # too wide a cloud


def test_a_protocol_takes_as_many_steps_as_a_fifth_of_a_unit_takes() -> None:
    """Update noise of lr = 0.2, s = 0.28 drifts by 0.04 * 0.0784 / 1.6 = 0.00196 a step at 1."""
    protocol = Protocol.suited_to(NoisyDescent(0.2, "update", 0.28))
    assert (protocol.steps, protocol.walkers) == (102, 600_000 // 102)
    np.testing.assert_allclose(protocol.edges, np.arange(1, 16) / 5)
    none = Protocol.suited_to(NoisyDescent(0.2))
    faint = Protocol.suited_to(NoisyDescent(0.2, "update", 1e-3))
    assert (none.steps, none.walkers) == (faint.steps, faint.walkers) == (600, 1_000)
    strong = Protocol.suited_to(NoisyDescent(0.2, "update", 20.0))
    assert (strong.steps, strong.walkers) == (20, 12_000)
    assert Protocol.suited_to(NoisyDescent(0.2, "update", 7.0)).steps == 20
    assert Protocol.suited_to(NoisyDescent(0.2), last=1.2, bins=2).edges.tolist() == [0.2, 0.7, 1.2]


def test_walkers_start_evenly_where_the_valley_is_stable() -> None:
    protocol = Protocol(np.array([1.0, 2.0, 3.0]), walkers=5, steps=10)
    np.testing.assert_allclose(protocol.start(NoisyDescent(0.01)), np.linspace(0.5, 3.75, 5))
    np.testing.assert_allclose(protocol.start(NoisyDescent(0.25)), np.linspace(0.5, 1.9, 5))


def states(steps: int) -> list[Walkers]:
    """64 walkers: 30 in the first bin, one of them at its last step alone, 29 in the second.

    The others do not count: one on the diagonal, one before the first edge, one on the last, one
    in the first bin that diverges with the fourth step, one that does so with the last.
    """
    found = []
    for step in range(steps + 1):
        x = np.repeat([1.5, -1.5, 2.6, 1.5, 0.9, 3.0, 1.5, 0.5], [15, 15, 29, 1, 1, 1, 1, 1])
        x = x + np.sign(x) * np.where(np.abs(x) == 1.5, 0.01 * step, 0)
        y = np.repeat([0.5, -0.7, 0.1], [15, 15, 34])
        y[59] = x[59]
        if step < steps - 1:
            x[0] = 0.5
        found.append(Walkers(step, x, y, np.where(np.arange(64) == 62, 4, -1)))
    return found


def measured(steps: int, monkeypatch: pytest.MonkeyPatch) -> valley_drift.DriftProfile:
    protocol = Protocol(np.array([1.1, 1.9, 2.7]), 64, steps)
    descent = NoisyDescent(0.1, "update", 1.0)

    def walk(x: np.ndarray, y: np.ndarray, *rest: object) -> list[Walkers]:
        np.testing.assert_array_equal(x, protocol.start(descent))
        assert y.tolist() == [0] * 64
        assert rest == (descent, steps, RANDOM)
        return states(steps)

    monkeypatch.setattr(valley_drift, "walk", walk)
    return measure_drift(descent, protocol, RANDOM)


def test_the_steps_of_walkers_are_sorted_and_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    """y settles for 3 relaxations, 2.5 steps in the first bin: steps 3, 4 and 5 of 6 count.

    There |x| is 1.53, 1.54 and 1.55, grows by 0.01, and the slope takes 0.2 |x| y^2.
    """
    profile = measured(6, monkeypatch)
    counted = np.array([1] + 29 * [3])
    place = np.array([1.55] + 29 * [4.62])
    slope = -0.2 * place * np.array([0.25] * 15 + [0.49] * 15)
    total = counted.sum()
    np.testing.assert_allclose(profile.position, [place.sum() / total, 2.3])
    mean = slope.sum() / total
    np.testing.assert_allclose(profile.drift, [mean, np.nan])
    error = math.sqrt(((slope - mean * counted) ** 2).sum()) / total
    np.testing.assert_allclose(profile.standard_error, [error, np.nan])
    assert profile.measured.tolist() == [True, False]
    at = place.sum() / total
    predicted = -0.01 / (2 * at * (1 - 0.1 * at**2))
    assert profile.predicted[0] == pytest.approx(predicted)
    assert profile.holds.tolist() == [True, False]
    assert profile.slope_ratio.value == pytest.approx(mean / predicted)
    assert profile.slope_ratio.standard_error == pytest.approx(error / -predicted)
    assert profile.change_ratio.value == pytest.approx(0.01 / predicted)
    assert profile.change_ratio.standard_error == pytest.approx(0, abs=1e-9)
    assert profile.diverged == 1


def test_a_bin_that_settles_too_late_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """2.5 steps are over half of 4."""
    profile = measured(4, monkeypatch)
    assert not profile.measured.any()
    np.testing.assert_allclose(profile.position, [1.5, 2.3])
    assert np.isnan(profile.slope_ratio.value)


def test_a_path_ends_where_its_walker_was_last() -> None:
    """From (4, 4) plain descent goes to 4 - 128; from (1, 0.5) with lr = 0.5 to (0.75, 0)."""
    gone = excursion((4, 4), NoisyDescent(1.0), 10, 3, RANDOM)
    assert gone.twin_diverged
    assert gone.path.tolist() == gone.twin_path.tolist() == [[4, 4]]
    calm = excursion((1, 0.5), NoisyDescent(0.5), 3, 2, RANDOM)
    assert calm.path.tolist() == [[1, 0.5], [0.75, 0], [0.75, 0], [0.75, 0]]
    assert (calm.valley, calm.distance, calm.falling) == ("x", 0.75, False)
    assert calm.displacements.tolist() == [0, 0]
    slow = excursion((-1, 1), NoisyDescent(0.1), 1, 1, RANDOM)
    assert (slow.valley, slow.falling) == ("x", True)
    assert slow.distance == pytest.approx(0.8)


def test_two_steps_of_the_moments_by_hand() -> None:
    """The second from the mean less and plus the deviation that the first left."""
    for descent in (NoisyDescent(0.05, "update", 0.5), NoisyDescent(0.1, "label", 0.3)):
        first = float(valley_theory.drift(descent, 1.5))
        spread = float(valley_theory.diffusion(descent, 1.5))
        mean, deviation = 1.5 + first, math.sqrt(spread)
        low, high = valley_theory.drift(descent, [mean - deviation, mean + deviation])
        spread += float(valley_theory.diffusion(descent, mean)) + deviation * (high - low)
        found = valley_theory.displacement(descent, 1.5, 2)
        assert found == pytest.approx((first + (low + high) / 2, math.sqrt(spread)), rel=1e-12)


def test_eigenvalues_fall_evenly_or_in_proportion() -> None:
    update = valley_theory.eigenvalues_over_time("update", [1, 3], [0, 0.25, 1])
    np.testing.assert_allclose(update, [[1, 0.5, 0], [3, 2.5, 1]])
    label = valley_theory.eigenvalues_over_time("label", [1, 3], [0, 0.25])
    np.testing.assert_allclose(label, [[1, math.exp(-1)], [3, 3 * math.exp(-1)]])
    assert valley_theory.vanishing_time("update", 3) == 1.5
    assert valley_theory.vanishing_time("label", 3) == np.inf


def test_the_ratio_of_sums_and_its_error_are_by_bin() -> None:
    ratio, error = _ratio(np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 1], [1, 3]]))
    assert ratio.tolist() == [2, 1.5]
    np.testing.assert_allclose(error, [math.sqrt(2) / 2, math.sqrt(0.5) / 4])
