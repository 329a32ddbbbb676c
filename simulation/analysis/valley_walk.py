"""Walkers from one start on the toy landscape: how far along the valley noise has carried them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulation.models.landscape import Floats, NoisyDescent, Walkers, walk

FLOOR = 1e-3
"""Closer than this to an axis a walker has reached the valley's floor."""


@dataclass(frozen=True, eq=False)
class Excursion:
    """Many walkers from one start, and their twin that met no noise.

    Attributes
    ----------
    path : (points, 2) the first walker's (x, y), every step until it diverged.
    twin_path : (points, 2) the same of plain gradient descent.
    end : all walkers after the last step.
    rest : (2,) where the twin is after as many steps.
    """

    path: Floats
    twin_path: Floats
    end: Walkers
    twin_diverged: bool

    @property
    def rest(self) -> Floats:
        last: Floats = self.twin_path[-1]
        return last

    @property
    def valley(self) -> Literal["x", "y"]:
        """The axis whose valley the twin came to rest in."""
        return "x" if abs(self.rest[0]) >= abs(self.rest[1]) else "y"

    @property
    def falling(self) -> bool:
        """Whether the twin is still on its way to the floor: both coordinates beyond `FLOOR`."""
        return float(np.abs(self.rest).min()) > FLOOR

    @property
    def distance(self) -> float:
        """From the crossing of the valleys to where the twin is."""
        return float(np.abs(self.rest).max())

    @property
    def displacements(self) -> Floats:
        """Place along the valley minus the twin's, outwards positive, of walkers still there.

        Below -`distance` a walker has passed the crossing. Empty where the twin itself diverged.
        """
        if self.twin_diverged:
            return np.empty(0)
        along, rest = (
            (self.end.x, self.rest[0]) if self.valley == "x" else (self.end.y, self.rest[1])
        )
        moved: Floats = (np.sign(rest) * along)[~self.end.diverged] - self.distance
        return moved


def excursion(
    start: tuple[float, float],
    descent: NoisyDescent,
    steps: int,
    walkers: int,
    random: np.random.Generator,
) -> Excursion:
    """`walkers` walkers and the twin without noise from `start`, for `steps` steps."""
    calm = NoisyDescent(descent.learning_rate)
    path, end = _follow(start, descent, steps, walkers, random)
    twin_path, twin_end = _follow(start, calm, steps, 1, random)
    return Excursion(path, twin_path, end, bool(twin_end.diverged[0]))


def _follow(
    start: tuple[float, float],
    descent: NoisyDescent,
    steps: int,
    walkers: int,
    random: np.random.Generator,
) -> tuple[Floats, Walkers]:
    """The first walker's path up to where it diverged, and all walkers at the end."""
    path = np.empty((steps + 1, 2))
    x, y = (np.full(walkers, place) for place in start)
    for state in walk(x, y, descent, steps, random):
        path[state.step] = state.x[0], state.y[0]
        end = state
    last = int(end.diverged_at[0]) - 1 if end.diverged[0] else steps
    return path[: last + 1], end
