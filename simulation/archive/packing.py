"""Packing a collection: from files of their own, runs move into packs.

A pack is published first, and only then the files of its runs are removed, so that at any time
every run is there: twice for a moment, when its own files count. A packing that dies is completed
by the next. Runs may be made meanwhile; for the moment of publishing, none can be replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

from simulation.archive import files, locks
from simulation.archive.layout import table_place
from simulation.archive.pack_tidy import complete, remove_replaced
from simulation.archive.pack_writer import RunToPack, Unpackable, draft_pack
from simulation.archive.packs import Pack, counting, own_runs, packs_of
from simulation.archive.schema import TABLES
from simulation.archive.spools import Spools
from simulation.archive.store import Place
from simulation.errors import ArchiveError

PACK_RUNS = 128
"""A pack has as many runs at least, and less than twice as many; unless there are no more."""


@dataclass
class Packed:
    """What came of packing a collection.

    Attributes
    ----------
    moved : how many runs moved from files of their own into packs.
    runs, packs : how many are packed now, and in how many packs.
    left : why runs were left as they are, by id.
    bytes_before, bytes_after : in all files of the collection but its index.
    """

    moved: int = 0
    runs: int = 0
    packs: int = 0
    left: dict[str, str] = field(default_factory=dict)
    bytes_before: int = 0
    bytes_after: int = 0


def pack_collection(collection: Place, running: Spools, tell: Callable[[int, int], None]) -> Packed:
    """Pack all archived runs; `tell` hears how many of how many are done.

    Packs of few runs are made anew together with runs that are packed for the first time.

    Raises
    ------
    ArchiveError : another process packs this collection, or it cannot be written.
    """
    packed = Packed(bytes_before=_bytes_in(collection))
    with locks.packing(collection):
        packed.moved = complete(collection)
        chunks = [chunk for some in _by_precision(collection, packed.left) for chunk in _cut(some)]
        total, done = sum(map(len, chunks)), 0
        for chunk in chunks:
            tell(done, total)
            packed.moved += _pack(collection, chunk, running, packed.left)
            done += len(chunk)
        remove_replaced(collection)
    if chunks:
        tell(done, total)
    found = counting(packs_of(collection)).values()
    packed.packs, packed.runs = len(found), sum(map(len, found))
    packed.bytes_after = _bytes_in(collection)
    return packed


def _by_precision(
    collection: Place, left: dict[str, str]
) -> Iterator[list[tuple[str, Pack | None]]]:
    """The runs to be packed, by id, each with the pack that it comes from; one list a precision."""
    own = own_runs(collection)
    runs: dict[str, list[tuple[str, Pack | None]]] = defaultdict(list)
    for run_id in own:
        try:
            runs[_precision(table_place(collection, "runs", run_id))].append((run_id, None))
        except FileNotFoundError:  # made again in another collection just now
            continue
        except ArchiveError as error:
            left[run_id] = error.message
    for pack, run_ids in counting(packs_of(collection)).items():
        alive = [(run_id, pack) for run_id in run_ids if run_id not in own]
        if runs and alive and len(alive) < PACK_RUNS and pack.is_intact():
            runs[_precision(pack.place("runs"))] += alive
    for some in runs.values():
        if any(pack is None for _, pack in some):
            yield sorted(some, key=lambda item: item[0])


def _precision(runs: Place) -> str:
    return str(files.read_parquet(runs, ["precision"])["precision"][0].as_py())


def _cut(
    runs: list[tuple[str, Pack | None]],
) -> Iterator[list[tuple[str, Pack | None]]]:
    count = max(len(runs) // PACK_RUNS, 1)
    ends = [len(runs) * number // count for number in range(count + 1)]
    return (runs[start:end] for start, end in pairwise(ends))


def _pack(
    collection: Place,
    runs: list[tuple[str, Pack | None]],
    running: Spools,
    left: dict[str, str],
) -> int:
    """Make one pack; how many runs moved into it. Those that cannot be packed are `left`."""
    members = []
    for run_id, pack in runs:
        try:
            members.append(RunToPack.load(collection, run_id, pack))
        except FileNotFoundError:
            continue
        except ArchiveError as error:
            left[run_id] = error.message
    while members:
        try:
            with draft_pack(collection, members) as draft, locks.replacing(collection):
                current = [member for member in members if member.is_current()]
                if len(current) == len(members):
                    number = max((pack.number for pack in packs_of(collection)), default=0) + 1
                    draft.publish(number)
                    return sum(member.remove() for member in members)
            members = current  # the others were replaced just now: they are for the next packing
        except Unpackable as error:
            (harmed,) = (member for member in members if member.run.run_id == error.subject)
            members.remove(harmed)
            if harmed.is_current() and not running.find_all(error.subject):
                left[error.subject] = error.message
    return 0


def _bytes_in(collection: Place) -> int:
    folders = [collection / table for table in TABLES]
    folders += [pack.folder for pack in packs_of(collection)]
    size = 0
    for folder in folders:
        for name in folder.names(".parquet"):
            with suppress(FileNotFoundError):  # replaced just now
                size += (folder / f"{name}.parquet").state().size
    return size
