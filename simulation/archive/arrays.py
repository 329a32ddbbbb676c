"""Arrow arrays from NumPy's, and back, by their memory alone.

pyarrow's own ways look for pandas first, and to load that takes more memory than most runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray


def numbers(values: ArrayLike, kind: pa.DataType) -> pa.Array:
    """Numbers as an Arrow array of this type; None and NaN become null."""
    found = np.asarray(values)
    if found.dtype == object:
        found = found.astype(np.float64)
    known = ~np.isnan(found)
    if not known.all():
        found = np.where(known, found, 0)
    return pa.Array.from_buffers(kind, found.size, [_bits(known), _memory(found, kind)])


def texts(values: Sequence[str | None]) -> pa.Array:
    """Texts as an Arrow array; None becomes null."""
    encoded = [(value or "").encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    known = np.array([value is not None for value in values], bool)
    memory = [_bits(known), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(values), memory)


def lists(matrix: ArrayLike, kind: pa.ListType) -> pa.Array:
    """The rows of a matrix as lists; NaN stays NaN."""
    rows = np.atleast_2d(np.asarray(matrix))
    ends = np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1]
    flat = pa.Array.from_buffers(kind.value_type, rows.size, [None, _memory(rows, kind.value_type)])
    return pa.Array.from_buffers(kind, len(rows), [None, pa.py_buffer(ends)], children=[flat])


def no_rows(schema: pa.Schema) -> pa.Table:
    """A table without rows."""
    return pa.Table.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Texts or numbers as an Arrow array of this type; None becomes null."""
    return texts(values) if pa.types.is_string(kind) else numbers(values, kind)


def one_row(values: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    """A table with this row; what is missing is null."""
    return pa.Table.from_arrays(
        [_one(values.get(field.name), field.type) for field in schema], schema=schema
    )


def to_numpy(column: pa.ChunkedArray | pa.Array) -> NDArray[Any]:
    """The numbers or truth values of a column; null becomes NaN."""
    if not len(column):
        return np.empty(0, column.type.to_pandas_dtype())
    chunk = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    bits, memory = chunk.buffers()
    if pa.types.is_boolean(chunk.type):
        return _unpacked(memory, chunk)
    kind = np.dtype(chunk.type.to_pandas_dtype())
    found = np.frombuffer(memory, kind, len(chunk), chunk.offset * kind.itemsize)
    if not chunk.null_count:
        return found
    return np.where(_unpacked(bits, chunk), found, np.nan)


def to_matrix(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column of equally long lists, a list a row."""
    if not len(column):
        return np.empty((0, 0), column.type.value_type.to_pandas_dtype())
    chunk = column.combine_chunks()
    ends = np.frombuffer(chunk.buffers()[1], np.int32, len(chunk) + 1, chunk.offset * 4)
    values = chunk.values.slice(ends[0], ends[-1] - ends[0])
    return to_numpy(values).reshape(len(chunk), -1)


def _one(value: Any, kind: pa.DataType) -> pa.Array:
    if value is None:
        return pa.nulls(1, kind)
    if pa.types.is_list(kind):
        return lists([value], kind)
    return column([value], kind)


def _bits(known: NDArray[np.bool_]) -> pa.Buffer | None:
    return None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))


def _unpacked(bits: pa.Buffer, chunk: pa.Array) -> NDArray[np.bool_]:
    known = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little").astype(bool)
    return known[chunk.offset :][: len(chunk)]


def _memory(values: NDArray[Any], kind: pa.DataType) -> pa.Buffer:
    return pa.py_buffer(np.ascontiguousarray(values, kind.to_pandas_dtype()))
