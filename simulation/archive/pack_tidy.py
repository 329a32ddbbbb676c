"""What a packing leaves behind, when it ends and when it dies: files of runs that are in packs."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from simulation.archive import files, locks
from simulation.archive.layout import table_path
from simulation.archive.pack_writer import Member
from simulation.archive.packs import (
    DRAFT,
    PACKS,
    REPLACED,
    counting,
    own_runs,
    packs_of,
    rows_of,
)
from simulation.archive.schema import DATA_TABLES
from simulation.errors import ArchiveError


def complete(collection: Path) -> int:
    """Do what a packing that died had still to do; how many runs have moved by that.

    To be called by the one process that packs the collection.
    """
    for folder in (collection / PACKS).glob(".*"):
        if folder.name.startswith((DRAFT, REPLACED)):
            shutil.rmtree(folder, ignore_errors=True)
    own, moved = own_runs(collection), 0
    packed = counting(packs_of(collection))
    for pack, run_ids in packed.items():
        if twice := own.intersection(run_ids):
            rows = files.read_parquet(pack.path("runs"))
            moved += _remove_twins(collection, sorted(twice), rows)
    _remove_rest(collection, {run_id for run_ids in packed.values() for run_id in run_ids})
    return moved


def remove_replaced(collection: Path) -> None:
    """Remove packs of which no run counts, because all are in later packs."""
    for pack, run_ids in counting(packs_of(collection)).items():
        if not run_ids:
            leaving = pack.folder.with_name(f"{REPLACED}{uuid.uuid4().hex[:8]}")
            with files.write_errors(leaving):
                pack.folder.rename(leaving)  # at once, for readers
            shutil.rmtree(leaving, ignore_errors=True)


def _remove_twins(collection: Path, run_ids: Iterable[str], packed: pa.Table) -> int:
    """Remove the files of runs that are in a pack as they are; how many there were."""
    removed = 0
    with locks.replacing(collection):
        for run_id in run_ids:
            with suppress(FileNotFoundError, ArchiveError):  # gone, or damaged: it stays
                member = Member.load(collection, run_id, None)
                if _text(member.row) == _text(rows_of(packed, run_id)):
                    removed += member.remove()
    return removed


def _text(row: pa.Table) -> str:
    """A row in words, in which NaN is equal to itself; but for the digests of files."""
    known = row.to_pylist()[0]
    return repr({name: known[name] for name in sorted(known) if name != "files_json"})


def _remove_rest(collection: Path, packed: set[str]) -> None:
    """Remove what is left of the files of packed runs whose own row is gone already."""
    with locks.replacing(collection):
        for table in DATA_TABLES:
            for path in (collection / table).glob("*.parquet"):
                row = table_path(collection, "runs", path.stem)
                if path.stem in packed and not row.exists():
                    path.unlink(missing_ok=True)
