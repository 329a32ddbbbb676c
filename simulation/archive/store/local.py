"""A folder of this machine as a store.

A file is written beside its place, flushed to the disk and renamed into it, so a reader meets the
old file or the new one, never a part. Packs are published and withdrawn by renaming their folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyarrow as pa

from simulation.archive.store.errors import write_errors
from simulation.archive.store.protocol import State

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], wait: bool) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes], wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


_TEMPORARY, _LEAVING = ".tmp", ".old-"
_SETTLED_NS = 2_000_000_000  # a folder changed less than this ago may change unseen in its tick


class LocalStore:
    """The folder `root`, which must be there to be written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = f"{root}{os.sep}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalStore) and other.root == self.root

    def __hash__(self) -> int:
        return hash(self.root)

    @property
    def writable(self) -> bool:
        return os.access(self.root, os.W_OK)

    def make(self) -> None:
        """Make the folder itself, unless it is there."""
        with write_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        return self.root / key

    def folders(self, folder: str) -> list[str]:
        with _listed(self.path(folder)) as entries:
            return [entry.name for entry in entries if entry.is_dir()]

    def files(self, folder: str) -> Iterator[tuple[str, int]]:
        with _listed(self.path(folder)) as entries:
            for entry in entries:
                if not entry.name.endswith(_TEMPORARY) and not entry.is_dir():
                    yield entry.name, entry.inode()

    def stamp(self, folder: str) -> int | None:
        try:
            changed = self.path(folder).stat().st_mtime_ns
        except FileNotFoundError:
            return 0
        return changed if time.time_ns() - changed >= _SETTLED_NS else None

    def state(self, key: str) -> State:
        found = self.path(key).stat()
        return State(found.st_ino, found.st_mtime_ns, found.st_size)

    def age(self, key: str) -> float:
        return _age(self.path(key))

    def open(self, key: str) -> pa.NativeFile:
        try:
            return pa.OSFile(f"{self._prefix}{key}")
        except FileNotFoundError:  # Arrow's own does not name the file
            path = str(self.path(key))
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None

    @contextmanager
    def write(self, key: str, *, durable: bool) -> Iterator[IO[bytes]]:
        path = self.path(key)
        temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{_TEMPORARY}")
        with write_errors(path):
            try:
                with self._new_file(temporary) as file:
                    yield file
                    file.flush()
                    if durable:
                        os.fsync(file.fileno())
                temporary.replace(path)
                if durable:
                    _sync(path.parent)
            finally:
                temporary.unlink(missing_ok=True)

    def _new_file(self, path: Path) -> IO[bytes]:
        try:
            return path.open("wb")
        except FileNotFoundError:
            self._make(path.parent)
        return path.open("wb")

    def _make(self, folder: Path) -> None:
        """Make a folder and those that it is in, but not the root, durably."""
        if folder.is_dir() or folder == self.root:
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def touch(self, key: str) -> None:
        os.utime(self.path(key))

    def publish(self, draft: str, folder: str) -> None:
        place = self.path(folder)
        with write_errors(place):
            self.path(draft).rename(place)
            _sync(place.parent)
            _sync(place.parent.parent)

    def withdraw(self, folder: str) -> None:
        path = self.path(folder)
        leaving = path.with_name(f"{_LEAVING}{uuid.uuid4().hex[:8]}")
        with write_errors(path):
            try:
                path.rename(leaving)
            except FileNotFoundError:
                return
        shutil.rmtree(leaving, ignore_errors=True)

    @contextmanager
    def lock(self, key: str, *, wait: bool) -> Iterator[None]:
        path = self.path(key)
        with write_errors(path):
            self._make(path.parent)
            file = path.open("ab")
        with file:
            try:
                _lock(file, wait)
            except OSError as error:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path)) from error
            yield

    def sweep(self, folder: str, name: str = "", seconds: float = 0) -> None:
        for path in self.path(folder).glob(f".{name or '*'}.*{_TEMPORARY}"):
            with suppress(FileNotFoundError):  # another process sweeps as well
                if _age(path) >= seconds:
                    path.unlink()
        for path in [] if name else self.path(folder).glob(f"{_LEAVING}*"):
            with suppress(FileNotFoundError):
                if _age(path) >= seconds:
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _listed(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
    """What is in a folder; nothing where there is none."""
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        yield iter(())
        return
    with entries:
        yield entries


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _sync(folder: Path) -> None:
    """Wait until the names in a folder have reached the disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
