"""From a spool to an archived run: tables first, then the row that makes the run exist."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from simulation.analysis.summary import summarize
from simulation.archive import arrays, files
from simulation.archive.blocks import RunFiles
from simulation.archive.layout import table_path
from simulation.archive.marker import SCHEMA_VERSION
from simulation.archive.reader import config_of
from simulation.archive.runs_columns import THUMBNAIL_POINTS
from simulation.archive.schema import DATA_TABLES, RUNS, TABLES
from simulation.archive.spool import Spool
from simulation.archive.status import Status
from simulation.archive.writer import now
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)


def commit(collection: Path, spool: Spool, status: Status, reason: str) -> None:
    """Archive what a spool holds, then remove it.

    A process killed at any point in here leaves the spool, and committing again completes the
    work: every step overwrites what an earlier attempt wrote.
    """
    record = spool.read_record()
    run_id = record["run_id"]
    segments = {table: _readable(spool.segments(table)) for table in DATA_TABLES}
    digests = {}
    for table, (paths, _) in segments.items():
        place = table_path(collection, table, run_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        files.remove_temporaries(place.parent, place.name)
        if paths:
            _merge(table, paths, place)
            digests[table] = files.sha256(place)
        else:
            place.unlink(missing_ok=True)
    lost = [str(note) for _, note in segments.values() if note]
    reason = " ".join([status.words, *filter(None, [reason]), *lost])
    tables = RunFiles(lambda table: segments[table][0])
    row = _row(record, status, reason, digests, tables)
    place = table_path(collection, "runs", run_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    files.remove_temporaries(place.parent, place.name)
    schema = RUNS.bare_schema()
    files.write_parquet(place, [arrays.one_row(row, schema)], schema)
    spool.remove()


def _readable(paths: list[Path]) -> tuple[list[Path], str]:
    """The segments before the first damaged one, and what was lost, in words."""
    for number, path in enumerate(paths):
        try:
            with files.open_parquet(path):
                pass
        except ArchiveError:
            log.warning("%s is damaged; this and later segments are dropped", path)
            return paths[:number], f"Rows from {path.name} on were lost."
    return paths, ""


def _merge(table: str, segments: list[Path], place: Path) -> None:
    """One file from the segments: a row group a block, or one for all rows."""
    schema = pq.read_schema(segments[0])
    if TABLES[table].key:
        files.write_parquet(place, _row_groups(segments), schema)
    else:
        rows = pa.concat_tables(files.read_parquet(path) for path in segments)
        files.write_parquet(place, [rows.combine_chunks()], schema)


def _row_groups(segments: list[Path]) -> Iterator[pa.Table]:
    for path in segments:
        with files.open_parquet(path) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group)


def _row(
    record: dict[str, Any],
    status: Status,
    reason: str,
    digests: dict[str, str],
    tables: RunFiles,
) -> dict[str, Any]:
    curves, snapshots, centroids = (
        _columns(tables.read(name)) for name in ("curves", "snapshots", "centroids")
    )
    summary, reasons = summarize(config_of(record["config_json"]), curves, snapshots, centroids)
    if record["wall_seconds"] is None:
        reasons["wall_seconds"] = reasons["engine"] = "the run never started"
    steps = curves["step"]
    chosen = np.unique(np.linspace(0, len(steps) - 1, THUMBNAIL_POINTS).round().astype(int))
    chosen = chosen[: len(steps)]
    known = {name: record.get(name) for name in RUNS.schema().names}
    return known | {
        **summary,
        "status": status.value,
        "status_reason": reason,
        "schema_version": SCHEMA_VERSION,
        "finished_at": now(),
        "steps_reached": int(steps[-1]) if len(steps) else None,
        "thumbnail_step": steps[chosen].tolist(),
        **{
            f"thumbnail_{name}": curves[column][chosen].tolist()
            for name, column in _THUMBNAILS.items()
        },
        "reasons_json": json.dumps(reasons),
        "files_json": json.dumps(digests),
    }


def _columns(table: pa.Table) -> dict[str, NDArray[Any]]:
    """A table by column; numbers that are missing are NaN, texts None."""
    return {name: _values(table[name]) for name in table.column_names}


def _values(column: pa.ChunkedArray) -> NDArray[Any]:
    if pa.types.is_string(column.type):
        return np.array(column.to_pylist(), object)
    return arrays.to_matrix(column) if pa.types.is_list(column.type) else arrays.to_numpy(column)


_THUMBNAILS = {
    "active_units": "active_units",
    "active_fraction": "active_fraction",
    "loss": "log10_normalized_loss",
    "spatial_information": "mean_spatial_information_bits",
}
