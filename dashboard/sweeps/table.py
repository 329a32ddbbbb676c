"""The runs of one collection as columns in memory: what varies is kept, what is constant is said.

Numbers are float64, texts are categories; a collection of 100,000 runs takes some 30 MB.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from cachetools import LRUCache
from numpy.typing import NDArray

from dashboard.sweeps.columns import CONFIGURATION, FIELDS, NOISE_KIND, Field, in_words
from dashboard.sweeps.noise import SCALES, noise_kind
from dashboard.urls.sweeps import SweepColumns
from simulation.archive import Archive
from simulation.errors import UnknownCollection
from simulation.sweeps import kept_plan

MOST_CATEGORIES = 8
"""Categories that a colour, symbol or facet can tell apart."""
MOST_HELD = 300_000
"""Runs of all tables that are kept; a larger one is kept alone."""
_AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class SweepTable:
    """One collection.

    Attributes
    ----------
    frame : a row a run, oldest first; the columns that vary (and `run_id`).
    constants : the value of each column that is the same in every run.
    swept : fields that were varied on purpose, most telling first; the seed is not among them.
    state : changes when the archived runs do.
    """

    collection: str
    frame: pd.DataFrame
    constants: Mapping[str, Any]
    swept: tuple[str, ...]
    state: str

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The columns that vary, in the order they are offered in."""
        return {name: field for name, field in FIELDS.items() if name in self.frame}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many different known values each column has."""
        return {name: int(self.frame[name].nunique()) for name in self.fields}

    @cached_property
    def groupable(self) -> tuple[str, ...]:
        """Columns with few enough values to make facets and groups of."""
        return tuple(
            name
            for name, field in self.fields.items()
            if field.on_axes and self.counts[name] <= 3 * MOST_CATEGORIES
        )

    @cached_property
    def columns(self) -> SweepColumns:
        """What a link can name here."""
        axes = tuple(name for name, field in self.fields.items() if field.on_axes)
        return SweepColumns(
            axes=axes,
            numbers=tuple(name for name in axes if self.fields[name].numeric),
            groups=self.groupable,
            listed=tuple(self.fields),
            constant=tuple(sorted(self.constants)),
            logarithms=tuple(name for name in axes if self.fields[name].is_logarithm),
        )

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A numeric column, NaN where unknown."""
        return np.asarray(self.frame[name].to_numpy(), np.float64)

    def texts(self, name: str) -> pd.Series[str]:
        """Any column as text, as links have it; missing where unknown."""
        return as_text(self.frame[name])

    def said(self, name: str) -> pd.Series[str]:
        """Any column as text, as a reader is shown it; missing where unknown."""
        return said(self.frame[name], self.fields[name])


def as_text(column: pd.Series[Any]) -> pd.Series[str]:
    """Values as text; numbers with up to six digits and no needless zeros."""
    if not pd.api.types.is_numeric_dtype(column):
        return column.astype("string")
    return column.map(lambda value: f"{value:.6g}", na_action="ignore").astype("string")


def said(column: pd.Series[Any], field: Field) -> pd.Series[str]:
    """Values of a column as a reader is shown them."""
    texts = as_text(column)
    if field.numeric or not field.on_axes:
        return texts
    return texts.map({text: in_words(text) for text in texts.dropna().unique()}).astype("string")


class SweepStore:
    """The tables of the collections looked at last, each kept until its collection changes."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._tables: LRUCache[str, SweepTable] = LRUCache(
            MOST_HELD, lambda table: min(len(table), MOST_HELD)
        )
        self._lock = threading.Lock()

    def table(self, collection: str) -> SweepTable:
        """The collection's runs.

        Raises
        ------
        UnknownCollection : no such collection in this archive.
        """
        if collection not in self.archive.collections():
            raise UnknownCollection(
                f"This archive has no collection “{collection[:60]}”.",
                subject=collection,
                remedy="The collections that it has are listed under Sweeps.",
            )
        state = self.archive.state(collection)
        with self._lock:  # reading takes a moment: whoever asks meanwhile waits for the same
            held = self._tables.get(collection)
            if held is None or held.state != state:
                held = self._tables[collection] = _read(self.archive, collection, state)
            return held


def _read(archive: Archive, collection: str, state: str) -> SweepTable:
    varying: dict[str, Any] = {}
    constants: dict[str, Any] = {}
    names = [name for name in FIELDS if name != NOISE_KIND.name]
    for start in range(0, len(names), _AT_ONCE):
        block = archive.runs(names[start : start + _AT_ONCE], collection)
        for name in block:
            column = block[name]
            if name == "run_id" or column.nunique() > 1 or _sometimes_unknown(column):
                varying[name] = column if FIELDS[name].numeric else _category(name, column)
            elif column.notna().all() and len(column):
                constants[name] = column.iloc[0]
    _add_noise_kind(varying, constants)
    frame = pd.DataFrame({name: varying[name] for name in FIELDS if name in varying})
    return SweepTable(collection, frame, constants, _swept(archive, collection, frame), state)


def _add_noise_kind(varying: dict[str, Any], constants: dict[str, Any]) -> None:
    """To the columns that vary, or to those that do not."""
    strengths = {name: varying[name] if name in varying else constants.get(name) for name in SCALES}
    index = range(len(varying.get("run_id", ())))
    kinds = noise_kind(pd.DataFrame(strengths, index=index))
    if kinds.nunique() > 1:
        varying[NOISE_KIND.name] = kinds.astype("category")
    elif len(kinds):
        constants[NOISE_KIND.name] = kinds.iloc[0]


def _sometimes_unknown(column: pd.Series[Any]) -> bool:
    known = column.notna()
    return bool(known.any() and not known.all())


def _category(name: str, column: pd.Series[Any]) -> pd.Series[Any]:
    return column if name == "run_id" else column.astype("category")


_DERIVED = (
    "task.input_dim",
    "task.output_dim",
    "task.input_range",
    "task.target_range",
    "schedule.hessian_snapshots",
    "schedule.hessian_limit",
    "precision",
    "seed",
)
"""Fields that vary along with others rather than on their own."""


def _swept(archive: Archive, collection: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """The plan's own order where a plan was kept; else by how many values a field has."""
    settings = [name for name in frame if FIELDS[name].group == CONFIGURATION]
    varies = {name for name in settings if frame[name].nunique() > 1} - {NOISE_KIND.name}
    plan = kept_plan(archive, collection)
    if plan is not None:
        return tuple(name for name in plan.swept if name in varies and name != "seed")
    free = sorted(varies - set(_DERIVED), key=lambda name: (-frame[name].nunique(), name))
    return (*free, *(name for name in _DERIVED if name in varies and name != "seed"))
