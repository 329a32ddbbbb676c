"""Drift along a valley of the toy landscape, measured on many walkers.

Every step of every walker is sorted by where along the valley it starts; what it does is compared
with the prediction of `simulation.analysis.valley_theory`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulation.analysis import valley_theory
from simulation.models.landscape import Floats, NoisyDescent, Walkers, walk

FEWEST_WALKERS = 30
"""A bin that fewer walkers have visited is not measured."""
SETTLING = 3.0
"""A walker counts once y's variance had this many relaxation times to settle where it is."""

_MOST_STEPS, _WALKER_STEPS, _MOST_WALKERS = 600, 600_000, 12_000


@dataclass(frozen=True)
class Protocol:
    """How the drift is measured.

    Attributes
    ----------
    edges : of the bins of |x|, ascending and equally spaced.
    walkers : started evenly along the valley at y = 0, and somewhat beyond the last edge.
    steps : of each walker.
    """

    edges: Floats
    walkers: int
    steps: int

    @classmethod
    def suited_to(cls, descent: NoisyDescent, last: float = 3.0, bins: int = 14) -> Protocol:
        """Bins from 0.2 to `last`; as many steps as the drift takes to move x = 1 by a fifth.

        The fewer steps, the more walkers, 600,000 steps of walkers in all at most.
        """
        a_step = abs(float(valley_theory.drift(descent, 1.0)))
        steps = int(np.clip(0.2 / a_step, 20, _MOST_STEPS)) if a_step > 0 else _MOST_STEPS
        walkers = min(_WALKER_STEPS // steps, _MOST_WALKERS)
        return cls(np.linspace(0.2, last, bins + 1), walkers, steps)

    def start(self, descent: NoisyDescent) -> Floats:
        """Where on the valley the walkers begin: only where it is stable."""
        stable = 0.95 / np.sqrt(descent.learning_rate)
        return np.linspace(self.edges[0] / 2, min(1.25 * self.edges[-1], stable), self.walkers)


@dataclass(frozen=True)
class Ratio:
    """A measured over predicted drift; NaN without anything to compare."""

    value: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class DriftProfile:
    """Mean change of |x| in one step against |x|.

    Attributes
    ----------
    position : (bins,) mean |x| of the steps counted; the bin's centre where there are none.
    drift : (bins,) mean of -2 lr |x| y^2, the part of the change that the slope causes. The kicks
        of the noise have mean zero whatever the state, so this is the mean change itself, with a
        smaller error. NaN: not measured.
    standard_error : (bins,) of it, from the scatter between walkers (steps of one walker are not
        independent). NaN: not measured.
    predicted : (bins,) at `position`; NaN where the valley is not stable.
    holds : (bins,) where the prediction is trusted.
    slope_ratio : `drift` over prediction, all steps counted where it is trusted.
    change_ratio : the same for the whole change of |x|, kicks included.
    diverged : walkers that ran away.
    """

    position: Floats
    drift: Floats
    standard_error: Floats
    predicted: Floats
    holds: NDArray[np.bool_]
    slope_ratio: Ratio
    change_ratio: Ratio
    diverged: int

    @property
    def measured(self) -> NDArray[np.bool_]:
        return np.isfinite(self.drift)


def measure_drift(
    descent: NoisyDescent, protocol: Protocol, random: np.random.Generator
) -> DriftProfile:
    """The drift that walkers show, bin by bin, and the predicted one.

    Steps count while a walker is in the valley along x, |x| > |y|.
    """
    start = protocol.start(descent)
    tally = _Tally(descent, protocol)
    for before, after in pairwise(
        walk(start, np.zeros_like(start), descent, protocol.steps, random)
    ):
        tally.add(before, after)
    return tally.profile(diverged=int(after.diverged.sum()))


class _Tally:
    """Sums over the steps of each walker in each bin: (walkers, bins)."""

    def __init__(self, descent: NoisyDescent, protocol: Protocol) -> None:
        self.descent = descent
        self.edges = protocol.edges
        self.centres = (self.edges[:-1] + self.edges[1:]) / 2
        self.settled_at = SETTLING * valley_theory.relaxation_steps(descent, self.centres)
        self.in_time = self.settled_at <= protocol.steps / 2
        shape = (protocol.walkers, len(self.centres))
        self.steps, self.position, self.slope, self.change = (np.zeros(shape) for _ in range(4))

    def add(self, before: Walkers, after: Walkers) -> None:
        along, across = np.abs(before.x), np.abs(before.y)
        bins = np.floor((along - self.edges[0]) / (self.edges[1] - self.edges[0])).astype(np.int64)
        inside = (bins >= 0) & (bins < len(self.centres)) & (along > across) & ~after.diverged
        bins = np.where(inside, bins, 0)
        walker = np.flatnonzero(inside & (before.step >= self.settled_at[bins]))
        cell = walker, bins[walker]  # each walker once, so plain indexing adds rightly
        self.steps[cell] += 1
        self.position[cell] += along[walker]
        self.slope[cell] -= 2 * self.descent.learning_rate * along[walker] * across[walker] ** 2
        self.change[cell] += (np.sign(before.x) * (after.x - before.x))[walker]

    def profile(self, diverged: int) -> DriftProfile:
        count = self.steps.sum(axis=0)
        enough = self.in_time & ((self.steps > 0).sum(axis=0) >= FEWEST_WALKERS)
        mean = self.position.sum(axis=0) / np.maximum(count, 1)
        position = np.where(enough, mean, self.centres)
        predicted = valley_theory.drift(self.descent, position)
        holds = valley_theory.holds(self.descent, position)
        slope, error = _ratio(self.slope, self.steps)
        compared = enough & holds
        expected = (self.steps * predicted)[:, compared].sum(axis=1)
        return DriftProfile(
            position=position,
            drift=np.where(enough, slope, np.nan),
            standard_error=np.where(enough, error, np.nan),
            predicted=predicted,
            holds=holds,
            slope_ratio=_overall(self.slope[:, compared], expected),
            change_ratio=_overall(self.change[:, compared], expected),
            diverged=diverged,
        )


def _overall(measured: Floats, expected: Floats) -> Ratio:
    value, error = _ratio(measured.sum(axis=1), expected)
    return Ratio(float(value), float(error))


def _ratio(top: Floats, bottom: Floats) -> tuple[Floats, Floats]:
    """Sum of `top` over sum of `bottom` along the walkers, and its standard error (delta method).

    Both (walkers, ...); NaN where the sum of `bottom` is 0.
    """
    total = bottom.sum(axis=0)
    safe = np.where(total != 0, total, np.nan)
    ratio = top.sum(axis=0) / safe
    return ratio, np.sqrt(np.square(top - ratio * bottom).sum(axis=0)) / np.abs(safe)
