"""Conditions on rows, in the way of pyarrow and pandas: `(column, operator, value)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from simulation.archive.arrays import texts

Condition = tuple[str, str, Any]
"""Holds where `column operator value` does; a null satisfies no comparison. Operators: ==, !=, <,
<=, >, >=, in, not in (a collection; None in it stands for null), is null, is not null (the value is
ignored)."""


def rows_where(table: pa.Table, where: Sequence[Condition]) -> pa.Table:
    """The rows for which every condition holds.

    Raises
    ------
    KeyError : a condition names a column that `table` lacks.
    ValueError : no such operator, or a value that cannot be compared with the column.
    """
    if not where:
        return table
    return table.filter(reduce(pc.and_, [_holds(table[name], *test) for name, *test in where]))


def _holds(values: pa.ChunkedArray, operator: str, value: Any) -> pa.ChunkedArray:
    if operator not in _OPERATORS:
        raise ValueError(f"{operator!r} is not one of {', '.join(_OPERATORS)}")
    try:
        return _OPERATORS[operator](values, _scalar(value))
    except pa.ArrowException as error:
        raise ValueError(f"{values.type} {operator} {value!r}: {error}") from error


def _scalar(value: Any) -> Any:
    """A text as an Arrow scalar: pyarrow would import pandas for it, which takes longest."""
    return texts([value])[0] if isinstance(value, str) else value


def _is_in(values: pa.ChunkedArray, allowed: Any) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=pa.array(list(allowed), values.type))


def _is_not_in(values: pa.ChunkedArray, excluded: Any) -> pa.ChunkedArray:
    return pc.and_(pc.is_valid(values), pc.invert(_is_in(values, excluded)))


_OPERATORS: dict[str, Callable[[pa.ChunkedArray, Any], pa.ChunkedArray]] = {
    "==": pc.equal,
    "!=": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
    "in": _is_in,
    "not in": _is_not_in,
    "is null": lambda values, _: pc.is_null(values),
    "is not null": lambda values, _: pc.is_valid(values),
}
