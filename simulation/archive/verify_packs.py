"""Checking packs: every file once, and of damage whose rows it is in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.archive import files
from simulation.archive.finding import Finding
from simulation.archive.packs import Pack, packs_of
from simulation.archive.reader import config_of
from simulation.archive.store import Place
from simulation.errors import ArchiveError, DriftscapeError

_RESTORE = "Restore the file from a copy, or delete the folder of the pack and make its runs again."


def verify_packs(collection: Place) -> Iterator[Finding]:
    """Every problem of a collection's packs."""
    for pack in packs_of(collection):
        try:
            yield from _verify_pack(pack)
        except FileNotFoundError:
            if pack in packs_of(collection):  # else a later pack has replaced it just now
                message = "the table of its runs is missing"
                yield Finding(pack.folder.name, pack.place("runs").path, message, _RESTORE)


def _verify_pack(pack: Pack) -> Iterator[Finding]:
    place = pack.place("runs")
    is_right = files.sha256(place).startswith(pack.digest)
    try:
        columns = ["run_id", "config_json", "files_json"]
        rows = files.read_parquet(place, columns).to_pylist()
    except ArchiveError as error:
        message = f"the rows of its runs cannot be read: {error.message}"
        yield Finding(pack.folder.name, place.path, message, _RESTORE)
        return
    run_ids = [row["run_id"] for row in rows]
    if not is_right:
        yield from _damaged(place, run_ids)
        return
    for row in rows:
        yield from _verify_row(pack, row)
    for table, digest in sorted({item for row in rows for item in _digests(row).items()}):
        held = [row["run_id"] for row in rows if table in _digests(row)]
        place = pack.place(table)
        if not place.exists():
            message = "the file is missing"
            yield from (Finding(run_id, place.path, message, _RESTORE) for run_id in held)
        elif files.sha256(place) != digest:
            yield from _damaged(place, held)


def _digests(row: dict[str, Any]) -> dict[str, str]:
    return dict(json.loads(row["files_json"]))


def _verify_row(pack: Pack, row: dict[str, Any]) -> Iterator[Finding]:
    try:
        expected = config_of(row["config_json"]).run_id
    except (DriftscapeError, KeyError, TypeError, ValueError) as error:
        message = f"the run's row cannot be read: {error}"
        yield Finding(row["run_id"], pack.place("runs").path, message, _RESTORE)
        return
    if not (expected == row["run_id"] and pack.may_hold(expected)):
        message = f"the id does not belong to the configuration, whose id is {expected}"
        yield Finding(row["run_id"], pack.place("runs").path, message, _RESTORE)


def _damaged(place: Place, run_ids: Sequence[str]) -> Iterator[Finding]:
    """Findings for the runs with rows in damaged row groups; for all where that is not known."""
    message = "the file is not the one that was written: its digest differs"
    for run_id in _harmed(place, run_ids) or run_ids:
        yield Finding(run_id, place.path, message, _RESTORE)


def _harmed(place: Place, run_ids: Sequence[str]) -> list[str]:
    """The runs with rows in row groups whose checksums are wrong."""
    harmed = []
    try:
        with (
            place.open() as content,
            pq.ParquetFile(content, page_checksum_verification=True) as file,
        ):
            column = file.schema_arrow.names.index("run_id")
            for group in range(file.num_row_groups):
                try:
                    file.read_row_group(group)
                except (pa.ArrowException, OSError):
                    held = file.metadata.row_group(group).column(column).statistics
                    harmed += [run_id for run_id in run_ids if held.min <= run_id <= held.max]
    except (pa.ArrowException, OSError, ValueError):
        return []
    return list(dict.fromkeys(harmed))
