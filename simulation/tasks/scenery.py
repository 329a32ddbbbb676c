"""Closed bands of scenery: smooth random values round a ring, and looking at them."""

from __future__ import annotations

import numpy as np

from simulation.tasks.dataset import FloatArray


def smooth_circularly(values: FloatArray, std_share: float) -> FloatArray:
    """`values` round a ring, smoothed with a wrapped Gaussian, up to an offset and a factor.

    Parameters
    ----------
    std_share : standard deviation of the Gaussian as a share of the ring; 0: no smoothing.

    Notes
    -----
    A Gaussian of that width multiplies harmonic k by exp(-2 (pi k std_share)^2). The mean is left
    out and all gains are relative to the first harmonic, so that a very wide Gaussian leaves a
    sine wave rather than rounding errors. Views are scaled to [-1, 1] later, which makes offset
    and factor immaterial.
    """
    spectrum = np.fft.rfft(values)
    harmonics = np.arange(1, len(spectrum))
    spectrum[0] = 0
    spectrum[1:] *= np.exp(-2 * (np.pi * std_share) ** 2 * (harmonics**2 - 1.0))
    return np.fft.irfft(spectrum, len(values))


def look_up(scenery: FloatArray, coordinate: FloatArray, length: float) -> FloatArray:
    """The scenery at `coordinate` of a ring of that `length`, linearly interpolated."""
    tiles = len(scenery)
    place: FloatArray = np.mod(coordinate / length, 1) * tiles
    left = np.floor(place).astype(np.int64)
    share = place - left
    return scenery[left % tiles] * (1 - share) + scenery[(left + 1) % tiles] * share
