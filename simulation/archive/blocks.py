"""One run's tables: rows from arrays, and rows back from files, a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa

from simulation.archive import arrays, files
from simulation.archive.layout import Archived
from simulation.archive.packs import groups_of, read_run, rows_of
from simulation.archive.schema import TABLES
from simulation.archive.store import Place

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
        return arrays.lists(value, kind)
    if not np.ndim(value):
        value = [value] * rows
    return arrays.texts(value) if pa.types.is_string(kind) else arrays.numbers(value, kind)


def read_matrix(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """A list column whose lists are equally long, as a (rows, length) array."""
    return arrays.to_matrix(column)


class RunFiles:
    """Reads one run's tables, each from one file, a pack's, or the segments of a run in progress.

    What was read stays, so asking a run in progress again reads its new segments only.

    Parameters
    ----------
    places : the files of a table, oldest first; they never change, more may follow.
    packed : the run's id where the files are a pack's, with other runs in them; else None.
    """

    def __init__(self, places: Callable[[str], list[Place]], packed: str | None = None) -> None:
        self._places, self._packed = places, packed
        self._whole: dict[str, tuple[int, pa.Table]] = {}
        self._blocks: dict[str, tuple[int, dict[Key, tuple[Place, int]]]] = {}

    def read(self, table: str) -> pa.Table:
        """All rows recorded so far, without the run_id column; for tables read whole."""
        seen, rows = self._whole.get(table, (0, _empty(table)))
        places = self._places(table)
        if new := places[seen:]:
            tables = [self._read_whole(place).drop_columns("run_id") for place in new]
            rows = pa.concat_tables([rows, *tables], promote_options="default").combine_chunks()
            self._whole[table] = (len(places), rows)
        return rows

    def keys(self, table: str) -> list[Key]:
        """The keys of the blocks recorded so far, in order of recording."""
        return list(self._locate(table))

    def read_block(self, table: str, key: Key) -> pa.Table | None:
        """The rows of one block; None when there is no such block."""
        found = self._locate(table).get(key)
        if found is None:
            return None
        place, row_group = found
        with files.open_parquet(place) as file:
            rows = file.read_row_group(row_group)
        if self._packed is None:
            return rows
        rows = rows_of(rows, self._packed)
        return dict(split_blocks(rows, TABLES[table].key))[key]

    def _read_whole(self, place: Place) -> pa.Table:
        with files.open_parquet(place) as file:
            return file.read() if self._packed is None else read_run(file, self._packed)

    def _locate(self, table: str) -> dict[Key, tuple[Place, int]]:
        seen, located = self._blocks.get(table, (0, {}))
        places = self._places(table)
        if new := places[seen:]:
            located = dict(located)
            for place in new:
                located |= _row_group_keys(place, TABLES[table].key, self._packed)
            self._blocks[table] = (len(places), located)
        return located


def run_files(run: Archived) -> RunFiles:
    """Reads the tables of an archived run."""
    return RunFiles(run.places, packed=run.run_id if run.pack else None)


def _empty(table: str) -> pa.Table:
    return pa.Table.from_batches([], TABLES[table].schema()).drop_columns("run_id")


def split_blocks(rows: pa.Table, key: tuple[str, ...]) -> Iterator[tuple[Key, pa.Table]]:
    """Each block of one run's rows with its key, in order; without key columns all is one block."""
    keys = list(zip(*(rows[name].to_pylist() for name in key), strict=True)) or [()] * len(rows)
    start = 0
    for value, block in groupby(keys):
        length = len(list(block))
        yield value, rows.slice(start, length)
        start += length


def _row_group_keys(
    place: Place, key: tuple[str, ...], packed: str | None
) -> dict[Key, tuple[Place, int]]:
    """Key -> place: from the statistics in the file's footer, of a packed run from its rows."""
    with files.open_parquet(place) as file:
        if packed is not None:
            found = (
                (value, (place, group))
                for group in groups_of(file, packed)
                for value, _ in split_blocks(
                    rows_of(file.read_row_group(group, columns=["run_id", *key]), packed), key
                )
            )
            return dict(found)
        columns = [file.schema_arrow.names.index(name) for name in key]
        groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
        return {
            tuple(group.column(column).statistics.min for column in columns): (place, number)
            for number, group in enumerate(groups)
        }
