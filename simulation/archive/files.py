"""The only place that touches the disk: atomic writes, Parquet reads, errors with a remedy.

A file is written beside its place, flushed to the disk and renamed into it, so a reader meets the
old file or the new one, never a part.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.errors import ArchiveError, StorageFull

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TEMPORARY = ".tmp"
ROW_GROUP_KEYS = ("step", "source")
REPEATING = ("run_id", "source", "active_fraction", "active_units", "tuned_units")
"""Columns of few different values, kept as a dictionary."""
ZSTD_LEVEL = 15
"""A quarter smaller than the default, and as fast to read."""


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Turn the system's write errors into ours, naming `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"No room left on the disk to write {path}.",
                subject=str(path),
                remedy="Free some space, then start the run again; what was recorded is kept.",
            ) from error
        raise ArchiveError(
            f"Cannot write {path}: {error.strerror or error}.",
            subject=str(path),
            remedy="Check that the folder exists and that you may write there.",
        ) from error


@contextmanager
def atomic_file(path: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """A file to write; it appears at `path` complete, or not at all.

    `durable` waits until it has reached the disk, so it survives a power cut as well.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{_TEMPORARY}")
    with write_errors(path):
        try:
            with temporary.open("wb") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            temporary.replace(path)
            if durable:
                sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder have reached the disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_temporaries(folder: Path, name: str) -> None:
    """Delete what writers of `name` that died half-way left in `folder`."""
    for leftover in folder.glob(f".{name}.*{_TEMPORARY}"):
        leftover.unlink(missing_ok=True)


def write_json(path: Path, content: dict[str, Any], *, durable: bool = True) -> None:
    """Write a JSON object atomically."""
    with atomic_file(path, durable=durable) as file:
        file.write(json.dumps(content, indent=1).encode())


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object. A missing file raises FileNotFoundError, a broken one ArchiveError."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise damaged(path, error) from error
    if not isinstance(content, dict):
        raise damaged(path, ValueError("not an object"))
    return content


def write_parquet(
    path: Path,
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
    with atomic_file(path, durable=durable) as file:
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


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a file, or some of its columns."""
    with open_parquet(path) as file:
        return file.read(columns=columns)


@contextmanager
def open_parquet(path: Path) -> Iterator[pq.ParquetFile]:
    """An open Parquet file. Missing: FileNotFoundError; damaged: ArchiveError naming it."""
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from None
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> ArchiveError:
    """The error of a file that is there but cannot be read."""
    reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    return ArchiveError(
        f"{path} is damaged and cannot be read ({reason}).",
        subject=str(path),
        remedy="Restore it from a copy, or delete the run's files and run its configuration again.",
    )


def sha256(path: Path) -> str:
    """Digest of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
