"""Locks between the processes that write to a collection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from simulation.archive.store import Place
from simulation.errors import ArchiveError


@contextmanager
def packing(collection: Place) -> Iterator[None]:
    """Held while a collection is packed. ArchiveError: another process packs it."""
    try:
        with collection.store.lock((collection / ".packing").key, wait=False):
            yield
    except BlockingIOError as error:
        raise ArchiveError(
            f"{collection.name} is being packed by another process.",
            subject=collection.name,
            remedy="Wait until that one has ended.",
        ) from error


def replacing(collection: Place) -> AbstractContextManager[None]:
    """Held for the moment in which archived runs are replaced, by a pack or by being made again."""
    return collection.store.lock((collection / ".replacing").key, wait=True)
