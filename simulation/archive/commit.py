"""From a spool to an archived run: tables first, then the row that makes the run exist."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulation.analysis.summary import summarize
from simulation.archive import arrays, files
from simulation.archive.blocks import RunFiles
from simulation.archive.layout import table_place
from simulation.archive.marker import SCHEMA_VERSION
from simulation.archive.reader import config_of
from simulation.archive.runs_columns import THUMBNAIL_POINTS
from simulation.archive.schema import DATA_TABLES, RUNS, TABLES
from simulation.archive.spool import Spool
from simulation.archive.status import Status
from simulation.archive.store import Place
from simulation.archive.writer import now
from simulation.errors import ArchiveError

log = logging.getLogger(__name__)


def commit(collection: Place, spool: Spool, status: Status, reason: str) -> None:
    """Archive what a spool holds, then remove it.

    A process killed at any point in here leaves the spool, and committing again completes the
    work: every step overwrites what an earlier attempt wrote.
    """
    record = spool.read_record()
    run_id = record["run_id"]
    segments = {table: _readable(spool.segments(table)) for table in DATA_TABLES}
    digests = {}
    for table, (segments_of, _) in segments.items():
        place = table_place(collection, table, run_id)
        place.store.sweep(place.parent.key, place.name)
        if segments_of:
            _merge(table, segments_of, place)
            digests[table] = files.sha256(place)
        else:
            place.delete()
    lost = [str(note) for _, note in segments.values() if note]
    reason = " ".join([status.words, *filter(None, [reason]), *lost])
    tables = RunFiles(lambda table: segments[table][0])
    row = _row(record, status, reason, digests, tables)
    place = table_place(collection, "runs", run_id)
    place.store.sweep(place.parent.key, place.name)
    schema = RUNS.bare_schema()
    files.write_parquet(place, [arrays.one_row(row, schema)], schema)
    spool.remove()


def _readable(segments: list[Place]) -> tuple[list[Place], str]:
    """The segments before the first damaged one, and what was lost, in words."""
    for number, segment in enumerate(segments):
        try:
            with files.open_parquet(segment):
                pass
        except ArchiveError:
            log.warning("%s is damaged; this and later segments are dropped", segment)
            return segments[:number], f"Rows from {segment.name} on were lost."
    return segments, ""


def _merge(table: str, segments: list[Place], place: Place) -> None:
    """One file from the segments: a row group a block, or one for all rows."""
    with files.open_parquet(segments[0]) as file:
        schema = file.schema_arrow
    if TABLES[table].key:
        files.write_parquet(place, _row_groups(segments), schema)
    else:
        rows = pa.concat_tables(files.read_parquet(segment) for segment in segments)
        files.write_parquet(place, [rows.combine_chunks()], schema)


def _row_groups(segments: list[Place]) -> Iterator[pa.Table]:
    for segment in segments:
        with files.open_parquet(segment) as file:
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
