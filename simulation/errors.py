"""Every error a user can meet: it names the thing, says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class DriftscapeError(Exception):
    """Base of all errors shown to a user.

    Attributes
    ----------
    subject : the thing that is wrong: a run id, a field, a path.
    remedy : what the user can do about it, one sentence.
    """

    def __init__(self, message: str, *, subject: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of a configuration."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ConfigError(DriftscapeError):
    """A configuration that cannot be run; `problems` lists every field at fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(map(str, self.problems)) + ".",
            subject=", ".join(problem.path for problem in self.problems),
        )


class ArchiveError(DriftscapeError):
    """An archive, or one of its files, that cannot be used."""


class MalformedRunId(ArchiveError):
    """A text that cannot be the id of any run."""


class UnknownRun(ArchiveError):
    """No archive holds a run of this id."""


class UnknownCollection(ArchiveError):
    """The archive has no collection of this name."""


class SchemaVersionError(ArchiveError):
    """The archive was written with another version of the schema."""


class StorageFull(ArchiveError):
    """The disk that holds the archive has no room left."""


class AlreadyRunning(ArchiveError):
    """Somebody is computing the run of this id right now."""


class NotRecorded(DriftscapeError):
    """The quantity was not measured in this run; `message` says why."""
