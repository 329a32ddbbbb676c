"""A store in memory made of what object stores have: it proves that the protocol asks no more.

Single objects are put, copied and deleted; names are listed. There are no folders and no renaming.
"""

from __future__ import annotations

import errno
import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import PurePath, PurePosixPath
from typing import IO

import pyarrow as pa

from simulation.archive.store import State
from simulation.errors import ArchiveError
from tests.simulation.dying import Death, Killed

_HIDDEN = ":hidden"
_LOOK_SECONDS = 0.001


@dataclass(frozen=True)
class Item:
    """An object, as it was put once."""

    content: bytes
    tag: int
    changed_ns: int


class Bucket:
    """What the service does: each method is one step, and a process may die before any.

    Attributes
    ----------
    before_change : called before a step that changes something; what it raises prevents it.
    lives : grows when a process dies, so that its locks are known to be nobody's.
    """

    def __init__(self) -> None:
        self.before_change: Callable[[], None] = lambda: None
        self.lives = 0
        self._items: dict[str, Item] = {}
        self._tags = 0
        self._lock = threading.Lock()

    def put(self, key: str, content: bytes, *, if_absent: bool = False) -> None:
        """FileExistsError: it is not absent."""
        self.before_change()
        with self._lock:
            if if_absent and key in self._items:
                raise FileExistsError(key)
            self._tags += 1
            self._items[key] = Item(content, self._tags, time.time_ns())

    def get(self, key: str) -> Item:
        try:
            return self._items[key]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), key) from None

    def date(self, key: str, changed_ns: int) -> None:
        """Copy it onto itself."""
        self.before_change()
        with self._lock:
            self._items[key] = replace(self.get(key), changed_ns=changed_ns)

    def delete(self, key: str) -> None:
        self.before_change()
        with self._lock:
            self._items.pop(key, None)

    def list(self, prefix: str) -> list[str]:
        with self._lock:
            return [key for key in self._items if key.startswith(prefix)]


class BucketStore:
    """See `Store`."""

    writable = True

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def path(self, key: str) -> PurePath:
        return PurePosixPath("bucket") / key

    def folders(self, folder: str) -> list[str]:
        below = self._below(folder)
        hidden = {name.removesuffix(_HIDDEN) for name in self._below(folder)}  # asked for after
        return list({name.split("/")[0] for name in below if "/" in name} - hidden)

    def files(self, folder: str) -> Iterator[tuple[str, int]]:
        for name in self._below(folder):
            if "/" not in name and not name.endswith(_HIDDEN):
                try:
                    yield name, self._bucket.get(_join(folder, name)).tag
                except FileNotFoundError:
                    continue

    def _below(self, folder: str) -> list[str]:
        prefix = _join(folder, "")
        return [key.removeprefix(prefix) for key in self._bucket.list(prefix)]

    def stamp(self, folder: str) -> int | None:  # noqa: ARG002
        return None

    def state(self, key: str) -> State:
        item = self._bucket.get(key)
        return State(item.tag, item.changed_ns, len(item.content))

    def age(self, key: str) -> float:
        return (time.time_ns() - self._bucket.get(key).changed_ns) / 1e9

    def open(self, key: str) -> pa.NativeFile:
        return pa.BufferReader(self._bucket.get(key).content)

    @contextmanager
    def write(self, key: str, *, durable: bool) -> Iterator[IO[bytes]]:  # noqa: ARG002
        file = io.BytesIO()
        yield file
        self._bucket.put(key, file.getvalue())

    def delete(self, key: str) -> None:
        self._bucket.delete(key)

    def touch(self, key: str) -> None:
        self._bucket.date(key, time.time_ns())

    def publish(self, draft: str, folder: str) -> None:
        if self._bucket.list(_join(folder, "")):
            raise ArchiveError(f"There is {folder} already.")
        self._bucket.put(folder + _HIDDEN, b"")
        for name in self._below(draft):
            self._bucket.put(_join(folder, name), self._bucket.get(_join(draft, name)).content)
        self._bucket.delete(folder + _HIDDEN)
        self.withdraw(draft)

    def withdraw(self, folder: str) -> None:
        if not self._bucket.list(_join(folder, "")):
            return
        self._bucket.put(folder + _HIDDEN, b"")
        self._remove(folder)

    def _remove(self, folder: str) -> None:
        for key in self._bucket.list(_join(folder, "")):
            self._bucket.delete(key)
        self._bucket.delete(folder + _HIDDEN)

    @contextmanager
    def lock(self, key: str, *, wait: bool) -> Iterator[None]:
        while True:
            try:
                self._bucket.put(key, str(self._bucket.lives).encode(), if_absent=True)
                break
            except FileExistsError:
                if self._is_left_behind(key):
                    self._bucket.delete(key)
                elif wait:
                    time.sleep(_LOOK_SECONDS)
                else:
                    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), key) from None
        try:
            yield
        finally:
            self._bucket.delete(key)

    def _is_left_behind(self, key: str) -> bool:
        """Whether the process that took a lock is dead: for who cannot know, a lease runs out."""
        try:
            return int(self._bucket.get(key).content) < self._bucket.lives
        except FileNotFoundError:
            return False

    def sweep(self, folder: str, name: str = "", seconds: float = 0) -> None:
        for below in [] if name else self._below(folder):
            key = _join(folder, below)
            if "/" not in below and below.endswith(_HIDDEN) and self.age(key) >= seconds:
                self._remove(key.removesuffix(_HIDDEN))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


@contextmanager
def bucket_dying(bucket: Bucket, death: Death) -> Iterator[Death]:
    """The block ends with its process, before the change of the bucket that death lets not be."""
    bucket.before_change = death.attempt
    try:
        with suppress(Killed):
            yield death
    finally:
        bucket.before_change = lambda: None
        bucket.lives += death.happened
