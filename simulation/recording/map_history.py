"""The rate maps of earlier snapshots, and how alike those of a new one are."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from simulation.archive.store import write_errors
from simulation.metrics.population import population_vector_correlation, rate_map_correlation

Maps = NDArray[np.float32]

EARLIER_MAPS_BYTES = 16 * 2**20
"""Memory for the maps of earlier snapshots; further ones wait in a temporary file."""


@dataclass(frozen=True, eq=False)
class _Earlier:
    step: int
    tuned: NDArray[np.bool_]
    maps: Callable[[], Maps]


class MapHistory:
    """Every snapshot so far, to compare the next one with.

    Parameters
    ----------
    share : of `EARLIER_MAPS_BYTES`, where several histories divide it.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._earlier: list[_Earlier] = []
        self._room = share * EARLIER_MAPS_BYTES
        self._file: IO[bytes] | None = None

    def compare(self, step: int, maps: Maps, tuned: NDArray[np.bool_]) -> dict[str, Any]:
        """Columns of the `correlations` table: this snapshot with all so far, itself included.

        Parameters
        ----------
        maps, tuned : (H, K) rate maps, and (H,) which units take part in their correlation.
        """
        self._earlier.append(_Earlier(step, tuned, self._kept(maps)))
        rows = []
        for then in self._earlier:
            earlier = then.maps()
            rows.append(
                (
                    then.step,
                    rate_map_correlation(earlier, maps, then.tuned, tuned),
                    population_vector_correlation(earlier, maps),
                    int(np.sum(then.tuned & tuned)),
                )
            )
        steps, by_map, by_population, tuned_both = zip(*rows, strict=True)
        return {
            "step_a": steps,
            "step_b": step,
            "rate_map_correlation": by_map,
            "population_vector_correlation": by_population,
            "tuned_both": tuned_both,
        }

    def _kept(self, maps: Maps) -> Callable[[], Maps]:
        """What gives these maps back: from memory while there is room, else from the file."""
        self._room -= maps.nbytes
        if self._room >= 0:
            return lambda: maps
        with write_errors(Path(tempfile.gettempdir())):
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 it lives as long as we do
            file, start = self._file, self._file.seek(0, os.SEEK_END)
            maps.tofile(file)
            file.flush()
        return partial(_read, file, start, maps.shape, maps.dtype)


def _read(file: IO[bytes], start: int, shape: tuple[int, ...], kind: np.dtype[Any]) -> Maps:
    file.seek(start)
    return np.fromfile(file, kind, math.prod(shape)).reshape(shape)
