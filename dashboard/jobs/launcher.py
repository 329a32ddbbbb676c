"""Who computes live runs, as pages know it."""

from __future__ import annotations

from typing import Protocol

from dashboard.jobs.worker import RunEnd
from simulation.config import RunConfig
from simulation.errors import DriftscapeError


class QueueFull(DriftscapeError):
    """No more runs can wait; `remedy` says what to do."""


class Launcher(Protocol):
    """Who computes live runs."""

    def launch(self, config: RunConfig, name: str) -> str:
        """Queue a run, or find the one of this configuration; its id.

        Raises
        ------
        ConfigError : more than this site allows, by field.
        QueueFull : too many wait already.
        ArchiveError : the archive cannot be written (read-only, disk full).
        """

    def is_active(self, run_id: str) -> bool:
        """Whether the run waits or is being computed here."""

    def position(self, run_id: str) -> int | None:
        """Place in the queue, from 1; None when it does not wait here."""

    def cancel(self, run_id: str) -> None:
        """Ask the run to stop; it is killed if it does not within a few seconds."""

    def outcome(self, run_id: str) -> RunEnd | None:
        """What came of a run that ended here not long ago."""
