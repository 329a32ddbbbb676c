"""How points are told apart: colours and symbols by a column, panels by another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.sweeps.columns import Field, in_words
from dashboard.sweeps.selection import Mask
from dashboard.sweeps.table import SweepTable, as_text
from dashboard.words import count

MOST_COLOURS = 5
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
    merged : values that were put together as `other`.
    """

    field: Field
    names: tuple[str, ...]
    codes: NDArray[np.intp]
    merged: int

    def masks(self) -> list[tuple[str, Mask]]:
        """Name and (runs,) mask of each class that there is."""
        return [(name, self.codes == code) for code, name in enumerate(self.names)]

    @property
    def sentence(self) -> str:
        """That some values share a mark, where they do."""
        if not self.merged:
            return ""
        return f"{count(self.merged, 'rarer value')} of {self.field.in_sentence} drawn as one."


def shades(table: SweepTable, name: str) -> Shades:
    """A numeric column; its logarithm where it is positive and differs widely."""
    values = table.numbers(name)
    known = values[np.isfinite(values)]
    log = bool(len(known) and known.min() > 0 and known.max() / known.min() >= _WIDE)
    return Shades(table.fields[name], np.log10(values) if log else values, log)


def classes(table: SweepTable, name: str, most: int) -> Classes:
    """A column as at most `most` classes, one of them `other` if there are more values."""
    texts = table.said(name).fillna(UNKNOWN)
    frequent = texts.value_counts()
    kept = list(frequent.index[: most if len(frequent) <= most else most - 1])
    kept = _in_order(table, name, kept)
    names = [*kept, *([OTHER] if len(frequent) > len(kept) else [])]
    found = pd.Categorical(texts, categories=kept).codes.astype(np.intp)
    codes = np.where(found < 0, len(kept), found)
    return Classes(table.fields[name], tuple(names), codes, len(frequent) - len(kept))


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
    return classes(table, name, MOST_COLOURS + 1)
