"""Which units sleep through a stretch of steps, and those awake packed together.

A rectified unit that is silent on every sample has no part in the outputs and no gradient: only
update noise moves it. One step moves its drive on sample i by normal noise of standard deviation
lr s |(x_i, 1)|, n steps by sqrt(n) times as much. If no drive is above -8 such standard deviations
it stays silent through n steps, but for a chance of at most 2 P(N(0, 1) > 8) = 1.2e-15 a sample
(reflection principle), and what it meets meanwhile is known in distribution: see `walk`. Without
update noise the bound is 0 and nothing is left to chance.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import (
    add,
    bits_of_positive,
    load,
    multiply_add,
    zeros_like,
)

Array = NDArray[Any]

SAFE_DEVIATIONS = 8
"""How many standard deviations of noise count as out of reach."""


@kernel
def find_awake(
    awake: Array,
    first: Array,
    turned: Array,
    units: int,
    inputs: Array,
    reach: Array,
    spread: float,
) -> int:
    """Write who cannot sleep, and return how many there are: `awake` (panels, 1, lanes) is 1 or 0.

    first[u] becomes the first sample that unit u answers to; the number of samples, if it is
    silent; -1, if it sleeps. A unit with NaN among its drives is awake.

    Parameters
    ----------
    turned : rows q, n by panels. inputs : L, (samples, R).
    reach : by sample, |(x_i, 1)|; 0 for samples beyond the real ones, on which no unit wakes.
    spread : standard deviation of a weight's noise over the whole stretch.
    """
    samples, directions = inputs.shape
    lanes = turned.shape[2]
    safe = SAFE_DEVIATIONS * spread
    zero = zeros_like(load(turned, 0, 0))
    count = 0
    for panel in range(turned.shape[0]):
        panel_units = min(lanes, units - panel * lanes)
        bits = answered = 0
        for s in range(samples):
            drive = zero
            for r in range(directions):
                drive = multiply_add(drive, load(turned, panel, r), inputs[s, r])
            bits |= bits_of_positive(add(drive, safe * reach[s]))
            new = bits_of_positive(drive) & ~answered
            answered |= new
            for lane in range(panel_units if new else 0):
                if (new >> lane) & 1:
                    first[panel * lanes + lane] = s
        for lane in range(lanes):
            is_awake = lane < panel_units and (bits >> lane) & 1
            awake[panel, 0, lane] = is_awake
            count += is_awake
            if lane < panel_units and not (answered >> lane) & 1:
                first[panel * lanes + lane] = samples if is_awake else -1
    return count


@kernel
def list_awake(places: Array, first: Array, units: int, samples: int) -> None:
    """List the awake units by the first sample that they answer to, the silent last.

    Units that answer to the same samples so come to lie together, and the others' panels can be
    passed over there (`network`).
    """
    place = 0
    for sample in range(samples + 1):
        for unit in range(units):
            if first[unit] == sample:
                places[place] = unit
                place += 1


@kernel
def gather_awake(packed: Array, filled: Array, turned: Array, places: Array, count: int) -> int:
    """Copy the awake units' rows together, in order; returns the number of panels they take.

    filled : (panels, 1, lanes), becomes 1 where a unit is, 0 beyond the last, where `packed` is 0.
    """
    _, rows, lanes = packed.shape
    panels = (count + lanes - 1) // lanes
    for place in range(panels * lanes):
        panel, lane = place // lanes, place % lanes
        filled[panel, 0, lane] = place < count
        if place < count:
            unit = places[place]
            for row in range(rows):
                packed[panel, row, lane] = turned[unit // lanes, row, unit % lanes]
        else:
            for row in range(rows):
                packed[panel, row, lane] = 0
    return panels


@kernel
def scatter_awake(turned: Array, packed: Array, places: Array, count: int) -> None:
    """The way back of `gather_awake`."""
    _, rows, lanes = packed.shape
    for place in range(count):
        panel, lane, unit = place // lanes, place % lanes, places[place]
        for row in range(rows):
            turned[unit // lanes, row, unit % lanes] = packed[panel, row, lane]
