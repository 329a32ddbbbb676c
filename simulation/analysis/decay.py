"""The likelihood of an exponential decay seen through autocorrelated noise.

Model: y(t) = c + a for t <= t0, c + a exp(-(t - t0)/tau) after, plus stationary Gaussian noise
whose correlation falls as exp(-|dt|/memory) (an Ornstein-Uhlenbeck process). Such noise is Markov,
so it is whitened exactly on any grid of times, and correlated values get no more weight than they
deserve. c, a and the noise's size are solved for in closed form; tau, t0 and the memory are
searched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.analysis.simplex import simplex_minimum
from simulation.tasks.dataset import FloatArray

LONGEST_MEMORY = 0.1
"""Longest memory of the noise, as a share of the curve's length: slower changes are not noise."""
LONGEST_TAU = 100.0
"""Longest tau that is tried, in lengths of the curve."""
RESOLUTION = 1e-4
"""Smallest noise assumed, as a share of the curve's range; keeps exact curves finite."""
CHI_SQUARED_95 = 3.841458820694124
"""95 % point of the chi-squared distribution with one degree of freedom."""

TAUS, ONSETS, MEMORIES = 40, 32, 8
"""Points of the grid on which the search starts."""


@dataclass(frozen=True)
class Decay:
    """One decay: tau, onset t0 and memory of the noise (all in steps), floor c, amplitude a.

    `deviance` is -2 log likelihood, up to a constant.
    """

    tau: float
    onset: float
    memory: float
    floor: float
    amplitude: float
    deviance: float


def decay_shape(times: FloatArray, tau: float, onset: FloatArray | float) -> FloatArray:
    """1 until the onset, then exp(-(t - onset)/tau); `onset` broadcasts against `times`."""
    return np.exp(-np.maximum(times - onset, 0) / tau)


class DecayLikelihood:
    """How likely decays are, given a curve whose recordings are averaged in groups.

    Decays are averaged over the same groups, so that averaging does not distort them.

    Attributes
    ----------
    values : (M,), mean of each group.
    """

    def __init__(
        self, times: FloatArray, recordings: FloatArray, starts: NDArray[np.integer]
    ) -> None:
        """`recordings` at ascending `times`; a group begins at each index in `starts`."""
        self._times, self._starts = times, starts
        self._sizes = np.diff(starts, append=len(times))
        self.values = self._grouped(recordings)
        self._ones_and_values = np.stack([np.ones_like(self.values), self.values])
        self._centres = self._grouped(times)
        self._apart = np.diff(self._centres)
        self._length = float(times[-1] - times[0])
        self._spacing = float(np.median(self._apart))
        self._least_variance = (RESOLUTION * float(np.ptp(self.values))) ** 2

    def best_decay(self) -> Decay:
        """The most likely decay: a grid, then a simplex from its best points."""
        taus = np.geomspace(self._spacing / 2, LONGEST_TAU * self._length, TAUS)
        picked = np.linspace(0, len(self._centres) - 2, ONSETS).astype(int)
        onsets = np.unique([self._times[0], *self._centres[picked]])
        shapes = [self.shape(tau, onsets[:, None]) for tau in taus]
        starts = []
        for memory in np.geomspace(self._spacing / 5, LONGEST_MEMORY * self._length, MEMORIES):
            deviances = np.array([self._solve(shape, memory)[2] for shape in shapes])
            tau, onset = np.unravel_index(deviances.argmin(), deviances.shape)
            starts.append((deviances.min(), taus[tau], onsets[onset], memory))
        found = [self._improve(*start[1:]) for start in sorted(starts)[: MEMORIES // 2]]
        return min(found, key=lambda decay: decay.deviance)

    def tau_bound(self, best: Decay, direction: int) -> float | None:
        """The end of tau's 95 % profile-likelihood interval below (-1) or above (+1) the best.

        None where the interval has no end that the curve could show.
        """
        limit = best.deviance + CHI_SQUARED_95
        last = self._spacing / 20 if direction < 0 else LONGEST_TAU * self._length
        inside, outside, stride = best, best, 0.01
        while outside.deviance <= limit:
            inside, stride = outside, 2 * stride
            tau = inside.tau * np.exp(direction * stride)
            if (tau - last) * direction > 0:
                return None
            outside = self._profile(tau, inside)
        for _ in range(7):
            middle = self._profile(float(np.sqrt(inside.tau * outside.tau)), inside)
            if middle.deviance > limit:
                outside = middle
            else:
                inside = middle
        return float(np.sqrt(inside.tau * outside.tau))

    def constant_deviance(self) -> float:
        """-2 log likelihood of no decay at all, at its best memory."""
        memories = np.geomspace(self._spacing / 5, LONGEST_MEMORY * self._length, 4 * MEMORIES)
        no_shape = np.zeros_like(self.values)
        return min(float(self._solve(no_shape, memory)[2]) for memory in memories)

    def shape(self, tau: float, onset: FloatArray | float) -> FloatArray:
        """A decay of amplitude 1 and floor 0, averaged as the recordings are: (..., M)."""
        return self._grouped(decay_shape(self._times, tau, onset))

    def whiten(self, series: FloatArray, memory: float) -> FloatArray:
        """What each value adds to what its predecessor foretells, in units of its spread."""
        kept = np.exp(-self._apart / memory)
        white = series.copy()
        white[..., 1:] -= kept * series[..., :-1]
        white[..., 1:] /= np.sqrt(1 - kept * kept)
        return white

    def _grouped(self, series: FloatArray) -> FloatArray:
        return np.add.reduceat(series, self._starts, axis=-1) / self._sizes

    def _improve(self, tau: float, onset: float, memory: float) -> Decay:
        """The most likely decay near these three."""
        start = np.array([onset / self._length, np.log(memory), np.log(tau)])
        point = _lowest(
            lambda point: self._decay(float(np.exp(point[2])), point).deviance,
            start,
            np.array([0.02, 0.5, 0.1]),
            1e-5,
        )
        return self._decay(float(np.exp(point[2])), point)

    def _profile(self, tau: float, near: Decay) -> Decay:
        """The most likely decay with this tau."""
        start = np.array([near.onset / self._length, np.log(near.memory)])
        point = _lowest(
            lambda point: self._decay(tau, point).deviance, start, np.array([0.02, 0.5]), 1e-3
        )
        return self._decay(tau, point)

    def _decay(self, tau: float, point: FloatArray) -> Decay:
        """The best decay with this tau at a point (onset/length, log memory) of the search."""
        onset = min(max(point[0] * self._length, self._times[0]), self._centres[-2])
        shortest, longest = self._spacing / 20, LONGEST_MEMORY * self._length
        memory = min(max(np.exp(point[1]), shortest), longest)
        floor, amplitude, deviance = map(float, self._solve(self.shape(tau, onset), memory))
        return Decay(tau, float(onset), float(memory), floor, amplitude, deviance)

    def _solve(
        self, shapes: FloatArray, memory: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The best c and a for each shape (..., M), and -2 log likelihood there."""
        ones, values = self.whiten(self._ones_and_values, memory)
        shapes = self.whiten(shapes, memory)
        weight = ones @ ones
        mean, offset = ones @ values / weight, shapes @ ones / weight
        extent = np.sum(shapes * shapes, axis=-1) - offset**2 * weight
        overlap = shapes @ values - offset * mean * weight
        usable = extent > 1e-12 * weight
        amplitude = np.where(usable, overlap / np.where(usable, extent, 1), 0)
        squares = np.maximum(values @ values - mean**2 * weight - amplitude * overlap, 0)
        count = len(self.values)
        log_determinant = np.log(-np.expm1(-2 * self._apart / memory)).sum()
        deviance = count * np.log(squares / count + self._least_variance) + log_determinant
        return mean - amplitude * offset, amplitude, deviance


def _lowest(
    function: Callable[[FloatArray], float], start: FloatArray, size: FloatArray, tolerance: float
) -> FloatArray:
    return simplex_minimum(
        function, start, size, tolerance, value_tolerance=10 * tolerance, most_calls=400
    )
