"""Questions to the parts of indexes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from simulation.archive.conditions import Condition, rows_where
from simulation.archive.parts import ROW, Part, is_wide, whole_numbers

_PART = "_part"


def select(
    parts: Sequence[Part], columns: Sequence[str], where: Sequence[Condition], newest: int | None
) -> pa.Table:
    """`columns` of the rows for which all conditions hold, see `Catalog.query`.

    Wide columns are read last, of the rows that are left.
    """
    asked = [*columns, "created_at", *(name for name, *_ in where)]
    narrow = [name for name in dict.fromkeys(asked) if not is_wide(name)]
    tables = []
    for number, part in enumerate(parts):
        rows = rows_where(part.read(narrow), where)
        tables.append(rows.append_column(_PART, whole_numbers(np.full(rows.num_rows, number))))
    rows = pa.concat_tables(tables).sort_by("created_at")
    if newest is not None:
        rows = rows.slice(max(rows.num_rows - newest, 0))
    if wide := [name for name in columns if is_wide(name)]:
        for column in (found := _read_wide(parts, rows, wide)).schema:
            rows = rows.append_column(column, found[column.name])
    return rows.select(list(columns))


def _read_wide(parts: Sequence[Part], rows: pa.Table, columns: list[str]) -> pa.Table:
    """Wide columns of these rows, in their order."""
    number, row = rows[_PART].to_numpy(), rows[ROW].to_numpy()
    places = [np.flatnonzero(number == each) for each in range(len(parts))]
    tables = [
        part.read_wide(columns, row[place])
        for part, place in zip(parts, places, strict=True)
        if len(place) or part is parts[0]
    ]
    back = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_tables(tables).take(whole_numbers(back))
