"""Errors of writing, with a remedy."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from simulation.errors import ArchiveError, StorageFull

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def write_errors(path: PurePath) -> Iterator[None]:
    """Turn the system's write errors into ours, naming `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"No room left on the disk to write {path}.",
                subject=str(path),
                remedy="Free some space, then start the run again; what was recorded is kept.",
            ) from error
        raise ArchiveError(
            f"Cannot write {path}: {error.strerror or error}.",
            subject=str(path),
            remedy="Check that the folder exists and that you may write there.",
        ) from error
