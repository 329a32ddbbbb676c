"""Several runs side by side: which they are, what they recorded, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from dashboard.base.evenly import evenly
from dashboard.runs.store import RunStore
from simulation.archive import Run
from simulation.config import MODELS, FieldSpec, RunConfig, fields, in_sentence
from simulation.errors import ArchiveError
from simulation.running.lineage import value_in_words

CURVE_POINTS = 600
"""Most points of one curve on this page: twelve runs of them stay light."""
CURSOR_STEPS = 240
NAMED = 4
"""Most differing settings that are named in a sentence."""
LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, eq=False)
class Member:
    """One of the runs: its place from 0, and what it recorded, thinned evenly.

    Its letter and its line follow from the place.
    """

    place: int
    run: Run

    @property
    def letter(self) -> str:
        return LETTERS[self.place]

    @cached_property
    def curves(self) -> pd.DataFrame:
        """The curves, at most 600 evenly chosen recordings, by `step`."""
        return _thinned(self.run.curves())

    @cached_property
    def snapshots(self) -> pd.DataFrame:
        """What was measured at snapshots, by `step`."""
        return _thinned(self.run.snapshots())

    @property
    def steps(self) -> list[int]:
        """Every step at which something was recorded."""
        return [*self.curves["step"].tolist(), *self.snapshots["step"].tolist()]


def open_members(store: RunStore, run_ids: Sequence[str]) -> tuple[list[Member], list[str]]:
    """The runs that can be opened, in the order asked for, and a sentence on each that cannot."""
    members: list[Member] = []
    missing: list[str] = []
    for run_id in run_ids:
        try:
            members.append(Member(len(members), store.open(run_id)))
        except ArchiveError as error:
            missing.append(str(error))
    return members, missing


@dataclass(frozen=True)
class Difference:
    """A field of the configuration that is not the same in all runs.

    Attributes
    ----------
    path : its dotted name; `label`, `unit` and `help` are the field's own.
    values : one a run, as text; empty where that kind of run has no such field.
    """

    path: str
    label: str
    unit: str
    help: str
    values: tuple[str, ...]


def differences(configs: Sequence[RunConfig]) -> list[Difference]:
    """Every field in which the configurations differ, in the order of forms."""
    specs: dict[str, FieldSpec] = {}
    for config in configs:
        for spec in fields(config.kinds()):
            specs.setdefault(spec.path, spec)
    values = [_chosen(config) for config in configs]
    return [
        Difference(
            path,
            spec.label,
            spec.unit,
            spec.help,
            tuple(_in_words(path, known[path]) if path in known else "" for known in values),
        )
        for path, spec in specs.items()
        if len({known.get(path) for known in values}) > 1
    ]


def _chosen(config: RunConfig) -> dict[str, Any]:
    """All values; precision only where it does not follow from the rest."""
    precision = config.precision if config.precision != config.default_precision() else "auto"
    return config.values() | {"precision": precision}


def differences_in_words(found: Sequence[Difference]) -> str:
    """'They differ in update noise s and seed.'; of many fields the first, and how many more."""
    names = [in_sentence(item.label) for item in found]
    if len(names) > NAMED:
        names = [*names[: NAMED - 1], f"{len(names) - NAMED + 1} more settings"]
    listed = " and ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else names[0]
    return f"They differ in {listed}."


def _in_words(path: str, value: Any) -> str:
    if path == "model":
        return MODELS[value].label
    if path == "parent.run":
        return value or "none"
    return value_in_words(path, value)


def _thinned(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[evenly(len(rows), CURVE_POINTS)].reset_index(drop=True)


def cursor_steps(members: Sequence[Member], log: bool) -> list[int]:
    """Moments for the cursor: recorded steps, at most 240, spread evenly over the axis."""
    steps = np.unique([step for member in members for step in member.steps])
    if len(steps) <= CURSOR_STEPS:
        return [int(step) for step in steps]
    low = steps[1] if log and steps[0] == 0 else steps[0]
    spread = np.geomspace if log else np.linspace
    even = np.searchsorted(steps, spread(low, steps[-1], CURSOR_STEPS - 1))
    chosen = np.unique(np.concatenate([[0], even.clip(0, len(steps) - 1)]))
    return [int(step) for step in steps[chosen]]
