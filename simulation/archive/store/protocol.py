"""What an archive asks of the place that keeps it.

A store maps keys such as `paper/curves/03c1e6b42ca7.parquet` to contents. The folders of a key are
part of its name and nothing else: writing makes them. `LocalStore` is a folder of this machine; the
operations are few and weak enough for an object store (S3 with conditional writes) as well. Why
they are what they are:

- A file is written whole or not at all and never appended to: objects are put.
- Reading is by range, since a run is read from the row groups that hold it.
- A file is recognized by a `version` that comes with listing, since asking for each takes longest:
  an inode, or the hash of an ETag. `stamp` lets a listing be saved where a store can tell that
  nothing has changed, and may always answer None.
- Nothing is renamed but for one thing. The files of a pack come and go together, which no order of
  single writes can do: `publish` and `withdraw` say so in as many words. Where folders cannot be
  renamed, an object beside a folder says that it does not count: it is put before the first file
  is copied and deleted after the last (in reverse to withdraw), and `folders` leaves such out.
- No operation asks for 'put if absent' alone: that is what an object store makes `lock` of, with
  a lease that its holder renews, since there nobody lets go of a lock for a process that died.
- Clocks are the store's own: ages are compared with its time, never with that of a reader.
- What a process leaves behind when it dies (temporary files, uploads without an end, folders that
  were being withdrawn) is the store's secret; `sweep` removes it.

What is not kept in a store: runs in progress, see `spool`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import PurePath
from typing import IO, NamedTuple, Protocol

import pyarrow as pa


class State(NamedTuple):
    """Tells a file from any that was, or will be, at its key.

    Attributes
    ----------
    version : as in `Store.files`.
    changed_ns : when it was written, ns.
    size : bytes.
    """

    version: int
    changed_ns: int
    size: int


class Store(Protocol):
    """Used by several threads and processes at once.

    Errors of writing are ArchiveError, StorageFull where there is no room. To read what is not
    there is FileNotFoundError; other errors of reading are OSError.
    """

    @property
    def writable(self) -> bool:
        """Whether it lets us write."""

    def path(self, key: str) -> PurePath:
        """What a reader of a message knows a key by."""

    def folders(self, folder: str) -> list[str]:
        """Names of the folders directly in a folder; none where there is no such folder.

        Those that are being published are not among them, those withdrawn no longer. One whose
        files were deleted one by one may still be.
        """

    def files(self, folder: str) -> Iterator[tuple[str, int]]:
        """Names of the files directly in a folder, and their versions, in any order.

        A file that is replaced has another version; that of an earlier one may come back.
        """

    def stamp(self, folder: str) -> int | None:
        """Another number once files or folders came, went or were replaced directly in a folder.

        0 where there is none; None: that cannot be told, or not now.
        """

    def state(self, key: str) -> State:
        """Of a file."""

    def age(self, key: str) -> float:
        """Seconds since a file was written or touched."""

    def open(self, key: str) -> pa.NativeFile:
        """A file to read, by range. Whoever has it open reads it to its end, whatever comes."""

    def write(self, key: str, *, durable: bool) -> AbstractContextManager[IO[bytes]]:
        """A file to write. It is there, in place of an earlier one, once the block has ended well.

        `durable` waits until it survives a power cut.
        """

    def delete(self, key: str) -> None:
        """Remove a file, if it is there."""

    def touch(self, key: str) -> None:
        """Make a file young again, its content and version as they were. FileNotFoundError."""

    def publish(self, draft: str, folder: str) -> None:
        """Make the files of a folder those of another, which is not there yet, durably.

        `folders` has the whole of it or nothing.
        """

    def withdraw(self, folder: str) -> None:
        """Remove a folder with its files: for `folders` at once, for those who open a file soon."""

    def lock(self, key: str, *, wait: bool) -> AbstractContextManager[None]:
        """Held by one at a time, until the block or the process ends. The key is the lock's alone.

        BlockingIOError: another holds it, and we do not `wait`.
        """

    def sweep(self, folder: str, name: str = "", seconds: float = 0) -> None:
        """Remove what dead processes left of writing (`name`, or all) and withdrawing in a folder.

        Only what is older: to be called with `seconds` beyond what any of it takes, or by who
        knows that none is under way.
        """
