"""What every page is handed: the settings, the archive and the launcher of live runs."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.launcher import Launcher
from dashboard.settings import Settings
from simulation.archive import Archive


@dataclass(frozen=True)
class Services:
    settings: Settings
    archive: Archive
    launcher: Launcher
