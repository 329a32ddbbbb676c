"""What the paper claims about noise and curvature, on runs short enough for a test.

Ratzon, Derdikman & Barak, eLife 12:RP90069: update noise minimises the sum of the logarithms of
the Hessian's eigenvalues, so small ones are pushed down and units fall silent; label noise
minimises their sum, the trace, and units stay; without noise nothing changes after learning.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from simulation.config import RunConfig
from simulation.metrics.curvature import Curvature, hessian_spectrum
from simulation.models.feedforward import NetworkState, hidden_activity, initial_state
from simulation.running import trainable_of
from simulation.tasks import make_dataset

LEARNED, LAST = 1_000, 300_000
SEEDS = (0, 1, 2)
UPDATE, LABEL, NONE = (
    (("noise.update_scale", 0.05),),
    (("noise.label_scale", 1.0),),
    (),
)


@dataclass
class Moment:
    """A network at one step of its training."""

    state: NetworkState
    spectrum: Curvature
    active_units: float

    def eigenvalues(self) -> NDArray[np.float64]:
        """All of them that are not exactly 0, descending."""
        assert self.spectrum.eigenvalues is not None
        return np.sort(self.spectrum.eigenvalues)[::-1]


@cache
def moments(noise: tuple[tuple[str, float], ...], seed: int) -> list[Moment]:
    """The default network (N=5, D=20, O=5, H=100) after learning, on the way, and at the end."""
    config = RunConfig.parse({**dict(noise), "seed": seed})
    dataset = make_dataset(config)
    engine = trainable_of(config).engine("compiled", dataset)
    state, seen = initial_state(config), []
    for step in (LEARNED, 50_000, 150_000, LAST):
        state = engine.advance(state, step - state.step)
        activity = hidden_activity(state, dataset.inputs)
        spectrum = hessian_spectrum(state, dataset.inputs, dataset.targets, limit=4_000)
        seen.append(Moment(state, spectrum, float(np.mean((activity > 0).any(axis=1)))))
    return seen


@pytest.mark.parametrize("seed", SEEDS)
def test_update_noise_pushes_small_eigenvalues_down_and_silences_units(seed: int) -> None:
    learned, *_, last = moments(UPDATE, seed)
    assert last.active_units < 0.25 * learned.active_units
    before, after = learned.eigenvalues(), last.eigenvalues()
    assert 0.5 < after[0] / before[0] < 2  # the largest stays
    threshold = 1e-3
    assert np.sum(after > threshold) < 0.2 * np.sum(before > threshold)  # the small ones do not


@pytest.mark.parametrize("seed", SEEDS)
def test_label_noise_lowers_the_trace_and_units_stay(seed: int) -> None:
    learned, *_, last = moments(LABEL, seed)
    assert last.spectrum.trace < 0.25 * learned.spectrum.trace
    assert last.eigenvalues()[0] < 0.5 * learned.eigenvalues()[0]
    assert last.active_units > 0.75 * learned.active_units


@pytest.mark.parametrize("seed", SEEDS)
def test_without_noise_nothing_changes_after_learning(seed: int) -> None:
    learned, *_, last = moments(NONE, seed)
    assert last.active_units == learned.active_units
    assert last.spectrum.trace == pytest.approx(learned.spectrum.trace, rel=0.01)
    assert last.spectrum.largest == pytest.approx(learned.spectrum.largest, rel=0.01)


def test_positive_eigenvalues_follow_the_active_units() -> None:
    """Their share against the share of active units is close to a line through the origin."""
    points = [
        moment for noise in (UPDATE, LABEL) for seed in SEEDS for moment in moments(noise, seed)
    ]
    units = np.array([moment.active_units for moment in points])
    positive = np.array([moment.spectrum.positive_fraction for moment in points])
    slope = float(units @ positive / (units @ units))
    assert slope == pytest.approx(0.5, abs=0.05)  # about half of what is not exactly flat
    assert np.abs(positive - slope * units).max() < 0.02
