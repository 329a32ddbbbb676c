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
from simulation.models.landscape import Descent, Floats, Walkers, walk

FEWEST_WALKERS = 30
"""A bin that fewer walkers have visited is not measured."""


@dataclass(frozen=True)
class Protocol:
    """How the drift is measured.

    Attributes
    ----------
    edges : bins of |x|, equally wide: first edge, last edge, number of bins.
    walkers : how many, started evenly along the valley, at y = 0.
    settle_steps : steps before counting begins. Bins in which the variance of y needs more than a
        third of them to settle by a factor e are not measured.
    steps : steps that count.
    """

    edges: tuple[float, float, int] = (0.2, 3.0, 14)
    walkers: int = 1500
    settle_steps: int = 300
    steps: int = 400

    @property
    def bin_edges(self) -> Floats:
        return np.linspace(self.edges[0], self.edges[1], self.edges[2] + 1)


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
    descent: Descent, protocol: Protocol, random: np.random.Generator
) -> DriftProfile:
    """The drift that walkers show, bin by bin, and the predicted one.

    Steps count while a walker is in the valley along x, |x| > |y|.
    """
    edges = protocol.bin_edges
    stable = 0.97 / np.sqrt(descent.learning_rate)
    start = np.linspace(edges[0] / 2, min(edges[-1] * 1.05, stable), protocol.walkers)
    states = walk(
        start,
        np.zeros_like(start),
        descent,
        protocol.settle_steps + protocol.steps,
        random,
    )
    tally = _Tally(descent, edges, protocol.walkers)
    diverged = 0
    for before, after in pairwise(states):
        if before.step >= protocol.settle_steps:
            tally.add(before, after)
        diverged = int(after.diverged.sum())
    centres = (edges[:-1] + edges[1:]) / 2
    settled = 3 * valley_theory.relaxation_steps(descent, centres) <= protocol.settle_steps
    return tally.profile(settled, diverged)


class _Tally:
    """Sums over the steps of each walker in each bin: (walkers, bins)."""

    def __init__(self, descent: Descent, edges: Floats, walkers: int) -> None:
        self.descent = descent
        self.edges = edges
        shape = (walkers, len(edges) - 1)
        self.steps, self.position, self.slope, self.change = (np.zeros(shape) for _ in range(4))

    def add(self, before: Walkers, after: Walkers) -> None:
        along, across = np.abs(before.x), np.abs(before.y)
        bins = np.floor((along - self.edges[0]) / (self.edges[1] - self.edges[0])).astype(np.int64)
        inside = (bins >= 0) & (bins < self.steps.shape[1]) & (along > across) & ~after.diverged
        walker = np.flatnonzero(inside)
        cell = walker, bins[walker]  # each walker once, so plain indexing adds rightly
        self.steps[cell] += 1
        self.position[cell] += along[walker]
        self.slope[cell] -= 2 * self.descent.learning_rate * along[walker] * across[walker] ** 2
        self.change[cell] += (np.sign(before.x) * (after.x - before.x))[walker]

    def profile(self, settled: NDArray[np.bool_], diverged: int) -> DriftProfile:
        count = self.steps.sum(axis=0)
        enough = settled & ((self.steps > 0).sum(axis=0) >= FEWEST_WALKERS)
        centres = (self.edges[:-1] + self.edges[1:]) / 2
        position = np.where(count > 0, self.position.sum(axis=0) / np.maximum(count, 1), centres)
        predicted = valley_theory.drift(self.descent, position)
        holds = valley_theory.holds(self.descent, position)
        mean, error = _ratio(self.slope, self.steps)
        compared = enough & holds
        expected = (self.steps * predicted)[:, compared].sum(axis=1)
        return DriftProfile(
            position=position,
            drift=np.where(enough, mean, np.nan),
            standard_error=np.where(enough, error, np.nan),
            predicted=predicted,
            holds=holds,
            slope_ratio=Ratio(*_ratio(self.slope[:, compared].sum(axis=1), expected)),
            change_ratio=Ratio(*_ratio(self.change[:, compared].sum(axis=1), expected)),
            diverged=diverged,
        )


def _ratio(top: Floats, bottom: Floats) -> tuple[Floats, Floats]:
    """Sum of `top` over sum of `bottom` along the walkers, and its standard error (delta method).

    Both (walkers, ...); NaN where the sum of `bottom` is 0.
    """
    total = bottom.sum(axis=0)
    safe = np.where(total != 0, total, np.nan)
    ratio = top.sum(axis=0) / safe
    return ratio, np.sqrt(np.square(top - ratio * bottom).sum(axis=0)) / np.abs(safe)
