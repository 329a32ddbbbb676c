"""What the robust timescale is fitted to, and each objection to a fit, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.analysis.decay import Decay
from simulation.analysis.timescale import TimescaleFit, _groups, _objection, robust_timescale

# to 100 one a step, then one in ten: 190 recordings up to 990
TIMES = np.append(np.arange(100.0), np.arange(100.0, 1_000.0, 10.0))
GOOD = Decay(tau=100.0, onset=20.0, memory=1.0, floor=0.2, amplitude=0.6, deviance=-50.0)


def test_the_curve_counts_up_to_ten_times_the_step_of_ninety_percent() -> None:
    """The fall is over at 40: up to 400, in bins of 2 that end with an even step."""
    for curve in (TIMES < 40, (TIMES >= 10) & (TIMES < 40)):
        inside, starts = _groups(TIMES, curve.astype(float))
        assert inside == slice(0, 131)
        assert starts.tolist() == [0, *range(1, 100, 2), *range(101, 131)]


def test_ninety_percent_of_the_fall_is_enough() -> None:
    curve = np.where(TIMES < 20, 1.0, np.where(TIMES < 40, 0.125, 0.0))
    assert _groups(TIMES, curve)[0] == slice(0, 131)
    curve = np.select([TIMES < 10, TIMES < 20, TIMES < 40], [10.0, 5.0, 1.0], 0.0)
    assert _groups(TIMES, curve)[0] == slice(0, 111)  # up to 200


def test_a_late_or_missing_fall_counts_to_the_end() -> None:
    for curve in (TIMES < 500, TIMES >= 500):
        assert _groups(TIMES, curve.astype(float))[0] == slice(0, 190)


def test_many_recordings_are_averaged_in_two_hundred_parts_first() -> None:
    """A part is five steps: the lowest single recording does not decide, the part from 40 does."""
    times = np.arange(1_000.0)
    curve = np.where(times < 40, 1.0, 0.0)
    curve[7] = 0
    assert _groups(times, curve)[0] == slice(0, 421)  # its mean step is 42


def test_the_first_bin_starts_with_the_first_recording() -> None:
    """From 1 on, bins of 2: {1, 2}, {3, 4}, ..."""
    _, starts = _groups(TIMES[1:], (TIMES[1:] < 40).astype(float))
    assert starts[:4].tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("changes", "given", "reason"),
    [
        ({}, {}, ""),
        ({"amplitude": 0.0}, {}, "the curve rises"),
        ({"amplitude": -0.1}, {}, "the curve rises"),
        ({"floor": 0.95, "amplitude": 0.05}, {}, ""),
        (
            {"floor": 0.951, "amplitude": 0.049},
            {},
            "the curve is flat: it falls by less than 5% of its level",
        ),
        (
            {"floor": -1.049, "amplitude": 0.049},
            {},
            "the curve is flat: it falls by less than 5% of its level",
        ),
        (
            {"floor": 9.6, "amplitude": 0.4},
            {},
            "the curve is flat: it falls by less than 5% of its level",
        ),
        ({}, {"evidence": 20.0, "r_squared": 0.5}, ""),
        ({}, {"evidence": 19.9}, "no decay stands out from the noise of the curve"),
        ({}, {"r_squared": 0.49}, "no decay stands out from the noise of the curve"),
        (
            {},
            {"low": None, "high": None},
            "the curve does not tell a sudden fall from a slow one",
        ),
        ({}, {"low": None}, "the curve falls faster than the recordings resolve"),
        ({}, {"high": None}, "the run is too short: the curve has not come near a floor"),
        ({}, {"end": 170.0}, ""),
        ({}, {"end": 169.0}, "the run is too short: the curve has not come near a floor"),
        ({}, {"low": 40.0, "high": 400.0}, ""),
        (
            {},
            {"low": 40.0, "high": 412.0},
            "the curve only tells that tau is between 40 and 4.1e+02 steps",
        ),
    ],
)
def test_each_objection_to_a_fit(
    changes: dict[str, float], given: dict[str, float | None], reason: str
) -> None:
    base = {"low": 80.0, "high": 120.0, "evidence": 50.0, "r_squared": 0.9, "end": 1_000.0}
    assert _objection(replace(GOOD, **changes), **(base | given)) == reason  # type: ignore[arg-type]


def test_twenty_recordings_of_a_decay_are_enough() -> None:
    steps = 50 * np.arange(20)
    curve = 0.2 + 0.6 * np.exp(-np.maximum(steps - 120, 0) / 200)
    fit = robust_timescale(steps, curve)
    assert (fit.verdict, fit.reason) == ("identified", "")
    assert fit.tau_steps == pytest.approx(200, rel=1e-3)
    assert fit.onset_step == pytest.approx(120, abs=0.5)
    assert (fit.floor, fit.amplitude) == pytest.approx((0.2, 0.6), abs=1e-3)
    assert fit.r_squared == pytest.approx(1, abs=1e-6)
    assert 0.8 < fit.low / 200 < 1 < fit.high / 200 < 1.25
    np.testing.assert_allclose(fit.predict(steps), curve, atol=1e-3)
    few = robust_timescale(steps[1:], curve[1:])
    assert few == TimescaleFit("not identifiable", "the curve has fewer than 20 recordings")
    gap = np.where(steps == 500, np.nan, curve)
    assert robust_timescale(steps, gap) == few


def test_what_is_left_of_a_curve_must_vary_and_have_twenty_bins() -> None:
    fast = "the curve falls faster than the recordings resolve"
    times = np.append(0, 1_000 + np.arange(50))
    assert robust_timescale(times, np.append(1.0, np.zeros(50))).reason != ""
    early = np.append(np.arange(15), 1_000 + np.arange(50))
    sudden = robust_timescale(early, np.where(early < 3, 1.0, 0.0))
    assert sudden == TimescaleFit("not identifiable", fast)
    flat = robust_timescale(np.arange(30), np.full(30, 0.3))
    assert flat == TimescaleFit("not identifiable", "the curve is flat")


def test_the_interval_knows_how_few_units_fell() -> None:
    """20 units, one at a time, along an exact exponential: tau to no less than 1/sqrt(20)."""
    steps = np.arange(400)
    counted = np.round(20 * np.exp(-steps / 50)) / 20
    fit = robust_timescale(steps, counted)
    assert fit.verdict == "identified"
    for distance in (np.log(fit.tau_steps / fit.low), np.log(fit.high / fit.tau_steps)):
        assert 1.96 / np.sqrt(20) < distance < 3 / np.sqrt(20)


def test_r_squared_is_the_share_of_variance_explained() -> None:
    """Of noise of spread 0.1, and a fit with four free numbers."""
    steps = np.arange(200)
    clean = np.exp(-steps / 30)
    noise = 0.1 * np.random.default_rng(0).normal(size=200)
    fit = robust_timescale(steps, clean + noise)
    left = noise.var() / (clean + noise).var()
    assert fit.r_squared == pytest.approx(1 - left, abs=0.04 * left)


def test_an_objection_leaves_the_share_explained_and_nothing_else() -> None:
    steps = 50 * np.arange(40)
    fit = robust_timescale(steps, 1 - 0.6 * np.exp(-steps / 200))
    assert fit.r_squared == pytest.approx(1, abs=1e-6)
    assert replace(fit, r_squared=None) == TimescaleFit("not identifiable", "the curve rises")
    assert np.isnan(fit.predict(np.arange(3))).tolist() == [True] * 3
