"""The boundaries of the three phases, on curves whose phases are known."""

import numpy as np
import pytest

from simulation.analysis.phases import LEARNED_BEFORE, RULE, find_phases
from simulation.config.schedule import recording_steps

RUN = 1_000_000
STEPS = recording_steps(RUN, 2_000, "both")


def loss_curve(tau: float, plateau: float = -3.0, steps: np.ndarray = STEPS) -> np.ndarray:
    return plateau * (1 - np.exp(-steps / tau))


def active_curve(tau: float, floor: float = 0.1, steps: np.ndarray = STEPS) -> np.ndarray:
    return floor + (0.8 - floor) * np.exp(-steps / tau)


def noisy(curve: np.ndarray, size: float, seed: int = 0) -> np.ndarray:
    return curve + size * np.random.default_rng(seed).normal(size=len(curve))


@pytest.mark.parametrize("noise", [0, 0.02])
@pytest.mark.parametrize(("learning", "drift"), [(100, 5e4), (1_000, 2e5), (2e4, 1e5)])
def test_three_phases(learning: float, drift: float, noise: float) -> None:
    """90 % of an exponential fall takes 2.3 of its time constants, 95 % takes 3.0."""
    phases = find_phases(
        STEPS,
        noisy(loss_curve(learning), 5 * noise),
        noisy(active_curve(drift / 2), noise, 1),
        noisy(active_curve(drift), noise, 2),
    )
    assert phases.learning_end == pytest.approx(2.3 * learning, rel=0.15)
    assert phases.stationary_from == pytest.approx(3.0 * drift, rel=0.15)
    assert phases.reasons == {}
    assert phases.rule == RULE


def test_the_slower_statistic_decides() -> None:
    fast, slow, loss = active_curve(1e4), active_curve(1e5), loss_curve(100)
    one, other = find_phases(STEPS, loss, fast, slow), find_phases(STEPS, loss, slow, fast)
    assert one.stationary_from == other.stationary_from == pytest.approx(3e5, rel=0.05)


def test_null_drift_starts_after_learning() -> None:
    flat = np.full(len(STEPS), 0.8)
    phases = find_phases(STEPS, loss_curve(1_000), flat, flat)
    assert phases.stationary_from == phases.learning_end == pytest.approx(2_300, rel=0.05)


def test_a_control_whose_loss_falls_for_ever_has_learned_at_a_millionth() -> None:
    flat = np.full(len(STEPS), 0.8)
    phases = find_phases(STEPS, -STEPS / 10_000, flat, flat)
    assert phases.learning_end == pytest.approx(54_000, rel=0.05)


def test_exactly_zero_loss_is_learned() -> None:
    loss = loss_curve(100)
    loss[STEPS > 5_000] = -np.inf
    flat = np.full(len(STEPS), 0.8)
    assert find_phases(STEPS, loss, flat, flat).learning_end == pytest.approx(5_000, rel=0.05)


def test_a_loss_that_still_falls_has_no_end_of_learning() -> None:
    active = active_curve(1e5)
    phases = find_phases(STEPS, -3 * STEPS / RUN, active, active)
    assert phases.learning_end is phases.stationary_from is None
    assert phases.reasons["learning_end"] == "the loss still falls at the end"
    assert "learning has no end" in phases.reasons["stationary_from"]


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_no_learning(level: float) -> None:
    flat = np.full(len(STEPS), 0.8)
    phases = find_phases(STEPS, noisy(np.full(len(STEPS), level), 0.02), flat, flat)
    assert phases.learning_end is None
    assert "factor of 2" in phases.reasons["learning_end"]


@pytest.mark.parametrize(
    ("active_fraction", "active_units", "name"),
    [
        (active_curve(RUN), active_curve(1e4), "active fraction"),
        (active_curve(1e4), active_curve(RUN), "share of active units"),
        (active_curve(1e4), 0.9 - 0.5 * STEPS / RUN, "share of active units"),
    ],
)
def test_a_run_that_ends_in_directed_drift(
    active_fraction: np.ndarray, active_units: np.ndarray, name: str
) -> None:
    phases = find_phases(STEPS, loss_curve(100), active_fraction, active_units)
    assert phases.learning_end == pytest.approx(230, rel=0.1)
    assert phases.stationary_from is None
    assert phases.reasons == {"stationary_from": f"the {name} still changes at the end"}


@pytest.mark.parametrize("spacing", ["linear", "log", "both"])
def test_any_spacing_of_recordings(spacing: str) -> None:
    steps = recording_steps(RUN, 2_000, spacing)
    active = active_curve(1e5, steps=steps)
    phases = find_phases(steps, loss_curve(5_000, steps=steps), active, active)
    assert phases.learning_end == pytest.approx(11_500, rel=0.1)
    assert phases.stationary_from == pytest.approx(3e5, rel=0.1)


def test_recordings_that_are_not_numbers_are_left_out() -> None:
    loss, active = loss_curve(1_000), active_curve(1e5)
    loss[100], active[200] = np.nan, np.nan
    loss[-1] = np.inf
    assert find_phases(STEPS, loss, active, active).stationary_from == pytest.approx(3e5, rel=0.05)


@pytest.mark.parametrize("count", [0, 1, 19])
def test_too_few_recordings(count: int) -> None:
    steps = STEPS[:count]
    phases = find_phases(steps, loss_curve(5)[:count], np.ones(count), np.ones(count))
    assert phases.learning_end is phases.stationary_from is None
    assert set(phases.reasons) == {"learning_end", "stationary_from"}
    assert "fewer than 20" in phases.reasons["learning_end"]


# --- to the recording: 41 of them, of which those from the 20th are the third quarter, those from
# the 30th the last; too few for the running median to smooth anything

FEW = 1_000 + 10 * np.arange(41)


def pieces(*parts: tuple[int, float]) -> np.ndarray:
    """A curve that takes each value from its recording on."""
    curve = np.empty(len(FEW))
    for begin, value in parts:
        curve[begin:] = value
    return curve


FLAT = pieces((0, 0.5))


def learning(loss: np.ndarray, **options: object) -> tuple[int | None, dict[str, str]]:
    phases = find_phases(FEW, loss, FLAT, FLAT, **options)  # type: ignore[arg-type]
    assert phases.stationary_from == phases.learning_end
    return phases.learning_end, dict(phases.reasons)


def settled(curve: np.ndarray) -> int | None:
    """When an active fraction settles, after a loss that is learned at the first recording."""
    phases = find_phases(FEW, pieces((0, 10), (1, 0)), curve, FLAT)
    other = find_phases(FEW, pieces((0, 10), (1, 0)), FLAT, curve)
    assert phases.stationary_from == other.stationary_from
    return phases.stationary_from


def test_learning_ends_with_exactly_nine_tenths_of_the_fall() -> None:
    assert learning(pieces((0, 10), (3, 1), (8, 0))) == (FEW[3], {})
    assert learning(pieces((0, 10), (3, 1.1), (8, 0))) == (FEW[8], {})


def test_learning_goes_on_beyond_15_percent_of_the_fall() -> None:
    """From 20 to 3 in the third quarter and to 0 in the last: 3 is 15 % of 20."""
    assert learning(pieces((0, 20), (5, 3), (30, 0))) == (FEW[30], {})
    _, reasons = learning(pieces((0, 20), (5, 3.1), (30, 0)))
    assert reasons["learning_end"] == "the loss still falls at the end"


@pytest.mark.parametrize("before", [False, True])
def test_a_fall_as_large_as_the_least_is_learning(before: bool) -> None:
    loss = pieces((0, 0), (4, -0.5))
    assert learning(loss, least_learning=0.5, learned_before=before) == (FEW[4], {})


def test_what_was_learned_before_ends_with_the_first_recording() -> None:
    loss = pieces((0, 0), (4, -0.25))
    assert learning(loss, learned_before=True) == (FEW[0], {})
    assert find_phases(FEW, loss, FLAT, FLAT, learned_before=True).rule == RULE + LEARNED_BEFORE
    reason = "the loss fell by less than a factor of 2"
    expected = {"learning_end": reason, "stationary_from": f"learning has no end: {reason}"}
    assert learning(loss) == (None, expected)


def test_a_statistic_settles_within_exactly_a_twentieth_of_its_change() -> None:
    assert settled(pieces((0, 5), (7, 0.25), (30, 0))) == FEW[7]
    assert settled(pieces((0, 5), (7, 0.3), (12, 0.25), (30, 0))) == FEW[12]
    assert settled(pieces((0, 5), (7, 0.26), (30, 0))) is None


def test_changes_of_a_unit_in_a_hundred_are_none() -> None:
    assert settled(pieces((0, 0.109), (30, 0.1))) == FEW[1]
    assert settled(pieces((0, 0.111), (30, 0.1))) is None


def test_each_recording_is_in_its_quarter() -> None:
    """The first of the third quarter lowers its mean, the first of the last raises its mean."""
    assert settled(pieces((0, 5), (20, 0), (21, 0.27), (30, 0))) == FEW[20]
    assert settled(pieces((0, 5), (7, 0.34), (30, 1.1), (31, 0))) == FEW[7]


@pytest.mark.parametrize("steps", [[*range(40), 80], [0, *range(41, 80), 200]])
def test_the_second_half_must_have_been_recorded(steps: list[int]) -> None:
    loss = np.full(len(steps), 1.0)
    reasons = find_phases(1_000 + np.array(steps), loss, loss, loss).reasons
    assert reasons["learning_end"] == "the second half of the run was not recorded"


def test_a_late_second_recording_does_not_move_the_quarters() -> None:
    steps = 1_000 + np.array([0, *range(40, 81)])
    loss = np.append(1, np.zeros(41))
    assert find_phases(steps, loss, loss, loss).learning_end == 1_040


def test_a_recording_counts_where_all_three_are_known() -> None:
    loss, fraction, units = pieces((0, 10), (8, 0)), FLAT.copy(), FLAT.copy()
    loss[0], fraction[1], units[2], loss[8] = np.inf, np.nan, np.nan, np.nan
    phases = find_phases(FEW, loss, fraction, units)
    assert phases.learning_end == phases.stationary_from == FEW[9]


def test_twenty_recordings_are_enough() -> None:
    loss = np.append(1, np.zeros(19))
    assert find_phases(np.arange(20), loss, loss, loss).learning_end == 1


@pytest.mark.parametrize(("width", "end"), [(2, 100), (3, 50)])
def test_the_running_median_is_over_five_of_400_recordings(width: int, end: int) -> None:
    """Two low recordings are not seen, three are: from the first on, most of a window is low."""
    loss = np.repeat([10.0, 0.0], [100, 300])
    loss[50 : 50 + width] = 0
    flat = np.full(400, 0.5)
    assert find_phases(np.arange(400), loss, flat, flat).learning_end == end


def test_the_running_median_leaves_the_first_recording_as_it_is() -> None:
    loss, flat = np.append(10, np.zeros(399)), np.full(400, 0.5)
    assert find_phases(np.arange(400), loss, flat, flat).learning_end == 1
