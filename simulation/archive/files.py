"""What is in the files of an archive: JSON and Parquet, their digests, and errors with a remedy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.archive.store import Place
from simulation.errors import ArchiveError

ROW_GROUP_KEYS = ("step", "source")
REPEATING = ("run_id", "source", "active_fraction", "active_units", "tuned_units")
"""Columns of few different values, kept as a dictionary."""
ZSTD_LEVEL = 15
"""A quarter smaller than the default, and as fast to read."""


def write_json(place: Place, content: dict[str, Any], *, durable: bool = True) -> None:
    """Write a JSON object atomically."""
    with place.write(durable=durable) as file:
        file.write(json.dumps(content, indent=1).encode())


def read_json(place: Place) -> dict[str, Any]:
    """Read a JSON object. A missing file raises FileNotFoundError, a broken one ArchiveError."""
    try:
        content = json.loads(place.read())
    except ValueError as error:
        raise damaged(place, error) from error
    if not isinstance(content, dict):
        raise damaged(place, ValueError("not an object"))
    return content


def write_parquet(
    place: Place,
    row_groups: Iterable[pa.Table],
    schema: pa.Schema,
    *,
    durable: bool = True,
    packed: bool = False,
) -> None:
    """Write tables one after the other, each as a row group of its own.

    Statistics are kept for `ROW_GROUP_KEYS` only: they address row groups; with `packed`, a file of
    many runs, those of the run as well, and its pages get checksums, which tell whose rows are
    damaged. The Arrow schema goes with columns that explain themselves; others do without.
    """
    keys = (*ROW_GROUP_KEYS, "run_id") if packed else ROW_GROUP_KEYS
    with place.write(durable=durable) as file:
        writer = pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            compression_level=ZSTD_LEVEL if durable else None,
            use_dictionary=[name for name in REPEATING if name in schema.names],
            column_encoding=_encodings(schema),
            write_statistics=[name for name in keys if name in schema.names],
            write_page_checksum=packed,
            store_schema=any(field.metadata for field in schema),
        )
        with writer:
            for table in row_groups:
                writer.write_table(table, row_group_size=max(table.num_rows, 1))


def _encodings(schema: pa.Schema) -> dict[str, str]:
    """How numbers are laid out, by column: close ones share their bytes, or their differences."""
    encodings = {}
    for field in schema:
        is_list = pa.types.is_list(field.type)
        kind = field.type.value_type if is_list else field.type
        column = f"{field.name}.list.element" if is_list else field.name
        if field.name not in REPEATING:
            if pa.types.is_floating(kind):
                encodings[column] = "BYTE_STREAM_SPLIT"
            elif pa.types.is_integer(kind):
                encodings[column] = "DELTA_BINARY_PACKED"
    return encodings


def read_parquet(place: Place, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a file, or some of its columns."""
    with open_parquet(place) as file:
        return file.read(columns=columns)


@contextmanager
def open_parquet(place: Place) -> Iterator[pq.ParquetFile]:
    """An open Parquet file. Missing: FileNotFoundError; damaged: ArchiveError naming it."""
    try:
        with place.open() as content, pq.ParquetFile(content) as file:
            yield file
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise damaged(place, error) from error


def damaged(place: Place, error: Exception) -> ArchiveError:
    """The error of a file that is there but cannot be read."""
    reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    return ArchiveError(
        f"{place} is damaged and cannot be read ({reason}).",
        subject=str(place),
        remedy="Restore it from a copy, or delete the run's files and run its configuration again.",
    )


def sha256(place: Place) -> str:
    """Digest of a file's bytes, in hexadecimal."""
    with place.open() as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
