"""One snapshot of a run, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.runs.tuning import Maps, MapTrack, display_maps
from simulation.archive import RateMaps
from simulation.models.activations import ACTIVATIONS


@dataclass(frozen=True, eq=False)
class Frame:
    """The population at one snapshot.

    Where activity can be negative its magnitude is shown. A unit is silent here if it is active,
    by its activation's definition, in no place (or sample).

    Attributes
    ----------
    shown : (H, K) display maps: smoothed, each divided by its own peak; NaN: silent unit.
    peak : (H,) what each map was divided by, in units of activity; NaN: silent unit.
    mean_activity : (H,) mean over the visited places (or samples).
    active_share : (H,) share of visited places (or samples) where the unit is active.
    information : (H,) spatial information in bits; NaN: silent unit, or not defined.
    active_words : what 'active' means, as a condition.
    can_be_negative : whether activity can be, so that magnitudes are shown.
    """

    step: int
    source: str
    shown: Maps
    peak: NDArray[np.float32]
    mean_activity: NDArray[np.float32]
    active_share: NDArray[np.float32]
    information: NDArray[np.float64]
    active_words: str
    can_be_negative: bool

    @property
    def informative(self) -> bool:
        """Whether units have spatial information."""
        return not (self.source == "samples" or self.can_be_negative)

    @property
    def size(self) -> int:
        """Bytes held."""
        return self.shown.nbytes


def build_frame(recorded: RateMaps, track: MapTrack, activation: str = "relu") -> Frame:
    """A frame from the recorded maps of a snapshot of a network of this activation."""
    sigma = ACTIVATIONS[activation]
    visited = np.isfinite(recorded.maps)
    counts = np.maximum(visited.sum(axis=1), 1)
    active = sigma.active(recorded.maps) & visited
    maps = np.abs(recorded.maps) if sigma.can_be_negative else recorded.maps
    rates = np.where(visited, maps, 0)
    shown, peak = display_maps(maps, track)
    shown[~active.any(axis=1)] = peak[~active.any(axis=1)] = np.nan
    return Frame(
        step=recorded.step,
        source=recorded.source,
        shown=shown,
        peak=peak,
        mean_activity=(rates.sum(axis=1) / counts).astype(np.float32),
        active_share=(active.sum(axis=1) / counts).astype(np.float32),
        information=recorded.spatial_information,
        active_words=sigma.active_words,
        can_be_negative=sigma.can_be_negative,
    )
