"""What every page is handed: the settings, the archive and the launcher of live runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dashboard.jobs.launcher import Launcher
from dashboard.settings import Settings
from dashboard.sweeps.table import SweepStore
from simulation.archive import Archive


@dataclass(frozen=True)
class Services:
    settings: Settings
    archive: Archive
    launcher: Launcher

    @cached_property
    def sweeps(self) -> SweepStore:
        """Collections as tables in memory, shared by the pages that show them."""
        return SweepStore(self.archive)
