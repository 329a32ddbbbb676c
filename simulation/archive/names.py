"""Names that may become part of a key: those of runs and collections."""

from __future__ import annotations

import re

from simulation.config import RUN_ID_LENGTH
from simulation.errors import ArchiveError, MalformedRunId

_RUN_ID = re.compile(rf"[0-9a-f]{{{RUN_ID_LENGTH}}}")
_COLLECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def check_run_id(run_id: str) -> str:
    """The run id as it is, if it has the form of one (so it can never point outside a folder)."""
    if not isinstance(run_id, str) or not _RUN_ID.fullmatch(run_id):
        raise MalformedRunId(
            f"{str(run_id)[:60]!r} is not a run id.",
            subject=str(run_id)[:60],
            remedy=f"A run id is {RUN_ID_LENGTH} characters, 0-9 and a-f.",
        )
    return run_id


def check_collection(name: str) -> str:
    """The collection's name as it is, if it can be a folder of the archive."""
    if not _COLLECTION.fullmatch(name):
        raise ArchiveError(
            f"{name[:60]!r} cannot be the name of a collection.",
            subject=name[:60],
            remedy="Use letters, digits, - and _, at most 64, a letter or digit first.",
        )
    return name
