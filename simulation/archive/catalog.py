"""The archived runs of an archive as a table: what can be asked without opening any of them.

It loads neither pandas nor what a configuration can be, until that is asked for: to list runs takes
no longer than to read them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from simulation.archive.arrays import no_rows
from simulation.archive.marker import check_archive, make_archive
from simulation.archive.store import LocalStore, Place, Store
from simulation.errors import ArchiveError

if TYPE_CHECKING:
    import pandas as pd

    from simulation.archive.conditions import Condition
    from simulation.archive.index import Index

THUMBNAIL_COLUMNS = (
    "run_id",
    "thumbnail_step",
    "thumbnail_active_units",
    "thumbnail_active_fraction",
    "thumbnail_loss",
    "thumbnail_spatial_information",
)
_ATTEMPTS = 3


class Catalog:
    """Opened with `open`; safe to use from several processes and threads at once.

    Attributes
    ----------
    root : all that is in it.
    path : its folder; what messages call it where it is none.
    writable : whether runs can be added here.
    """

    def __init__(self, store: Store | Path) -> None:
        self.root = Place(LocalStore(store) if isinstance(store, Path) else store)
        self.path = Path(self.root.path)
        self.writable = self.root.store.writable
        self._indexes: dict[str, Index] = {}

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> Self:
        """Open the archive at `path`; `create` makes an empty one where there is none.

        Raises
        ------
        ArchiveError : nothing there, or something else.
        SchemaVersionError : written with another version of the schema.
        """
        store = LocalStore(Path(path))
        if create:
            store.make()
            make_archive(Place(store))
        check_archive(Place(store))
        return cls(store)

    def collections(self) -> list[str]:
        """The names of the collections."""
        return [folder.name for folder in self.root.folders()]

    def counts(self) -> dict[str, int]:
        """How many archived runs each collection has."""
        return {
            folder.name: sum(map(len, self._index(folder).parts()))
            for folder in self.root.folders()
        }

    def runs(
        self,
        columns: Sequence[str] | None = None,
        collection: str | None = None,
        *,
        where: Sequence[Condition] = (),
        newest: int | None = None,
    ) -> pd.DataFrame:
        """Archived runs, one a row, oldest first.

        Thumbnails and JSON are read for the rows of the answer alone, and take longest: of very
        many runs ask for them by `thumbnails`, some at a time.

        Parameters
        ----------
        columns : of the runs table, see `schema.RUNS`, which has their units and meanings; None:
            all. Whole numbers of which some are unknown come as float64 with NaN.
        collection : its runs only.
        where : conditions that must all hold, such as ("noise.update_scale", ">=", 0.01), see
            `conditions.Condition`; not on thumbnails and JSON.
        newest : so many at most, those asked for last.

        Raises
        ------
        KeyError : no such column. ValueError : no such operator, or a value of another kind.
        """
        return self.query(columns, collection, where=where, newest=newest).to_pandas()

    def query(
        self,
        columns: Sequence[str] | None = None,
        collection: str | None = None,
        *,
        where: Sequence[Condition] = (),
        newest: int | None = None,
    ) -> pa.Table:
        """The same as an Arrow table, for which pandas need not be loaded."""
        from simulation.archive.query import select

        names = _all_columns() if columns is None else list(columns)
        asked = {*names, *(name for name, *_ in where)}
        indexes = [self._index(f) for f in self.root.folders() if collection in (None, f.name)]
        for attempt in range(_ATTEMPTS):
            try:
                parts = [part for index in indexes for part in index.parts(asked)]
                return select(parts, names, where, newest) if parts else _no_rows(names)
            except (FileNotFoundError, ArchiveError) as error:
                if attempt == _ATTEMPTS - 1:
                    raise
                if attempt or isinstance(error, ArchiveError):  # a part is damaged
                    for index in indexes:
                        index.rebuild()
                # else another process may just have merged these parts: ask again
        raise AssertionError

    def thumbnails(self, run_ids: Sequence[str], collection: str | None = None) -> pd.DataFrame:
        """Curves of these runs at 100 recordings at most, in the order of `run_ids`.

        Runs that are not archived are left out. `collection`, where known, saves time.

        Returns
        -------
        `run_id`, and the columns `thumbnail_...` of the runs table, an array a run.
        """
        where = [("run_id", "in", run_ids)]
        found = self.runs(THUMBNAIL_COLUMNS, collection, where=where).set_index("run_id")
        known = [run_id for run_id in run_ids if run_id in found.index]
        return found.loc[known].reset_index()

    def state(self, collection: str | None = None) -> str:
        """Names the runs there are now: differs once one was added, replaced or removed."""
        parts = [
            (part.name, sorted(part.dropped), sorted(part.hidden))
            for folder in self.root.folders()
            if collection in (None, folder.name)
            for part in self._index(folder).parts()
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def reindex(self) -> int:
        """Make every index anew from the runs; the number of runs."""
        return sum(self._index(folder).rebuild() for folder in self.root.folders())

    def _index(self, folder: Place) -> Index:
        from simulation.archive.index import Index

        return self._indexes.setdefault(folder.name, Index(folder))


def _all_columns() -> list[str]:
    from simulation.archive.schema import RUNS

    return list(RUNS.schema().names)


def _no_rows(columns: Sequence[str]) -> pa.Table:
    from simulation.archive.schema import RUNS

    return no_rows(RUNS.schema()).select(columns)
