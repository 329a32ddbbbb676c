"""The runs in progress of an archive, see `running` for where they are and `spool` for one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulation.archive.running import RUNNING
from simulation.archive.spool import LEAVING, NEW, TAKEN, Spool

_LEFTOVER_SECONDS = 60.0


class Spools:
    """Those below `folder`, which has a folder a collection."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, collection: str, run_id: str, record: dict[str, Any]) -> Spool:
        """Claim a run; AlreadyRunning when someone holds it in this collection."""
        return Spool.create(self._folder / collection / RUNNING, run_id, record)

    def collections(self) -> list[str]:
        """Those in which there are runs in progress, or were."""
        return sorted(path.parent.name for path in self._folder.glob(f"[!.]*/{RUNNING}"))

    def of(self, collection: str) -> Iterator[tuple[str, Spool]]:
        """Every run in progress of a collection, by run id."""
        running = self._folder / collection / RUNNING
        for folder in sorted(running.iterdir()) if running.is_dir() else ():
            if folder.name.startswith(TAKEN):
                yield folder.name.removeprefix(TAKEN).split("-")[0], Spool(folder)
            elif not folder.name.startswith("."):
                yield folder.name, Spool(folder)

    def find(self, run_id: str, collection: str) -> Spool | None:
        """The spool of a run, also while it is being taken over."""
        running = self._folder / collection / RUNNING
        places = [running / run_id, *running.glob(f"{TAKEN}{run_id}-*")]
        return next((Spool(place) for place in places if place.is_dir()), None)

    def find_all(self, run_id: str) -> list[tuple[str, Spool]]:
        """The spool of a run in each collection where there is one, with the collection."""
        found = [(name, self.find(run_id, name)) for name in self.collections()]
        return [(name, spool) for name, spool in found if spool is not None]

    def sweep(self, collection: str) -> None:
        """Delete folders that a process left when it died while creating or removing a spool."""
        running = self._folder / collection / RUNNING
        for prefix in (LEAVING, NEW):
            for folder in running.glob(f"{prefix}*"):
                if time.time() - folder.stat().st_mtime > _LEFTOVER_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
