"""An archive of runs: collections, each a few tables, a file of each a run or pack."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.archive.blocks import RunFiles, run_files
from simulation.archive.catalog import Catalog
from simulation.archive.export import export_run
from simulation.archive.finding import Finding
from simulation.archive.layout import Archived, find_run
from simulation.archive.liveness import owner
from simulation.archive.names import check_collection, check_run_id
from simulation.archive.reader import Run, config_of
from simulation.archive.spool import Spool
from simulation.archive.spools import Spools
from simulation.archive.status import Status
from simulation.archive.store import LocalStore, Store
from simulation.archive.verify import verify_collection
from simulation.archive.writer import RunWriter, new_record
from simulation.config import RunConfig
from simulation.errors import AlreadyRunning, ArchiveError, UnknownCollection, UnknownRun

if TYPE_CHECKING:
    from simulation.archive.packing import Packed

log = logging.getLogger(__name__)


class Archive(Catalog):
    """Opened with `Archive.open`; safe to use from several processes and threads at once.

    Parameters
    ----------
    store : where it is kept: a folder, or something else that does what `Store` says.
    running : folder of the runs in progress, see `running`; None: the archive's own, if it is one.

    Attributes
    ----------
    recover_elsewhere : has the runs of dead processes archived by another process, and returns
        when that is done or cannot be done now; None: they are archived here, as they are met.
    """

    def __init__(self, store: Store | Path, running: Path | None = None) -> None:
        super().__init__(store)
        if running is None and not isinstance(self.root.store, LocalStore):
            raise ArchiveError(
                f"{self.path} is no folder of this machine.",
                subject=str(self.path),
                remedy="Name one for its runs in progress.",
            )
        self._spools = Spools(running or self.path)
        self.recover_elsewhere: Callable[[], None] | None = None

    def running(self) -> list[Run]:
        """Runs queued or running, oldest first; what dead processes left is archived first."""
        runs = []
        for collection in self._spools.collections():
            for run_id, spool in self._spools.of(collection):
                try:
                    run = self._look(collection, run_id, spool)
                except ArchiveError as error:  # one damaged record hides no other run
                    log.warning("%s", error)
                    continue
                if run is not None and run.status.in_progress:
                    runs.append(run)
        return sorted(runs, key=lambda run: str(run.record["created_at"]))

    def open_run(self, run_id: str) -> Run:
        """The run of this id, in progress or archived.

        Raises
        ------
        UnknownRun : no such run here.
        ArchiveError : not a run id, or its files are damaged.
        """
        check_run_id(run_id)
        for collection, spool in self._spools.find_all(run_id):
            if run := self._look(collection, run_id, spool):
                return run
        found = self._archived(run_id)
        return Run(
            found.row | {"collection": found.collection.name},
            run_files(found),
            None,
            lambda: self.open_run(run_id),
        )

    def children(self, run_id: str) -> list[Run]:
        """Runs that start from a snapshot of this one, oldest first, those in progress last."""
        rows = self.query(["run_id"], where=[("parent.run", "==", run_id)])
        found = {known: self.open_run(known) for known in rows["run_id"].to_pylist()}
        running = (run for run in self.running() if run.config.parent.run == run_id)
        return list((found | {run.run_id: run for run in running}).values())

    def writer(self, config: RunConfig, *, collection: str, name: str) -> RunWriter:
        """Queue a run: nobody else can until it has ended. AlreadyRunning when someone did."""
        check_collection(collection)
        for other, spool in self._spools.find_all(config.run_id):
            if self._look(other, config.run_id, spool) is not None:
                raise AlreadyRunning(
                    f"Run {config.run_id} is in progress already.",
                    subject=config.run_id,
                    remedy="Watch that one, or cancel it and start again once it has ended.",
                )
        record = new_record(config, collection, name)
        spool = self._spools.create(collection, config.run_id, record)
        return self._writer(spool, record)

    def adopt(self, run_id: str) -> RunWriter:
        """Write a run in progress from this process on, in place of the one that did so far.

        For a queued run that was handed over, or to end one whose process is known to be gone.

        Raises
        ------
        UnknownRun : the run is not in progress.
        """
        check_run_id(run_id)
        for _, spool in self._spools.find_all(run_id):
            if spool.folder.name != run_id:  # it is being archived
                continue
            try:
                record = spool.read_record() | {"owner": owner()}
                spool.write_record(record)
            except FileNotFoundError:
                continue
            return self._writer(spool, record)
        raise UnknownRun(f"Run {run_id} is not in progress.", subject=run_id)

    def request_cancel(self, run_id: str) -> None:
        """Ask a run in progress to stop; it ends as cancelled. Without effect once it has ended."""
        check_run_id(run_id)
        for _, spool in self._spools.find_all(run_id):
            spool.request_cancel()
            return
        self.open_run(run_id)

    def verify(self) -> list[Finding]:
        """Every run checked: files there, digests right, ids true. Empty: all is well.

        Runs whose process died are archived first, and what dead writers left is swept up.
        """
        self.running()
        findings: list[Finding] = []
        for collection in self._spools.collections() if self.writable else ():
            self._spools.sweep(collection)
        for name in sorted({*self.collections(), *self._spools.collections()}):
            findings += verify_collection(self.root / name, self._spools)
        return findings

    def export(self, run_id: str, to: str | Path) -> Path:
        """Copy one archived run into the archive at `to` (made if need be); returns that path."""
        run = self.open_run(run_id)
        if run.status.in_progress:
            raise ArchiveError(
                f"Run {run_id} is still in progress.",
                subject=run_id,
                remedy="Export it once it has ended.",
            )
        target = Archive.open(to, create=True)
        if target.path.resolve() == self.path.resolve():
            return target.path
        export_run(lambda: self._archived(run_id), target.root)
        return target.path

    def pack(self, collection: str, tell: Callable[[int, int], None]) -> Packed:
        """Let the runs of a collection share their files, which then take less room.

        What can be asked of the runs stays the same. `tell` hears how many of how many are done.

        Raises
        ------
        UnknownCollection : not in this archive.
        ArchiveError : it cannot be written, or another process packs it.
        """
        from simulation.archive.packing import pack_collection

        if collection not in (known := self.collections()):
            raise UnknownCollection(
                f"No collection {collection!r} in {self.path}.",
                subject=collection,
                remedy=f"There are: {', '.join(known) or 'none'}.",
            )
        if not self.writable:
            raise ArchiveError(
                f"{self.path} is read-only.",
                subject=str(self.path),
                remedy="Pack a copy of it, or ask for permission to write there.",
            )
        self.running()
        return pack_collection(self.root / collection, self._spools, tell)

    def _archived(self, run_id: str) -> Archived:
        found = find_run(self.root, run_id)
        if found is None:
            raise UnknownRun(
                f"No run {run_id} in {self.path}.",
                subject=run_id,
                remedy="Check the id, or run its configuration to make it.",
            )
        return found

    def _writer(self, spool: Spool, record: dict[str, Any]) -> RunWriter:
        config = config_of(record["config_json"])

        def end(spool: Spool, status: Status, reason: str) -> Run:
            from simulation.archive.ending import end_run  # loads what a run is summarized with

            end_run(self.root, self.root / record["collection"], spool, status, reason)
            return self.open_run(config.run_id)

        return RunWriter(spool, record, config, end)

    def _look(self, collection: str, run_id: str, spool: Spool) -> Run | None:
        """The run in this spool; None when it has been archived meanwhile, or just now by us."""
        try:
            dead = spool.is_dead()
            if dead and self.writable:
                if self.recover_elsewhere is None:
                    from simulation.archive.ending import recover

                    recover(self.root, self.root / collection, run_id, spool)
                else:
                    self.recover_elsewhere()
                survivor = self._spools.find(run_id, collection)
                if survivor is None:
                    return None
                spool = survivor
            record = spool.read_record()
        except FileNotFoundError:
            return None
        if dead:
            status = Status.INTERRUPTED
            record |= {"status": status.value, "status_reason": status.words}
        return Run(record, RunFiles(spool.segments), spool, lambda: self.open_run(run_id))
