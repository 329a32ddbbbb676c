"""A run as its readers see it: the same object whether archived or still in progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulation.archive.blocks import RunFiles, read_matrix
from simulation.archive.spool import Spool
from simulation.archive.status import Progress, Status
from simulation.config import RunConfig
from simulation.errors import ArchiveError, NotRecorded
from simulation.models import model_of

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class RateMaps:
    """Rate maps of all units at one step.

    Attributes
    ----------
    maps : (H, K) float32, mean activity in each place of `Run.places(source)`; NaN: not visited.
    spatial_information : (H,) bits; NaN for a silent unit, and without a position.
    """

    step: int
    source: str
    maps: NDArray[np.float32]
    spatial_information: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SpectrumRow:
    """Hessian eigenvalues at one step.

    Attributes
    ----------
    eigenvalues : (A,) ascending, of the active units' parameters.
    exact_zeros : how many further eigenvalues are exactly 0.
    """

    step: int
    eigenvalues: NDArray[np.float64]
    exact_zeros: int


class Run:
    """One run: what was asked, how it went, and what was recorded.

    Every method reads this run's bytes only. A run in progress answers with what has been
    flushed so far; ask again for more. Once it has ended the same object reads the archived run,
    wherever it is kept by then.

    Attributes
    ----------
    run_id, collection, name, config : who it is.
    """

    def __init__(
        self,
        record: dict[str, Any],
        files: RunFiles,
        spool: Spool | None,
        reopen: Callable[[], Run],
    ) -> None:
        self._record, self._files, self._spool, self._reopen = record, files, spool, reopen
        self.run_id: str = record["run_id"]
        self.collection: str = record["collection"]
        self.name: str = record["name"] or ""
        self.config = config_of(record["config_json"])

    def __repr__(self) -> str:
        return f"<Run {self.run_id} {self._record['status']}>"

    @property
    def record(self) -> dict[str, Any]:
        """The row of the runs table; of a run in progress, what is known of it so far."""
        self._refresh()
        return self._record

    @property
    def status(self) -> Status:
        return Status(self.record["status"])

    @property
    def progress(self) -> Progress | None:
        """How far it has come; None once it has ended."""
        record = self.record
        return Progress(**record["progress"]) if Status(record["status"]).in_progress else None

    @property
    def reasons(self) -> dict[str, str]:
        """Why values of the record are null, by column."""
        return dict(json.loads(self.record.get("reasons_json") or "{}"))

    def _refresh(self) -> None:
        if self._spool is None or not Status(self._record["status"]).in_progress:
            return
        try:
            record = self._spool.read_record()
            gone = self._spool.is_dead()
        except FileNotFoundError:
            gone = True
        if gone:
            self._become(self._reopen())
        else:
            self._record = record

    def _become(self, other: Run) -> None:
        self._record, self._files, self._spool = other._record, other._files, other._spool

    def _read(self, read: Callable[[RunFiles], T]) -> T:
        try:
            return read(self._files)
        except FileNotFoundError:  # archived, packed or replaced since it was opened
            self._become(self._reopen())
        try:
            return read(self._files)
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{error.filename} is missing.",
                subject=self.run_id,
                remedy="Restore it from a copy, or run the configuration again.",
            ) from error

    def _frame(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        rows = self._read(lambda files: files.read(table))
        return (rows if columns is None else rows.select(list(columns))).to_pandas()

    def curves(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Loss, activity and spatial information at every recording, by `step`."""
        return self._frame("curves", columns)

    def snapshots(self) -> pd.DataFrame:
        """Decoding error and curvature at every snapshot, by `step`."""
        return self._frame("snapshots")

    def snapshot_steps(self) -> NDArray[np.int64]:
        """Steps at which rate maps and weights were recorded."""
        keys = self._read(lambda files: files.keys("weights"))
        return np.array([step for (step,) in keys], np.int64)

    def sources(self) -> list[str]:
        """Which rate maps there are: evaluation, training, samples."""
        keys = self._read(lambda files: files.keys("rate_maps"))
        return list(dict.fromkeys(source for _, source in keys))

    def rate_maps(self, step: int, source: str) -> RateMaps:
        """The maps of one snapshot. NotRecorded: no such snapshot or source."""
        rows = self._block("rate_maps", (int(step), source), f"{source} rate maps")
        information = rows["spatial_information_bits"].to_numpy()
        return RateMaps(int(step), source, read_matrix(rows["rate_map"]), information)

    def places(self, source: str) -> pd.DataFrame:
        """What the columns of a rate map stand for: bin, position, direction, occupancy."""
        places = self._frame("places")
        return places[places["source"] == source].reset_index(drop=True)

    def correlations(self) -> pd.DataFrame:
        """Correlations between every two snapshots, step_a <= step_b."""
        return self._frame("correlations")

    def probes(self) -> pd.DataFrame:
        """Loss and remapping in morphed scenery, by `step` and `morph`; empty: not recorded."""
        return self._frame("probes")

    def spectrum_steps(self) -> NDArray[np.int64]:
        """Steps at which all Hessian eigenvalues were recorded."""
        keys = self._read(lambda files: files.keys("spectra"))
        return np.array([step for (step,) in keys], np.int64)

    def spectrum(self, step: int) -> SpectrumRow:
        """Hessian eigenvalues of one snapshot. NotRecorded: `message` says why."""
        rows = self._block("spectra", (int(step),), "Hessian eigenvalues")
        eigenvalues = read_matrix(rows["eigenvalues"])[0]
        return SpectrumRow(int(step), eigenvalues, rows["exact_zeros"][0].as_py())

    def centroids(self) -> pd.DataFrame:
        """Centroids of every unit's tuning, by `step` and `source`; may be empty."""
        return self._frame("centroids")

    def weights(self, step: int) -> Any:
        """The network at one snapshot, in the precision it was trained in: its model's state."""
        rows = self._block("weights", (int(step),), "Weights")
        columns = {
            field.name: read_matrix(rows[field.name])
            for field in rows.schema
            if pa.types.is_list(field.type) and not rows[field.name].null_count
        }
        return model_of(self.config).restored(int(step), columns)

    def _block(self, table: str, key: tuple[Any, ...], what: str) -> Any:
        rows = self._read(lambda files: files.read_block(table, key))
        if rows is None:
            raise NotRecorded(
                f"{what} were not recorded at step {key[0]:,} of run {self.run_id}"
                f"{self._why(table, key[0])}.",
                subject=self.run_id,
                remedy="Choose one of the recorded steps.",
            )
        return rows

    def _why(self, table: str, step: int) -> str:
        if table != "spectra":
            return ""
        snapshots = self.snapshots()
        notes = snapshots.loc[snapshots["step"] == step, "hessian_note"].dropna()
        return f": {notes.iloc[0].rstrip('.')}" if len(notes) else ""


def config_of(config_json: str) -> RunConfig:
    """The configuration behind its canonical text."""
    values = json.loads(config_json)
    values.pop("schema", None)
    return RunConfig.recorded(values)
