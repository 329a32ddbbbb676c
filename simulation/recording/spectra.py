"""Eigenvalues of the Hessian at snapshots, solved beside the training.

The curves need not wait for what may take longer than all steps of a short run. Rows are written
in the order of their steps; only whoever looks at a run in progress sees that one is still to come.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any, TypeVar

from simulation.metrics.curvature import Curvature
from simulation.recording import Rows

T = TypeVar("T")
Columns = dict[str, Any]

GRACE_SECONDS = 0.5
"""What a run that is ended before its time waits for eigenvalues that are being solved."""
ENDED = "the run was ended before these eigenvalues were solved"

_turn = threading.Lock()


def beside(work: Callable[[], T]) -> Future[T]:
    """Do `work` in a thread, which ends with its process if need be.

    Of all there is in a process one is done at a time: a large matrix takes much memory.
    """
    future: Future[T] = Future()
    threading.Thread(target=_do, args=(work, future), name="beside", daemon=True).start()
    return future


def _do(work: Callable[[], T], future: Future[T]) -> None:
    with _turn:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)


@dataclass(frozen=True)
class _Row:
    columns: Columns
    spectrum: Future[Curvature] | None


class SnapshotRows:
    """The rows of the `snapshots` table, written to it once their eigenvalues are known."""

    def __init__(self, writer: Rows) -> None:
        self._writer = writer
        self._rows: deque[_Row] = deque()

    @property
    def unsolved(self) -> int:
        """Snapshots whose eigenvalues are still to come."""
        return sum(row.spectrum is not None for row in self._rows)

    def add(self, columns: Columns, solve: Callable[[], Curvature] | None) -> None:
        """A row, and what gives its eigenvalues; None where none are asked for."""
        self._rows.append(_Row(columns, None if solve is None else beside(solve)))
        self.write()

    def write(self) -> None:
        """Write what is known, up to the first row that is not; raises what went wrong there."""
        while self._rows and _is_known(self._rows[0]):
            row = self._rows.popleft()
            self._write(row.columns, None if row.spectrum is None else row.spectrum.result())

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the next unsolved row, at most so long."""
        wait([row.spectrum for row in self._rows if row.spectrum is not None][:1], seconds)
        self.write()

    def leave(self) -> None:
        """Write all rows, those that stay unsolved within `GRACE_SECONDS` with a note."""
        deadline = time.monotonic() + GRACE_SECONDS
        while self.unsolved and (left := deadline - time.monotonic()) > 0:
            self.wait(left)
        for row in self._rows:
            columns = row.columns
            if row.spectrum is not None:
                row.spectrum.cancel()
                columns = columns | {"hessian_note": ENDED}
            self._write(columns, None)
        self._rows.clear()

    def _write(self, columns: Columns, spectrum: Curvature | None) -> None:
        if spectrum is not None:
            columns = columns | _curvature(spectrum)
            if spectrum.eigenvalues is not None:
                self._writer.append(
                    "spectra",
                    step=columns["step"],
                    eigenvalues=spectrum.eigenvalues.reshape(1, -1),
                    exact_zeros=spectrum.exact_zeros,
                )
        self._writer.append("snapshots", **columns)


def _is_known(row: _Row) -> bool:
    return row.spectrum is None or row.spectrum.done()


def _curvature(spectrum: Curvature) -> Columns:
    return {
        "hessian_trace": spectrum.trace,
        "hessian_largest": spectrum.largest,
        "hessian_log_sum": spectrum.log_sum,
        "positive_eigenvalue_fraction": spectrum.positive_fraction,
        "relative_positive_eigenvalue_fraction": spectrum.relative_positive_fraction,
        "hessian_exact_zeros": spectrum.exact_zeros,
        "hessian_note": spectrum.reason or None,
    }
