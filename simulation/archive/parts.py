"""The pieces an index is made of: the rows of many runs in two files, written once.

Short columns are in one file, read column by column. Wide ones, which hold hundreds of bytes a
run (thumbnails, JSON), are in another, in row groups of some hundred rows: a question about
numbers never touches them, and few rows of them cost few row groups.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from simulation.archive import files
from simulation.archive.arrays import no_rows
from simulation.archive.store import Place

ROW = "_row"
"""Column that `Part.read` adds: where in the part a row is."""
ROW_GROUP = 256
PartFile = Place | io.BytesIO


def is_wide(column: str) -> bool:
    """Whether a column of the runs table is kept apart."""
    return column.startswith("thumbnail_") or column.endswith("_json")


@dataclass(frozen=True)
class Part:
    """Rows of a collection's runs.

    Attributes
    ----------
    name : unique, for ever.
    scalars, wide : files on the disk, or in memory where the disk cannot be written.
    rows : how many rows the files have.
    dropped : those that no longer count: their runs are gone, or in a later part.
    hidden : those that do not count now: rows of packs whose runs count elsewhere.
    """

    name: str
    scalars: PartFile
    wide: PartFile
    rows: int
    dropped: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return self.rows - len(self.dropped) - len(self.hidden)

    @property
    def files(self) -> frozenset[str]:
        """The names of its files."""
        return frozenset(_files(self.name))

    @property
    def in_memory(self) -> bool:
        return not isinstance(self.scalars, Place)

    @classmethod
    def at(
        cls,
        folder: Place,
        name: str,
        rows: int,
        dropped: Iterable[int] = (),
        hidden: Iterable[int] = (),
    ) -> Part:
        """The part that was written to `folder` under this name."""
        scalars, wide = (folder / file for file in _files(name))
        return cls(name, scalars, wide, rows, frozenset(dropped), frozenset(hidden))

    def without(self, rows: Iterable[int]) -> Part:
        """The same, with more rows dropped."""
        return replace(self, dropped=self.dropped.union(map(int, rows)))

    def hiding(self, rows: Iterable[int] = ()) -> Part:
        """The same with these rows hidden, and no others."""
        return replace(self, hidden=frozenset(map(int, rows)))

    def read(self, columns: Sequence[str]) -> pa.Table:
        """Columns that are not wide, of all rows that count, and their `ROW`."""
        with _opened(self.scalars) as file:
            table = file.read(columns=list(columns))
        table = table.append_column(ROW, whole_numbers(np.arange(self.rows)))
        is_whole = not (self.dropped or self.hidden)
        return table if is_whole else table.take(whole_numbers(self._counting()))

    def read_wide(self, columns: Sequence[str], rows: NDArray[np.int64]) -> pa.Table:
        """Wide columns of these rows, in this order."""
        with _opened(self.wide) as file:
            sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
            ends = np.cumsum(sizes)
            groups = np.searchsorted(ends, rows, side="right")
            tables = [no_rows(file.schema_arrow).select(list(columns))]
            for group in np.unique(groups):
                here = rows[groups == group] - (ends[group] - sizes[group])
                table = file.read_row_group(int(group), columns=list(columns))
                tables.append(table.take(whole_numbers(here)).select(list(columns)))
        back = np.argsort(np.argsort(groups, kind="stable"), kind="stable")
        return pa.concat_tables(tables).take(whole_numbers(back))

    def batches(self) -> Iterator[pa.Table]:
        """All that counts, some hundred rows at a time."""
        with _opened(self.scalars) as file:
            scalars = file.read()
        counting = np.isin(np.arange(self.rows), self._counting())
        with _opened(self.wide) as file:
            start = 0
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group)
                for column in scalars.column_names:
                    values = scalars[column].slice(start, rows.num_rows)
                    rows = rows.append_column(scalars.field(column), values)
                yield rows.filter(truths(counting[start : start + rows.num_rows]))
                start += rows.num_rows

    def _counting(self) -> NDArray[np.int64]:
        return np.delete(np.arange(self.rows), sorted(self.dropped | self.hidden))


def whole_numbers(values: NDArray[np.int64]) -> pa.Array:
    """An Arrow array of them; `pyarrow.array` would import pandas, which takes longer than all."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)])


def truths(values: NDArray[np.bool_]) -> pa.Array:
    """The same for truth values."""
    bits = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])


def write_part(folder: Place | None, batches: Iterable[pa.Table], schema: pa.Schema) -> Part | None:
    """A new part of all these rows, in `folder` or in memory; None without any row.

    Parameters
    ----------
    batches : tables with the columns of `schema`, in any order.
    """
    name = uuid.uuid4().hex[:16]
    wide = pa.schema([field for field in schema if is_wide(field.name)])
    short = pa.schema([field for field in schema if not is_wide(field.name)])
    tables = []
    with _new_file(folder, _files(name)[1]) as wide_file, _writer(wide_file, wide) as writer:
        for rows in _regrouped(batches):
            writer.write_table(rows.select(wide.names).cast(wide))
            tables.append(rows.select(short.names).cast(short))
    if not tables:
        if folder is not None:
            (folder / _files(name)[1]).delete()
        return None
    rows = pa.concat_tables(tables)
    with _new_file(folder, _files(name)[0]) as short_file, _writer(short_file, short) as writer:
        writer.write_table(rows, row_group_size=rows.num_rows)
    if folder is not None:
        return Part.at(folder, name, rows.num_rows)
    assert isinstance(short_file, io.BytesIO)
    assert isinstance(wide_file, io.BytesIO)
    return Part(name, short_file, wide_file, rows.num_rows)


def _files(name: str) -> tuple[str, str]:
    return f"{name}.scalars.parquet", f"{name}.wide.parquet"


def _regrouped(batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in batches of at least `ROW_GROUP`, but for the last."""
    held: list[pa.Table] = []
    for batch in batches:
        held.append(batch)
        if sum(rows.num_rows for rows in held) >= ROW_GROUP:
            yield pa.concat_tables(held, promote_options="default").combine_chunks()
            held = []
    if any(rows.num_rows for rows in held):
        yield pa.concat_tables(held, promote_options="default").combine_chunks()


def _writer(file: Any, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(file, schema, compression="zstd", write_statistics=False)


def _new_file(folder: Place | None, name: str) -> AbstractContextManager[Any]:
    if folder is None:
        return nullcontext(io.BytesIO())
    return (folder / name).write(durable=False)


def _opened(file: PartFile) -> AbstractContextManager[pq.ParquetFile]:
    if isinstance(file, Place):
        return files.open_parquet(file)
    return nullcontext(pq.ParquetFile(pa.BufferReader(file.getbuffer())))
