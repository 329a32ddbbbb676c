"""The steps of a stretch (`stretches`) for the awake units, as the plain loop makes them."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.engines.kernels.jit import inlined_kernel, kernel
from simulation.engines.kernels.lanes import (
    gate,
    load,
    load_noise,
    multiply_add,
    store,
    zeros_like,
)
from simulation.engines.kernels.network import hidden_activity, scaled_errors
from simulation.engines.kernels.noise import fill_pairs
from simulation.engines.kernels.stretch_memory import StretchWorkspace
from simulation.engines.kernels.training import Batch, Noise, draw_targets
from simulation.noise.step_noise import PAIRS_PER_BLOCK

Array = NDArray[Any]


@kernel
def train_awake(
    packed: Array,
    count: int,
    batch: Batch,
    noise: Noise,
    learning_rate: float,
    work: StretchWorkspace,
    start: int,
    stop: int,
) -> None:
    """Make updates `start` to `stop - 1` of the `count` units in `packed`, in place.

    What is called at every step takes single arrays: handing over all of `work` would cost more
    than a step of a small network.
    """
    panels, rows, lanes = packed.shape
    inputs, targets, n_samples = batch.inputs, work.seen_targets, batch.n_samples
    scale = packed.dtype.type(2.0 / (n_samples * targets.shape[1]))
    hidden, active, errors, slope = work.hidden, work.active, work.errors, work.slope
    filled, label_noise = work.filled, work.label_noise
    update_noise, pairs, noise_at = work.update_noise, work.pairs, work.noise_at
    n_pairs = place_noise(pairs, noise_at, count, panels, rows, lanes)
    for step in range(start, stop):
        if noise.update_scale > 0:
            fill_pairs(update_noise, pairs, n_pairs, noise.update_key, step)
        if noise.label_scale > 0:
            draw_targets(targets, label_noise, batch, noise, step)
        hidden_activity(hidden, None, active, packed, inputs, n_samples, 0)
        scaled_errors(errors, hidden, active, packed, panels, targets, scale)
        for panel in range(panels):
            _descend(
                packed,
                slope,
                panel,
                hidden,
                active,
                errors,
                inputs,
                update_noise,
                noise_at,
                noise.update_scale,
                filled,
                learning_rate,
            )


@kernel
def place_noise(
    pairs: Array, noise_at: Array, count: int, panels: int, rows: int, lanes: int
) -> int:
    """List the pairs of noise that meet units, and where each vector finds its noise among them.

    Vector `panel * rows + row` of `lanes` elements of the step's noise belongs to that row of a
    panel. Its partners in their pairs are a vector of the same block (`step_noise`). In the last
    panel the lanes beyond the last unit are left out, but where partners are in the one before.

    Returns the number of pairs; noise_at[vector] is where `fill_pairs` of them puts its first lane.
    """
    apart = PAIRS_PER_BLOCK // lanes  # from a vector to that of its partners
    n_pairs = 0
    for vector in range(panels * rows):
        if vector // apart % 2:
            noise_at[vector] = noise_at[vector - apart] + len(pairs)
            continue
        first = (vector // (2 * apart) * apart + vector % apart) * lanes
        noise_at[vector] = n_pairs
        for lane in range(min(lanes, count - vector // rows * lanes)):
            pairs[n_pairs] = first + lane
            n_pairs += 1
    return n_pairs


@inlined_kernel
def _descend(
    packed: Array,
    slope: Array,
    panel: int,
    hidden: Array,
    active: Array,
    errors: Array,
    inputs: Array,
    noise: Array,
    noise_at: Array,
    scale: float,
    filled: Array,
    learning_rate: float,
) -> None:
    """theta <- theta - lr (scale * noise + gradient) of one panel; the gradient as in `network`.

    The first samples that the panel answers to add their gradient to the noise, the last ones take
    the sum to the weights; in between it is in `slope`.
    """
    rows = inputs.shape[1]
    outputs = errors.shape[1]
    at = panel * (rows + outputs)
    is_unit = load(filled, panel, 0)
    zero = zeros_like(is_unit)
    first, last = _first_and_last(active, panel)
    if first < 0:
        for row in range(rows + outputs):
            xi = _noise_alone(noise, noise_at[at + row], scale, is_unit)
            theta = load(packed, panel, row)
            store(packed, panel, row, multiply_add(theta, xi, -learning_rate))
        return
    for group in range(first, last + 1):
        if active[panel, group] == 0:
            continue
        s = 5 * group
        h0, h1, h2 = load(hidden, panel, s), load(hidden, panel, s + 1), load(hidden, panel, s + 2)
        h3, h4 = load(hidden, panel, s + 3), load(hidden, panel, s + 4)
        g0 = g1 = g2 = g3 = g4 = zero
        for o in range(outputs):
            row = rows + o
            n = load(packed, panel, row)
            if group == first:
                dn = _noise_alone(noise, noise_at[at + row], scale, is_unit)
            else:
                dn = load(slope, panel, row)
            e0, e1, e2 = errors[s, o], errors[s + 1, o], errors[s + 2, o]
            e3, e4 = errors[s + 3, o], errors[s + 4, o]
            g0, dn = multiply_add(g0, n, e0), multiply_add(dn, h0, e0)
            g1, dn = multiply_add(g1, n, e1), multiply_add(dn, h1, e1)
            g2, dn = multiply_add(g2, n, e2), multiply_add(dn, h2, e2)
            g3, dn = multiply_add(g3, n, e3), multiply_add(dn, h3, e3)
            g4, dn = multiply_add(g4, n, e4), multiply_add(dn, h4, e4)
            if group == last:
                store(packed, panel, row, multiply_add(n, dn, -learning_rate))
            else:
                store(slope, panel, row, dn)
        g0, g1, g2, g3, g4 = gate(g0, h0), gate(g1, h1), gate(g2, h2), gate(g3, h3), gate(g4, h4)
        for row in range(rows):
            if group == first:
                dm = _noise_alone(noise, noise_at[at + row], scale, is_unit)
            else:
                dm = load(slope, panel, row)
            dm = multiply_add(dm, g0, inputs[s, row])
            dm = multiply_add(dm, g1, inputs[s + 1, row])
            dm = multiply_add(dm, g2, inputs[s + 2, row])
            dm = multiply_add(dm, g3, inputs[s + 3, row])
            dm = multiply_add(dm, g4, inputs[s + 4, row])
            if group == last:
                m = load(packed, panel, row)
                store(packed, panel, row, multiply_add(m, dm, -learning_rate))
            else:
                store(slope, panel, row, dm)


@inlined_kernel
def _noise_alone(noise: Array, at: int, scale: float, is_unit: Any) -> Any:
    """scale * noise where there is a unit, else 0."""
    zero = zeros_like(is_unit)
    return gate(multiply_add(zero, load_noise(noise, at, zero), scale), is_unit)


@inlined_kernel
def _first_and_last(active: Array, panel: int) -> tuple[int, int]:
    """Of the groups of five samples to which a panel answers; (-1, -1) if to none."""
    first = last = -1
    for group in range(active.shape[1]):
        if active[panel, group] != 0:
            last = group
            if first < 0:
                first = group
    return first, last
