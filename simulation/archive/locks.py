"""Locks between processes: held on a file, and let go when the process ends, however it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from simulation.archive import files
from simulation.errors import ArchiveError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], wait: bool) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes], wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def packing(collection: Path) -> AbstractContextManager[None]:
    """Held while a collection is packed. ArchiveError: another process packs it."""
    return _locked(collection / ".packing", wait=False)


def replacing(collection: Path) -> AbstractContextManager[None]:
    """Held for the moment in which archived runs are replaced, by a pack or by being made again."""
    return _locked(collection / ".replacing", wait=True)


@contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    with files.write_errors(path):
        file = path.open("ab")
    with file:
        try:
            _lock(file, wait)
        except OSError as error:
            raise ArchiveError(
                f"{path.parent.name} is being packed by another process.",
                subject=path.parent.name,
                remedy="Wait until that one has ended.",
            ) from error
        yield
