"""What a selection of runs is in a link: conditions on columns, all of which must hold.

    noise.update_scale:0.01..0.03;rule.kind:=sgd|adam;name:~figure;x,y:@gl 0.01 -5 0.03 -4 ...

A range includes its ends, either of which may be left out; `=` names values, `~` a text within,
`@` a closed line around points, its axes (l: linear, g: logarithmic) and then its corners.
Texts are percent-encoded.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, unquote

from dashboard.urls.reading import shown

MOST_CORNERS = 80
MOST_VALUES = 200


@dataclass(frozen=True)
class Range:
    """Values from `low` to `high`, both included; None: no end there."""

    column: str
    low: float | None
    high: float | None

    @property
    def key(self) -> str:
        return self.column


@dataclass(frozen=True)
class Values:
    """One of some values, as text."""

    column: str
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.column


@dataclass(frozen=True)
class Contains:
    """Text within, upper and lower case alike."""

    column: str
    text: str

    @property
    def key(self) -> str:
        return self.column


@dataclass(frozen=True)
class Lasso:
    """Points within a closed line drawn on two columns.

    Attributes
    ----------
    logs : whether each axis was logarithmic; the line is straight on those axes.
    corners : (x, y) of each, in the columns' units.
    """

    x: str
    y: str
    logs: tuple[bool, bool]
    corners: tuple[tuple[float, float], ...]

    @property
    def key(self) -> str:
        return f"{self.x},{self.y}"


Condition = Range | Values | Contains | Lasso


def write_conditions(conditions: Collection[Condition]) -> str:
    """As a link has them."""
    return ";".join(f"{condition.key}:{_written(condition)}" for condition in conditions)


def _written(condition: Condition) -> str:
    if isinstance(condition, Range):
        ends = (condition.low, condition.high)
        return "..".join("" if end is None else f"{end:.12g}" for end in ends)
    if isinstance(condition, Values):
        return "=" + "|".join(quote(value, safe="") for value in condition.values)
    if isinstance(condition, Contains):
        return "~" + quote(condition.text, safe="")
    axes = "".join("g" if log else "l" for log in condition.logs)
    return f"@{axes} " + " ".join(
        f"{value:.6g}" for corner in condition.corners for value in corner
    )


def read_conditions(
    text: str, columns: Collection[str], numbers: Collection[str]
) -> tuple[tuple[Condition, ...], list[str]]:
    """The conditions of a link, and a note on each that cannot be used.

    `columns` are those that can be selected by, `numbers` those of them that are numeric.
    """
    found: list[Condition] = []
    notes: list[str] = []
    for part in filter(None, text.split(";")):
        key, _, rest = part.partition(":")
        names = key.split(",")
        if unknown := [name for name in names if name not in columns]:
            notes.append(f"it selects by {shown(unknown[0])}, which does not vary here")
            continue
        try:
            found.append(_read(names, rest, numbers))
        except (ValueError, OverflowError):
            notes.append(f"the selection {shown(part)} cannot be read")
    return tuple(found), notes


def _read(names: list[str], text: str, numbers: Collection[str]) -> Condition:
    numeric = all(name in numbers for name in names)
    if text.startswith("@") and numeric:
        x, y = names
        axes, *values = text[1:].split(" ")
        coordinates = [_finite(value) for value in values]
        corners = tuple(zip(coordinates[::2], coordinates[1::2], strict=True))
        if not 3 <= len(corners) <= MOST_CORNERS or axes not in ("ll", "lg", "gl", "gg"):
            raise ValueError(text)
        return Lasso(x, y, (axes[0] == "g", axes[1] == "g"), corners)
    (column,) = names
    if text.startswith("="):
        values = [unquote(value) for value in text[1:].split("|") if value]
        if not 1 <= len(values) <= MOST_VALUES:
            raise ValueError(text)
        return Values(column, tuple(values))
    if text.startswith("~"):
        return Contains(column, unquote(text[1:]))
    low, _, high = text.partition("..")
    if not numeric or not (low or high) or ".." not in text:
        raise ValueError(text)
    return Range(column, *(None if not end else _finite(end) for end in (low, high)))


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
