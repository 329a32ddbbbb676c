"""What is in a folder of runs, compared with what an index knows of it.

To ask for the size and time of every file takes longer than all else, so files are told apart by
their version (on a local disk the inode), which listing a folder yields by the way: a file is only
ever replaced by another, with a version of its own. A second replacement can bring the first one
back; runs that may be replaced so (see `Status.settled`), and files whose version changed, have
their size and time compared. Packs never change and have names of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from simulation.archive.arrays import numbers, texts, to_numpy
from simulation.archive.packs import packs_of
from simulation.archive.parts import ROW, Part, whole_numbers
from simulation.archive.status import Status
from simulation.archive.store import Place

PACK = "_pack"
STATE = {"_inode": pa.uint64(), "_mtime_ns": pa.int64(), "_size": pa.int64(), PACK: pa.string()}
"""Columns of an index that identify the file a row was read from: the pack, or else a run's own."""
IN_PACK = (0, 0, 0)
_ENDING = ".parquet"
_FIRST = numbers([0], pa.int32())[0]
_SETTLED = [status.value for status in Status if status.settled]


@dataclass(frozen=True, eq=False)
class Listing:
    """The run files of a folder: `run_ids` and their `inodes`; and the names of `packs`."""

    folder: Place
    run_ids: pa.Array
    inodes: NDArray[np.uint64]
    packs: pa.Array

    def changed(self, part: Part) -> NDArray[np.int64]:
        """The rows of `part` whose file or pack is gone or another one by now."""
        rows = part.read(["run_id", "status", *STATE])
        packed = pc.is_valid(rows[PACK])
        lost = pc.and_(packed, pc.invert(pc.is_in(rows[PACK], value_set=self.packs)))
        own = rows.filter(pc.invert(packed))
        return np.concatenate([to_numpy(rows.filter(lost)[ROW]), self._replaced(own)])

    def _replaced(self, rows: pa.Table) -> NDArray[np.int64]:
        found = pc.index_in(rows["run_id"], value_set=self.run_ids)
        gone = to_numpy(pc.is_null(found))
        at = to_numpy(pc.fill_null(found, _FIRST))
        same = self.inodes[at] == to_numpy(rows["_inode"]) if len(self.inodes) else gone
        settled = to_numpy(pc.is_in(rows["status"], value_set=texts(_SETTLED)))
        doubtful = np.flatnonzero(~gone & ~(same & settled))
        asked = rows.take(whole_numbers(doubtful))
        for row, known in zip(doubtful, asked.to_pylist(), strict=True):
            gone[row] = self._stat(known["run_id"])[1:] != (known["_mtime_ns"], known["_size"])
        replaced: NDArray[np.int64] = to_numpy(rows[ROW])[gone]
        return replaced

    def unread(self, known: pa.Table) -> tuple[list[str], list[str]]:
        """The runs with own files, and the packs, from which none of these rows comes."""
        own = known.filter(pc.is_null(known[PACK]))
        return _without(self.run_ids, own["run_id"]), _without(self.packs, known[PACK])

    def _stat(self, run_id: str) -> tuple[int, ...]:
        try:
            return (self.folder / f"{run_id}{_ENDING}").state()
        except FileNotFoundError:
            return ()


def _without(names: pa.Array, known: pa.ChunkedArray) -> list[str]:
    return list(names.filter(pc.invert(pc.is_in(names, value_set=known))).to_pylist())


def list_runs(collection: Place) -> Listing:
    """What is in a collection now; nothing where there are no such folders."""
    folder = collection / "runs"
    found = [
        (name[: -len(_ENDING)], version)
        for name, version in folder.store.files(folder.key)
        if name.endswith(_ENDING) and not name.startswith(".")
    ]
    run_ids, inodes = zip(*found, strict=True) if found else ((), ())
    packs = [pack.folder.name for pack in packs_of(collection)]  # after them: runs move into packs
    return Listing(
        folder,
        texts(run_ids),
        np.array(inodes, np.uint64),
        texts(packs),
    )
