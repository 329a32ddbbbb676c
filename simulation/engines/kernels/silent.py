"""Leaving silent units out of the outputs and the gradient.

A unit that answers to no sample adds exactly nothing to either. Where it saves time, the active
units are copied together into as few panels as hold them and the rest of the step works on those.
Whether and how depends on the network's present state alone, so a trajectory does not depend on
where a run is cut. Silent units are still evaluated, and moved by update noise, at every step:
they can wake.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.engines.kernels.jit import kernel
from simulation.engines.kernels.lanes import load, store, zeros_like

Array = NDArray[Any]


@kernel
def count_active(active: Array) -> int:
    """How many units answer to any sample; `active`: see `network`."""
    count = 0
    for panel in range(len(active)):
        bits = _bits(active, panel)
        while bits:
            bits &= bits - 1
            count += 1
    return count


@kernel
def _bits(active: Array, panel: int) -> int:
    """Bit l is set where lane l of the panel answers to any sample."""
    bits = 0
    for group in range(active.shape[1]):
        bits |= active[panel, group]
    return bits


@kernel
def compacting_pays(
    active: int, units: int, samples: int, inputs: int, outputs: int, lanes: int
) -> bool:
    """Whether copying the active units costs less than working on the silent ones.

    Copying a number takes about as long as four vector operations. Never with more than half of
    the units active: there is no room for more.
    """
    copying = 4 * active * (samples + inputs + 2 * outputs)
    silent_work = (units - active) * samples * (inputs + 3 * outputs) // lanes
    return 2 * active <= units and copying < silent_work


@kernel
def gather_active(
    units: Array,
    compact_hidden: Array,
    compact_weights: Array,
    active: Array,
    hidden: Array,
    weights: Array,
    outputs: int,
) -> int:
    """Copy h and n of the active units together, in order; `units` receives their numbers.

    Returns the number of panels used; places beyond the last active unit in them are zeroed.
    """
    _, samples, lanes = hidden.shape
    rows = weights.shape[1]
    count = 0
    for panel in range(len(active)):
        bits = _bits(active, panel)
        if bits == 0:
            continue
        for lane in range(lanes):
            if (bits >> lane) & 1:
                units[count] = panel * lanes + lane
                to_panel, to_lane = count // lanes, count % lanes
                for s in range(samples):
                    compact_hidden[to_panel, s, to_lane] = hidden[panel, s, lane]
                for row in range(rows - outputs, rows):
                    compact_weights[to_panel, row, to_lane] = weights[panel, row, lane]
                count += 1
    panels = (count + lanes - 1) // lanes
    for place in range(count, panels * lanes):
        for s in range(samples):
            compact_hidden[panels - 1, s, place % lanes] = 0
        for row in range(rows - outputs, rows):
            compact_weights[panels - 1, row, place % lanes] = 0
    return panels


@kernel
def scatter_gradient(gradient: Array, compact: Array, units: Array, count: int) -> None:
    """gradient = 0, except for the first `count` of `units`, whose columns `compact` holds."""
    panels, rows, lanes = gradient.shape
    zero = zeros_like(load(gradient, 0, 0))
    for panel in range(panels):
        for row in range(rows):
            store(gradient, panel, row, zero)
    for place in range(count):
        panel, lane = units[place] // lanes, units[place] % lanes
        for row in range(rows):
            gradient[panel, row, lane] = compact[place // lanes, row, place % lanes]
