"""The rate maps of earlier snapshots, and how alike those of a new one are."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.archive.files import write_errors
from simulation.metrics.population import population_vector_correlation, rate_map_correlation

Maps = NDArray[np.float32]

EARLIER_MAPS_BYTES = 256 * 2**20
"""Memory for the maps of earlier snapshots; further ones wait in a temporary file."""


@dataclass(frozen=True, eq=False)
class _Earlier:
    step: int
    tuned: NDArray[np.bool_]
    maps: Maps


class MapHistory:
    """Every snapshot so far, to compare the next one with.

    Parameters
    ----------
    share : of `EARLIER_MAPS_BYTES`, where several histories divide it.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._earlier: list[_Earlier] = []
        self._share = share

    def compare(self, step: int, maps: Maps, tuned: NDArray[np.bool_]) -> dict[str, Any]:
        """Columns of the `correlations` table: this snapshot with all so far, itself included.

        Parameters
        ----------
        maps, tuned : (H, K) rate maps, and (H,) which units take part in their correlation.
        """
        held = sum(then.maps.nbytes for then in self._earlier)
        fits = held + maps.nbytes <= self._share * EARLIER_MAPS_BYTES
        kept = maps if fits else _on_disk(maps)
        self._earlier.append(_Earlier(step, tuned, kept))
        rows = [
            (
                then.step,
                rate_map_correlation(then.maps, maps, then.tuned, tuned),
                population_vector_correlation(then.maps, maps),
                int(np.sum(then.tuned & tuned)),
            )
            for then in self._earlier
        ]
        steps, by_map, by_population, tuned_both = zip(*rows, strict=True)
        return {
            "step_a": steps,
            "step_b": step,
            "rate_map_correlation": by_map,
            "population_vector_correlation": by_population,
            "tuned_both": tuned_both,
        }


def _on_disk(maps: Maps) -> Maps:
    """The same maps, read from a temporary file that disappears with them."""
    with write_errors(Path(tempfile.gettempdir())), tempfile.TemporaryFile() as file:
        maps.tofile(file)
        file.flush()
        return np.memmap(file, maps.dtype, "r", shape=maps.shape)
