"""The boundaries of the three phases, on curves whose phases are known."""

import numpy as np
import pytest

from simulation.analysis.phases import RULE, find_phases
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
