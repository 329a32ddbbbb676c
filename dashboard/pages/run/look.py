"""A look at a run: what its panels draw from, read when the first of them asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from dashboard.base.evenly import evenly
from dashboard.runs.frames import Frame
from dashboard.runs.over_time import OverTime
from dashboard.runs.place_words import PlaceWords, place_words
from dashboard.runs.store import RunStore
from dashboard.urls import RunLimits, RunView
from simulation.archive import Run

T = TypeVar("T")


class Look:
    """A run as one view shows it. `step`, `frame` and `places` need a snapshot."""

    def __init__(self, store: RunStore, run: Run, limits: RunLimits, view: RunView) -> None:
        self.store, self.run, self.limits, self.view = store, run, limits, view
        self._found: dict[Any, Any] = {}

    @cached_property
    def time(self) -> OverTime:
        """The run over training, on the time axis of the view."""
        return OverTime(self.run, self.limits, self.view.x, self.store.parent(self.run))

    @cached_property
    def called(self) -> PlaceWords:
        """What positions are called in its task."""
        return place_words(self.run.config.task)

    @cached_property
    def step(self) -> int:
        """The snapshot under the cursor."""
        return self.limits.steps[-1] if self.view.t is None else self.view.t

    @cached_property
    def frame(self) -> Frame:
        """The population under the cursor."""
        return self.frame_at(self.step)

    def frame_at(self, step: int) -> Frame:
        return self.store.frame(self.run, step, self.view.maps)

    @cached_property
    def places(self) -> pd.DataFrame:
        """What the columns of its maps are."""
        return self.run.places(self.view.maps)

    def some_steps(self, most: int) -> list[int]:
        """At most so many of its snapshots, evenly chosen."""
        steps = self.limits.steps
        return [steps[index] for index in evenly(len(steps), most)]

    def of(self, find: Callable[[Look], T]) -> T:
        """`find(self)`, found once: what a panel needs for its figure and for its words."""
        if find not in self._found:
            self._found[find] = find(self)
        found: T = self._found[find]
        return found

    def kept(self, *key: Any, build: Callable[[], T]) -> T:
        """What is the same under every view that agrees on `key`, until there is more to draw."""
        version = (self.run.run_id, str(self.run.record["created_at"]), len(self.limits.steps))
        return self.store.remember((*key, *version), build)
