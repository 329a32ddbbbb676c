"""One run's tables: rows from arrays, and rows back from files, a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from simulation.archive import files
from simulation.archive.schema import TABLES

Key = tuple[Any, ...]


def build_rows(
    table: str, run_id: str, columns: Mapping[str, Any], precision: str = "float64"
) -> pa.Table:
    """Rows of `table` from arrays; scalars repeat, absent columns are null, NaN becomes null.

    List columns take a (rows, length) array; inside lists NaN stays NaN.
    """
    schema = TABLES[table].schema(precision)
    if unknown := set(columns) - set(schema.names):
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    rows = max((len(value) for value in columns.values() if np.ndim(value)), default=1)
    arrays = [
        pa.nulls(rows, field.type)
        if (value := run_id if field.name == "run_id" else columns.get(field.name)) is None
        else _array(value, rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(value: Any, rows: int, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        matrix = np.atleast_2d(np.asarray(value))
        offsets = np.arange(0, matrix.size + 1, max(matrix.shape[1], 1), dtype=np.int32)
        if not matrix.size:
            offsets = np.zeros(rows + 1, np.int32)
        return pa.ListArray.from_arrays(offsets, pa.array(matrix.ravel(), kind.value_type))
    if not np.ndim(value):
        value = [value] * rows
    return pa.array(value, kind, from_pandas=True)


def read_matrix(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """A list column whose lists are equally long, as a (rows, length) array."""
    values = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return values.reshape(len(column), -1)


class RunFiles:
    """Reads one run's tables, each from one file or from the segments of a run in progress.

    What was read stays, so asking a run in progress again reads its new segments only.

    Parameters
    ----------
    paths : the files of a table, oldest first; they never change, more may follow.
    """

    def __init__(self, paths: Callable[[str], list[Path]]) -> None:
        self._paths = paths
        self._whole: dict[str, tuple[int, pa.Table]] = {}
        self._blocks: dict[str, tuple[int, dict[Key, tuple[Path, int]]]] = {}

    def read(self, table: str) -> pa.Table:
        """All rows recorded so far, without the run_id column; for tables read whole."""
        seen, rows = self._whole.get(table, (0, _empty(table)))
        paths = self._paths(table)
        if new := paths[seen:]:
            tables = [files.read_parquet(path).drop_columns("run_id") for path in new]
            rows = pa.concat_tables([rows, *tables], promote_options="default").combine_chunks()
            self._whole[table] = (len(paths), rows)
        return rows

    def keys(self, table: str) -> list[Key]:
        """The keys of the blocks recorded so far, in order of recording."""
        return list(self._locate(table))

    def read_block(self, table: str, key: Key) -> pa.Table | None:
        """The rows of one block; None when there is no such block."""
        place = self._locate(table).get(key)
        if place is None:
            return None
        path, row_group = place
        with files.open_parquet(path) as file:
            return file.read_row_group(row_group)

    def _locate(self, table: str) -> dict[Key, tuple[Path, int]]:
        seen, located = self._blocks.get(table, (0, {}))
        paths = self._paths(table)
        if new := paths[seen:]:
            located = dict(located)
            for path in new:
                located |= _row_group_keys(path, TABLES[table].key)
            self._blocks[table] = (len(paths), located)
        return located


def _empty(table: str) -> pa.Table:
    return TABLES[table].schema().empty_table().drop_columns("run_id")


def _row_group_keys(path: Path, key: tuple[str, ...]) -> dict[Key, tuple[Path, int]]:
    """Key -> place, from the statistics in the file's footer."""
    with files.open_parquet(path) as file:
        columns = [file.schema_arrow.names.index(name) for name in key]
        groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
        return {
            tuple(group.column(column).statistics.min for column in columns): (path, number)
            for number, group in enumerate(groups)
        }
