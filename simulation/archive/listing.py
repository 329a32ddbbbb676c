"""What is in a folder of runs, compared with what an index knows of it.

To ask for the size and time of every file takes longer than all else, so files are told apart by
their inode, which listing a folder yields by the way: a file is only ever replaced by another, with
an inode of its own. A second replacement can bring the first inode back; runs that may be replaced
so (see `Status.settled`), and files whose inode changed, have their size and time compared. Packs
never change and have names of their own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from simulation.archive.packs import packs_of
from simulation.archive.parts import ROW, Part
from simulation.archive.status import Status

PACK = "_pack"
STATE = {"_inode": pa.uint64(), "_mtime_ns": pa.int64(), "_size": pa.int64(), PACK: pa.string()}
"""Columns of an index that identify the file a row was read from: the pack, or else a run's own."""
IN_PACK = (0, 0, 0)
_ENDING = ".parquet"
_SETTLED = [status.value for status in Status if status.settled]


@dataclass(frozen=True, eq=False)
class Listing:
    """The run files of a folder: `run_ids` and their `inodes`; and the names of `packs`."""

    folder: Path
    run_ids: pa.Array
    inodes: NDArray[np.uint64]
    packs: pa.Array

    def changed(self, part: Part) -> NDArray[np.int64]:
        """The rows of `part` whose file or pack is gone or another one by now."""
        rows = part.read(["run_id", "status", *STATE])
        packed = pc.is_valid(rows[PACK])
        lost = pc.and_(packed, pc.invert(pc.is_in(rows[PACK], value_set=self.packs)))
        own = rows.filter(pc.invert(packed))
        return np.concatenate([rows.filter(lost)[ROW].to_numpy(), self._replaced(own)])

    def _replaced(self, rows: pa.Table) -> NDArray[np.int64]:
        found = pc.index_in(rows["run_id"], value_set=self.run_ids)
        gone = pc.is_null(found).to_numpy()
        at = pc.fill_null(found, 0).to_numpy()
        same = self.inodes[at] == rows["_inode"].to_numpy() if len(self.inodes) else gone
        settled = pc.is_in(rows["status"], value_set=pa.array(_SETTLED)).to_numpy()
        doubtful = np.flatnonzero(~gone & ~(same & settled))
        for row, known in zip(doubtful, rows.take(doubtful).to_pylist(), strict=True):
            gone[row] = self._stat(known["run_id"])[1:] != (known["_mtime_ns"], known["_size"])
        those: NDArray[np.int64] = rows[ROW].to_numpy()[gone]
        return those

    def unread(self, known: pa.Table) -> tuple[list[str], list[str]]:
        """The runs with own files, and the packs, from which none of these rows comes."""
        own = known.filter(pc.is_null(known[PACK]))
        return _without(self.run_ids, own["run_id"]), _without(self.packs, known[PACK])

    def _stat(self, run_id: str) -> tuple[int, ...]:
        try:
            return file_state(self.folder / f"{run_id}{_ENDING}")
        except FileNotFoundError:
            return ()


def _without(names: pa.Array, known: pa.ChunkedArray) -> list[str]:
    return list(names.filter(pc.invert(pc.is_in(names, value_set=known))).to_pylist())


def list_runs(collection: Path) -> Listing:
    """What is in a collection now; nothing where there are no such folders."""
    folder = collection / "runs"
    try:
        with os.scandir(folder) as entries:
            found = [
                (entry.name[: -len(_ENDING)], entry.inode())
                for entry in entries
                if entry.name.endswith(_ENDING) and not entry.name.startswith(".")
            ]
    except FileNotFoundError:
        found = []
    run_ids, inodes = zip(*found, strict=True) if found else ((), ())
    packs = [pack.folder.name for pack in packs_of(collection)]  # after them: runs move into packs
    return Listing(
        folder,
        pa.array(run_ids, pa.string()),
        np.array(inodes, np.uint64),
        pa.array(packs, pa.string()),
    )


def file_state(path: Path) -> tuple[int, int, int]:
    """The values of `STATE` for a file. FileNotFoundError: there is none."""
    state = path.stat()
    return state.st_ino, state.st_mtime_ns, state.st_size
