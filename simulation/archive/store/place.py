"""A place in a store: a folder or a file, used like a path."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

import pyarrow as pa

from simulation.archive.store.protocol import State, Store


@dataclass(frozen=True, slots=True)
class Place:
    """What `key` names in `store`; '' is the store as a whole."""

    store: Store
    key: str = ""

    def __truediv__(self, name: str) -> Place:
        return Place(self.store, f"{self.key}/{name}" if self.key else name)

    def __str__(self) -> str:
        return str(self.path)

    @property
    def name(self) -> str:
        """The last part of its key."""
        return self.key.rsplit("/", 1)[-1]

    @property
    def parent(self) -> Place:
        """The folder that it is in."""
        return Place(self.store, self.key.rpartition("/")[0])

    @property
    def path(self) -> PurePath:
        """What a reader of a message knows it by."""
        return self.store.path(self.key)

    def folders(self) -> list[Place]:
        """The folders in this folder, by name; but for those that begin with a dot."""
        names = sorted(name for name in self.store.folders(self.key) if not name.startswith("."))
        return [self / name for name in names]

    def names(self, ending: str = "") -> list[str]:
        """The files in this folder that end so, without that ending, by name."""
        names = (name for name, _ in self.store.files(self.key))
        return sorted(name[: len(name) - len(ending)] for name in names if name.endswith(ending))

    def state(self) -> State:
        """See `Store.state`."""
        return self.store.state(self.key)

    def exists(self) -> bool:
        """Whether this file is there."""
        try:
            self.store.state(self.key)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def read(self) -> bytes:
        """All of this file."""
        with self.open() as file:
            return bytes(file.read())

    def open(self) -> pa.NativeFile:
        """See `Store.open`."""
        return self.store.open(self.key)

    def write(self, *, durable: bool = True) -> AbstractContextManager[IO[bytes]]:
        """See `Store.write`."""
        return self.store.write(self.key, durable=durable)

    def delete(self) -> None:
        """Remove this file, if it is there."""
        self.store.delete(self.key)
