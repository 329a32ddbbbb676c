"""What a packing leaves behind, when it ends and when it dies: files of runs that are in packs."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import pyarrow as pa

from simulation.archive import files, locks
from simulation.archive.layout import table_place
from simulation.archive.pack_writer import RunToPack
from simulation.archive.packs import DRAFT, PACKS, counting, own_runs, packs_of, rows_of
from simulation.archive.schema import DATA_TABLES
from simulation.archive.store import Place
from simulation.errors import ArchiveError


def complete(collection: Place) -> int:
    """Do what a packing that died had still to do; how many runs have moved by that.

    To be called by the one process that packs the collection.
    """
    packs, store = collection / PACKS, collection.store
    for name in store.folders(packs.key):
        if name.startswith(DRAFT):
            store.withdraw((packs / name).key)
    store.sweep(packs.key)
    own, moved = own_runs(collection), 0
    packed = counting(packs_of(collection))
    for pack, run_ids in packed.items():
        if twice := own.intersection(run_ids):
            rows = files.read_parquet(pack.place("runs"))
            moved += _remove_twins(collection, sorted(twice), rows)
    _remove_rest(collection, {run_id for run_ids in packed.values() for run_id in run_ids})
    return moved


def remove_replaced(collection: Place) -> None:
    """Remove packs of which no run counts, because all are in later packs."""
    for pack, run_ids in counting(packs_of(collection)).items():
        if not run_ids:
            collection.store.withdraw(pack.folder.key)


def _remove_twins(collection: Place, run_ids: Iterable[str], packed: pa.Table) -> int:
    """Remove the files of runs that are in a pack as they are; how many there were."""
    removed = 0
    with locks.replacing(collection):
        for run_id in run_ids:
            with suppress(FileNotFoundError, ArchiveError):  # gone, or damaged: it stays
                member = RunToPack.load(collection, run_id, None)
                if _text(member.row) == _text(rows_of(packed, run_id)):
                    removed += member.remove()
    return removed


def _text(row: pa.Table) -> str:
    """A row in words, in which NaN is equal to itself; but for the digests of files."""
    known = row.to_pylist()[0]
    return repr({name: known[name] for name in sorted(known) if name != "files_json"})


def _remove_rest(collection: Place, packed: set[str]) -> None:
    """Remove what is left of the files of packed runs whose own row is gone already."""
    with locks.replacing(collection):
        for table in DATA_TABLES:
            for run_id in packed.intersection((collection / table).names(".parquet")):
                if not table_place(collection, "runs", run_id).exists():
                    table_place(collection, table, run_id).delete()
