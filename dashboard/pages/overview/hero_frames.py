"""The run behind the overview's picture, with every frame of it small enough to travel along."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.base.evenly import evenly
from dashboard.runs import queries
from dashboard.runs.place_words import place_words
from dashboard.runs.store import RunStore
from dashboard.runs.tuning import Bytes, fewer_columns, peak_order, silent, to_bytes
from simulation.archive import Run
from simulation.recipes import recipe

FRAMES, ROWS, COLUMNS = 24, 100, 100
SHOWN_RECIPE = "corridor_phases"


@dataclass(frozen=True, eq=False)
class HeroFrames:
    """Maps of one run at some moments.

    Attributes
    ----------
    cells : one picture a moment, a row a unit in the order of the last moment's peaks: above
        those that are active then (half of the rows, if there are as many), below others.
    survivors, rows : units above, units in all.
    columns : what they are.
    opening : index of the moment that is shown first, well into the drift.
    """

    steps: list[int]
    cells: list[Bytes]
    words: list[str]
    columns: str
    survivors: int
    rows: int
    opening: int

    def for_browser(self) -> dict[str, Any]:
        return {
            "steps": self.steps,
            "words": self.words,
            "shape": ", ".join(map(str, self.cells[0].shape)),
            "cells": [base64.b64encode(cells.tobytes()).decode() for cells in self.cells],
        }


def pick_run(store: RunStore) -> Run | None:
    """The paper's run, or else the longest one with a position; None without any."""
    suited = store.archive.runs(
        ["run_id", "steps_reached"],
        where=[
            ("task.kind", "in", ["corridor", "abstract_predictive"]),
            ("steps_reached", ">", 0),
            ("parent.run", "in", ["", None]),
        ],
    )
    if suited.empty:
        return None
    named = suited[suited["run_id"] == recipe(SHOWN_RECIPE).config.run_id]
    chosen = (suited if named.empty else named).sort_values("steps_reached").iloc[-1]
    return store.open(str(chosen["run_id"]))


def hero_frames(store: RunStore, run: Run) -> HeroFrames:
    """At most 24 moments of a run, evenly among its snapshots."""
    limits = queries.limits(run)
    steps = [limits.steps[index] for index in evenly(len(limits.steps), FRAMES)]
    frames = [store.frame(run, step, limits.sources[0]) for step in steps]
    order = peak_order(frames[-1].shown)
    alive = int((~silent(frames[-1].shown)).sum())
    above = order[:alive][evenly(alive, max(ROWS // 2, ROWS - len(order) + alive))]
    below = order[alive:][evenly(len(order) - alive, ROWS - len(above))]
    rows = np.concatenate([above, below])
    active = [int((~silent(frame.shown)).sum()) for frame in frames]
    return HeroFrames(
        steps=steps,
        cells=[
            np.ascontiguousarray(to_bytes(fewer_columns(frame.shown[rows], COLUMNS)))
            for frame in frames
        ],
        words=[
            f"step {step:,} · {count:,} of {len(order):,} units active somewhere"
            for step, count in zip(steps, active, strict=True)
        ],
        columns=_columns(run, limits.sources[0]),
        survivors=len(above),
        rows=len(rows),
        opening=3 * (len(steps) - 1) // 4,
    )


def _columns(run: Run, source: str) -> str:
    both = ", both directions" if queries.track(run, source).directions == 2 else ""
    return f"position {place_words(run.config.task).where}{both}"
