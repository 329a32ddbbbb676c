"""`archive.json`: what makes a folder an archive, and of which schema."""

from __future__ import annotations

from simulation.archive import files
from simulation.archive.store import Place
from simulation.errors import ArchiveError, SchemaVersionError

FORMAT = "driftscape-archive"
SCHEMA_VERSION = 1
"""Changes when an older reader would misread a newer file; a column more does not change it."""

_NAME = "archive.json"
_REMEDY = "Point DRIFTSCAPE_ARCHIVE (or --archive) at one; `python -m simulation run` makes one."


def make_archive(archive: Place) -> None:
    """Make it an empty archive, unless it is an archive already."""
    marker = archive / _NAME
    if not marker.exists():
        files.write_json(marker, {"format": FORMAT, "schema_version": SCHEMA_VERSION})


def check_archive(archive: Place) -> None:
    """Raise ArchiveError if it is no archive, SchemaVersionError if it is of another schema."""
    marker = archive / _NAME
    try:
        about = files.read_json(marker)
    except (FileNotFoundError, NotADirectoryError):
        raise ArchiveError(
            f"{archive} is not an archive: it has no {_NAME}.", subject=str(archive), remedy=_REMEDY
        ) from None
    if about.get("format") != FORMAT:
        raise ArchiveError(
            f"{marker} does not describe an archive.", subject=str(archive), remedy=_REMEDY
        )
    version = about.get("schema_version")
    if version != SCHEMA_VERSION:
        raise SchemaVersionError(
            f"{archive} has schema version {version}; "
            f"this Driftscape reads version {SCHEMA_VERSION}.",
            subject=str(archive),
            remedy="Open it with the Driftscape that wrote it, or run its configurations again.",
        )
