"""Similarity matching, compiled: one call makes any number of plasticity steps.

What is computed is stated by `simulation.models.similarity.settle` and `simulation.rules.hebbian`.
Units lie in the lanes of vectors (see `lanes`): `feedforward` is W^T as (D, panels, lanes),
`lateral` M^T as (H, panels, lanes), `biases` (1, panels, lanes). Row j of `lateral` is what unit j
sends to all others, so the inhibition by the few active units is a sum of few rows; places beyond
the last unit hold zeros and stay so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.engines.kernels.jit import entry_kernel, kernel
from simulation.engines.kernels.lanes import (
    bits_of_positive,
    gate,
    load,
    load_noise,
    multiply_add,
    store,
    zeros_like,
)
from simulation.engines.kernels.noise import blocks, fill_normals
from simulation.engines.kernels.panels import aligned_zeros
from simulation.noise import step_noise

Array = NDArray[Any]

_step_key = kernel(step_noise.step_key)
_choice = kernel(step_noise.choice)

PANELS_AT_ONCE = 2
"""Panels whose sums are in registers at the same time; arrays hold whole groups of them."""


class Plasticity(NamedTuple):
    """Settings of dynamics and plasticity.

    Numbers are in the run's precision (`one` is 1 in it); keep is 1 - eta, and both noises are
    times sqrt(eta). Keys are those of the streams (`step_noise`).
    """

    one: float
    keep: float
    learning_rate: float
    feedforward_noise: float
    lateral_noise: float
    root_bias_strength: float
    threshold: float
    decay: float
    time_step: float
    rest: float
    max_iterations: int
    check_every: int
    feedforward_key: np.uint64
    lateral_key: np.uint64
    order_key: np.uint64


class SimilarityWorkspace(NamedTuple):
    """Memory that a step writes; nothing in it outlives the step.

    (1, panels, lanes) each: drive, u, y, change (du/dt), diagonal (of M), gain.
    active, sent : the units with y > 0 and their -y; bits : which lanes of each panel they are.
    feedforward_noise, lateral_noise : see `noise`. unit_mask : see `panels`.
    """

    drive: Array
    u: Array
    y: Array
    change: Array
    diagonal: Array
    gain: Array
    active: Array
    sent: Array
    bits: Array
    unit_mask: Array
    feedforward_noise: Array
    lateral_noise: Array


def similarity_workspace(lateral: Array, inputs: int, units: int) -> SimilarityWorkspace:
    """Fresh memory for the `units` units of `lateral`, with `inputs` inputs."""
    _, panels, lanes = lateral.shape
    drive, u, y, change, diagonal, gain = (
        aligned_zeros((1, panels, lanes), lateral.dtype) for _ in range(6)
    )
    return SimilarityWorkspace(
        drive=drive,
        u=u,
        y=y,
        change=change,
        diagonal=diagonal,
        gain=gain,
        active=np.zeros(panels * lanes, np.int64),
        sent=np.zeros(panels * lanes, lateral.dtype),
        bits=np.zeros(panels, np.int64),
        unit_mask=_mask(units, lateral),
        feedforward_noise=blocks(inputs * units + lanes),
        lateral_noise=blocks(units * units + lanes),
    )


def _mask(units: int, lateral: Array) -> Array:
    """(1, panels, lanes): 1 where there is a unit, 0 beyond the last."""
    mask = aligned_zeros((1, *lateral.shape[1:]), lateral.dtype)
    mask.reshape(-1)[:units] = 1
    return mask


@entry_kernel
def learn(
    feedforward: Array,
    lateral: Array,
    biases: Array,
    inputs: Array,
    rule: Plasticity,
    work: SimilarityWorkspace,
    step: int,
    steps: int,
) -> None:
    """Make plasticity steps number `step` to `step + steps - 1`, in place."""
    for t in range(step, step + steps):
        word, _ = _step_key(rule.order_key, t)
        x = inputs[_choice(word, len(inputs))]
        _drive(feedforward, lateral, biases, x, rule, work)
        _settle(lateral, rule, work)
        _draw_noise(rule, work, t)
        _learn_feedforward(feedforward, x, rule, work, len(lateral))
        _learn_lateral(lateral, rule, work)
        _learn_biases(biases, rule, work)


@kernel
def _drive(
    feedforward: Array,
    lateral: Array,
    biases: Array,
    x: Array,
    rule: Plasticity,
    work: SimilarityWorkspace,
) -> None:
    """drive = W x - sqrt(alpha) b; diagonal and gain = 1 / (l2 + diag M); u = y = 0."""
    zero = zeros_like(load(work.u, 0, 0))
    for panel in range(biases.shape[1]):
        total = multiply_add(zero, load(biases, 0, panel), -rule.root_bias_strength)
        for d in range(len(x)):
            total = multiply_add(total, load(feedforward, d, panel), x[d])
        store(work.drive, 0, panel, total)
        store(work.u, 0, panel, zero)
        store(work.y, 0, panel, zero)
        work.bits[panel] = 0
    diagonal, gain = work.diagonal.reshape(work.diagonal.size), work.gain.reshape(work.gain.size)
    for unit in range(len(lateral)):
        own = lateral[unit].reshape(lateral[unit].size)[unit]
        diagonal[unit] = own
        gain[unit] = 1 / (rule.decay + own)


@kernel
def _settle(lateral: Array, rule: Plasticity, work: SimilarityWorkspace) -> None:
    """Let u and y come to rest."""
    tolerance = rule.rest * _largest(work.drive)
    active = 0
    for iteration in range(rule.max_iterations):
        others = False
        for panel in range(0, lateral.shape[1], PANELS_AT_ONCE):
            others |= _relax(lateral, rule, work, active, panel)
        active = _list_active(work, active, others)
        look = iteration % rule.check_every == rule.check_every - 1
        if look and _largest(work.change) <= tolerance:
            break


@kernel
def _relax(
    lateral: Array, rule: Plasticity, work: SimilarityWorkspace, active: int, panel: int
) -> bool:
    """One step of the dynamics of two neighbouring panels; whether others are active after it."""
    minus_one = -rule.one
    u0, u1 = load(work.u, 0, panel), load(work.u, 0, panel + 1)
    change0 = multiply_add(load(work.drive, 0, panel), u0, minus_one)
    change1 = multiply_add(load(work.drive, 0, panel + 1), u1, minus_one)
    change0 = multiply_add(change0, load(work.diagonal, 0, panel), load(work.y, 0, panel))
    change1 = multiply_add(change1, load(work.diagonal, 0, panel + 1), load(work.y, 0, panel + 1))
    for index in range(active):
        sender, sent = work.active[index], work.sent[index]
        change0 = multiply_add(change0, load(lateral, sender, panel), sent)
        change1 = multiply_add(change1, load(lateral, sender, panel + 1), sent)
    others = _move(rule, work, panel, u0, change0)
    return others | _move(rule, work, panel + 1, u1, change1)


@kernel
def _move(rule: Plasticity, work: SimilarityWorkspace, panel: int, u: Any, change: Any) -> bool:
    """u and y of one panel after one step; whether other units of it are active than before."""
    zero = zeros_like(u)
    u = multiply_add(u, change, rule.time_step)
    above = multiply_add(u, load(work.unit_mask, 0, panel), -rule.threshold)
    y = multiply_add(zero, gate(above, above), load(work.gain, 0, panel))
    store(work.u, 0, panel, u)
    store(work.y, 0, panel, y)
    store(work.change, 0, panel, change)
    bits = bits_of_positive(y)
    others = bits != work.bits[panel]
    work.bits[panel] = bits
    return others


@kernel
def _list_active(work: SimilarityWorkspace, active: int, others: bool) -> int:
    """Bring `work.active` (if `others` are active than before) and `work.sent` up to date."""
    y = work.y.reshape(work.y.size)
    if others:
        active = 0
        for unit in range(len(y)):
            if not y[unit] <= 0:
                work.active[active] = unit
                active += 1
    for index in range(active):
        work.sent[index] = -y[work.active[index]]
    return active


@kernel
def _largest(values: Array) -> float:
    """The largest magnitude in a (1, panels, lanes) array; NaN where there is one."""
    flat = values.reshape(values.size)
    largest = abs(flat[0])
    for value in flat:
        if not abs(value) <= largest:
            largest = abs(value)
    return largest


@kernel
def _learn_feedforward(
    feedforward: Array, x: Array, rule: Plasticity, work: SimilarityWorkspace, units: int
) -> None:
    """W <- (1 - eta) W + eta y x^T + sqrt(eta) s_W xi."""
    zero = zeros_like(load(work.y, 0, 0))
    lanes = work.y.shape[2]
    for d in range(len(x)):
        for panel in range(feedforward.shape[1]):
            w = multiply_add(zero, load(feedforward, d, panel), rule.keep)
            w = multiply_add(w, load(work.y, 0, panel), rule.learning_rate * x[d])
            xi = load_noise(work.feedforward_noise, d * units + panel * lanes, w)
            w = multiply_add(w, xi, rule.feedforward_noise)
            store(feedforward, d, panel, gate(w, load(work.unit_mask, 0, panel)))


@kernel
def _learn_lateral(lateral: Array, rule: Plasticity, work: SimilarityWorkspace) -> None:
    """M <- max((1 - eta) M + eta y y^T + sqrt(eta) s_M xi, 0)."""
    y = work.y.reshape(work.y.size)
    zero = zeros_like(load(work.y, 0, 0))
    lanes, units = work.y.shape[2], len(lateral)
    for sender in range(units):
        learned = rule.learning_rate * y[sender]
        for panel in range(lateral.shape[1]):
            m = multiply_add(zero, load(lateral, sender, panel), rule.keep)
            m = multiply_add(m, load(work.y, 0, panel), learned)
            xi = load_noise(work.lateral_noise, sender * units + panel * lanes, m)
            m = multiply_add(m, xi, rule.lateral_noise)
            store(lateral, sender, panel, gate(gate(m, m), load(work.unit_mask, 0, panel)))


@kernel
def _learn_biases(biases: Array, rule: Plasticity, work: SimilarityWorkspace) -> None:
    """b <- (1 - eta) b + eta sqrt(alpha) y."""
    zero = zeros_like(load(work.y, 0, 0))
    learned = rule.learning_rate * rule.root_bias_strength
    for panel in range(biases.shape[1]):
        b = multiply_add(zero, load(biases, 0, panel), rule.keep)
        store(biases, 0, panel, multiply_add(b, load(work.y, 0, panel), learned))


@kernel
def _draw_noise(rule: Plasticity, work: SimilarityWorkspace, step: int) -> None:
    if rule.feedforward_noise > 0:
        fill_normals(work.feedforward_noise, rule.feedforward_key, step)
    if rule.lateral_noise > 0:
        fill_normals(work.lateral_noise, rule.lateral_key, step)
