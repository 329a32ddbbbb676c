"""What the toy landscape's page shows, computed for one view. What has been computed is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, cast

import numpy as np

from dashboard.urls import LandscapeView
from simulation.analysis import valley_theory
from simulation.analysis.valley_drift import DriftProfile, Protocol, measure_drift
from simulation.analysis.valley_walk import Excursion, excursion
from simulation.models.landscape import NoisyDescent
from simulation.noise.streams import generator

WALKERS = 1000
"""Walkers from the start that a reader chose."""
_KEPT = 24


@dataclass(frozen=True)
class LandscapeData:
    """Everything computed for `view`, on demand."""

    view: LandscapeView

    @property
    def descent(self) -> NoisyDescent:
        noise = cast(Literal["update", "label"], self.view.noise)
        return NoisyDescent(self.view.lr, noise, self.view.scale)

    @cached_property
    def excursion(self) -> Excursion:
        """From the start, for the view's steps."""
        start = (self.view.x, self.view.y)
        return _excursion(start, self.descent, self.view.steps, self.view.seed)

    @cached_property
    def profile(self) -> DriftProfile:
        """The drift everywhere along the valley; the same for every start."""
        return _profile(self.descent, self.view.seed)

    @cached_property
    def expected(self) -> tuple[float, float]:
        """Predicted mean and standard deviation of the displacements; NaN: no prediction."""
        if self.excursion.twin_diverged or self.excursion.falling:
            return np.nan, np.nan
        return valley_theory.displacement(self.descent, self.excursion.distance, self.view.steps)


@lru_cache(_KEPT)
def _excursion(
    start: tuple[float, float], descent: NoisyDescent, steps: int, seed: int
) -> Excursion:
    return excursion(start, descent, steps, WALKERS, generator(seed, "landscape walk"))


@lru_cache(_KEPT)
def _profile(descent: NoisyDescent, seed: int) -> DriftProfile:
    protocol = Protocol.suited_to(descent)
    return measure_drift(descent, protocol, generator(seed, "landscape drift"))
