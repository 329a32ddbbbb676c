"""`archive.json`: what makes a folder an archive, and of which schema."""

from __future__ import annotations

from pathlib import Path

from simulation.archive import files
from simulation.errors import ArchiveError, SchemaVersionError

FORMAT = "driftscape-archive"
SCHEMA_VERSION = 1
"""Changes when an older reader would misread a newer file; a column more does not change it."""

_NAME = "archive.json"
_REMEDY = "Point DRIFTSCAPE_ARCHIVE (or --archive) at one; `python -m simulation run` makes one."


def make_archive(path: Path) -> None:
    """Make `path` an empty archive, unless it is an archive already."""
    marker = path / _NAME
    if marker.exists():
        return
    with files.write_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    files.write_json(marker, {"format": FORMAT, "schema_version": SCHEMA_VERSION})


def check_archive(path: Path) -> None:
    """Raise ArchiveError if `path` is no archive, SchemaVersionError if it is of another schema."""
    marker = path / _NAME
    try:
        about = files.read_json(marker)
    except (FileNotFoundError, NotADirectoryError):
        raise ArchiveError(
            f"{path} is not an archive: it has no {_NAME}.", subject=str(path), remedy=_REMEDY
        ) from None
    if about.get("format") != FORMAT:
        raise ArchiveError(
            f"{marker} does not describe an archive.", subject=str(path), remedy=_REMEDY
        )
    version = about.get("schema_version")
    if version != SCHEMA_VERSION:
        raise SchemaVersionError(
            f"{path} has schema version {version}; this Driftscape reads version {SCHEMA_VERSION}.",
            subject=str(path),
            remedy="Open it with the Driftscape that wrote it, or run its configurations again.",
        )
