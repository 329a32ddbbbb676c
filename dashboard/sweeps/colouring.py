"""How points are told apart: colours and symbols by a column, panels by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.base.words import count
from dashboard.sweeps.columns import Field, in_words
from dashboard.sweeps.selection import Mask
from dashboard.sweeps.table import SweepTable, as_text, said

MOST_COLOURS = 5
"""Values with a colour of their own; whatever else there is shares the one grey."""
MOST_SYMBOLS = 6
MOST_PANELS = 9
OTHER = "other"
UNKNOWN = "unknown"
_WIDE = 8.0


@dataclass(frozen=True, eq=False)
class Shades:
    """A numeric column as colours.

    Attributes
    ----------
    values : (runs,), what is mapped to the scale (logarithms if `log`); NaN: unknown, grey.
    """

    field: Field
    values: NDArray[np.float64]
    log: bool


@dataclass(frozen=True, eq=False)
class Classes:
    """A column as few classes: its most frequent values, in order, and all others together.

    Attributes
    ----------
    codes : (runs,), index into `names`; the last one may be `other`.
    merged : values that were put together as `other`, `unknown` perhaps among them.
    """

    field: Field
    names: tuple[str, ...]
    codes: NDArray[np.intp]
    merged: tuple[str, ...]

    def masks(self) -> list[tuple[str, Mask]]:
        """Name and (runs,) mask of each class that there is."""
        return [(name, self.codes == code) for code, name in enumerate(self.names)]

    def codes_of(self, column: pd.Series[Any]) -> NDArray[np.intp]:
        """(values,): the same index for other values of this column; -1: in no class."""
        found = _places(said(column, self.field).fillna(UNKNOWN), self.names)
        other = self.names.index(OTHER) if OTHER in self.names else -1
        return np.where(found < 0, other, found)

    @property
    def sentence(self) -> str:
        """That some values share a mark, where they do."""
        if not self.merged:
            return ""
        rarer = len(self.merged) - (UNKNOWN in self.merged)
        unknown = ", and what is not known," if UNKNOWN in self.merged else ""
        values = f"{count(rarer, 'rarer value')} of {self.field.in_sentence}"
        return f"{values}{unknown} drawn as “{OTHER}”."


def shades(table: SweepTable, name: str) -> Shades:
    """A numeric column; its logarithm where it is positive and differs widely."""
    values = table.numbers(name)
    known = values[np.isfinite(values)]
    log = bool(len(known) and known.min() > 0 and known.max() / known.min() >= _WIDE)
    return Shades(table.fields[name], np.log10(values) if log else values, log)


def classes(table: SweepTable, name: str, most: int) -> Classes:
    """A column as at most `most` classes, one of them `other` if there are more values."""
    texts = table.said(name).fillna(UNKNOWN)
    frequent = list(texts.value_counts().index)
    kept = frequent[: most if len(frequent) <= most else most - 1]
    return _classes(table, name, texts, kept, OTHER)


def coloured(table: SweepTable, name: str) -> Classes:
    """A column as at most five classes with a colour, and one in grey: `other` or `unknown`.

    What is not known is part of `other` where there is one: both would look the same.
    """
    texts = table.said(name).fillna(UNKNOWN)
    known = [text for text in texts.value_counts().index if text != UNKNOWN]
    rest = OTHER if len(known) > MOST_COLOURS else UNKNOWN
    return _classes(table, name, texts, known[:MOST_COLOURS], rest)


def few_numbers(column: pd.Series[Any], field: Field) -> Classes | None:
    """Numbers as classes, a colour each; None: they are too many for that."""
    texts = said(column, field).fillna(UNKNOWN)
    names = tuple(texts.unique())
    if len(names) > MOST_COLOURS:
        return None
    return Classes(field, names, _places(texts, names), ())


def _classes(
    table: SweepTable, name: str, texts: pd.Series[str], kept: list[str], rest: str
) -> Classes:
    """A class for each text of `kept`, and one called `rest` for all others that there are."""
    kept = _in_order(table, name, kept)
    others = tuple(text for text in texts.unique() if text not in kept)
    found = _places(texts, kept)
    return Classes(
        table.fields[name],
        tuple([*kept, rest] if others else kept),
        np.where(found < 0, len(kept), found),
        others if rest == OTHER else (),
    )


def _places(texts: pd.Series[str], names: Sequence[str]) -> NDArray[np.intp]:
    """(texts,): place of each among the names; -1: it is none of them."""
    return np.asarray(pd.Index(names, dtype="string").get_indexer(pd.Index(texts)), np.intp)


def _in_order(table: SweepTable, name: str, texts: list[str]) -> list[str]:
    """Numbers by size, choices as they are offered, other words by the alphabet."""
    field = table.fields[name]
    if not field.numeric:
        place = {in_words(choice): at for at, choice in enumerate(field.choices)}
        return sorted(texts, key=lambda text: (place.get(text, len(place)), text))
    values = pd.Series(table.frame[name].dropna().unique())
    size = dict(zip(as_text(values), values, strict=True))
    return sorted(texts, key=lambda text: size.get(text, np.inf))


def colouring(table: SweepTable, name: str) -> Shades | Classes | None:
    """Numbers by a scale, words by a palette; None without a column."""
    if not name:
        return None
    if table.fields[name].numeric:
        return shades(table, name)
    return coloured(table, name)
