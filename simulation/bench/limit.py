"""The least time that the arithmetic of a step can take on this core.

Two things are measured: multiplications and additions per second, fused and on numbers that never
leave the registers, and what a normal number costs. The limit of a step is its number of
operations at that rate, plus its noise at that cost; everything else counts as free.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.config import FeedforwardConfig
from simulation.engines.kernels.jit import entry_kernel
from simulation.engines.kernels.lanes import lane_count, load, multiply_add, store
from simulation.engines.kernels.noise import blocks, fill_normals
from simulation.engines.kernels.panels import aligned_zeros

CHAINS = 8  # sums that do not wait for each other
ROUNDS, NORMALS = 1_000_000, 2_560


@dataclass(frozen=True)
class Machine:
    """What one core does: floating-point operations per second, and seconds a normal number."""

    flops: float
    normal_seconds: float


def measure_machine(precision: str) -> Machine:
    """The best of a few measurements in this precision (normals are float32 in either)."""
    lanes = lane_count(precision)
    numbers = aligned_zeros((1, CHAINS + 2, lanes), precision)
    noise = blocks(NORMALS)
    operations = 2 * CHAINS * lanes * ROUNDS
    return Machine(
        flops=operations / _best(lambda: _multiply_and_add(numbers, ROUNDS)),
        normal_seconds=_best(lambda: _draw(noise, ROUNDS // 1_000)) / (ROUNDS // 1_000 * NORMALS),
    )


def limit_seconds(config: FeedforwardConfig, active: float, machine: Machine) -> float | None:
    """The limit of a step with so many active units, each active on every sample.

    With fewer samples than inputs a step works in the coordinates that the samples span, and
    silent units cost nothing. None for Adam and RMSprop, whose roots and quotients are neither of
    the two things measured, and with input noise.
    """
    noise, task = config.noise, config.task
    samples, outputs = task.n_samples, task.output_dim
    coordinates = min(samples, task.input_dim + 1)
    if config.rule.kind not in ("sgd", "sed") or noise.input_scale:
        return None
    forward = 2 * samples * active * (coordinates + outputs)
    backward = 2 * samples * active * (coordinates + 2 * outputs)
    by_weight = active * (coordinates + outputs)
    trials = config.rule.kind == "sed"
    normals = by_weight * (trials + (noise.update_scale > 0))
    normals += samples * outputs * (noise.label_scale > 0)
    operations = 2 * forward if trials else forward + backward
    return operations / machine.flops + normals * machine.normal_seconds


def _best(work: Callable[[], object]) -> float:
    work()  # compiles
    taken = []
    for _ in range(5):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


@entry_kernel
def _multiply_and_add(numbers: Any, rounds: int) -> None:
    """Each of eight chains x <- b + a x, `rounds` times."""
    a, b = load(numbers, 0, 8), load(numbers, 0, 9)
    x0, x1, x2, x3 = (
        load(numbers, 0, 0),
        load(numbers, 0, 1),
        load(numbers, 0, 2),
        load(numbers, 0, 3),
    )
    x4, x5, x6, x7 = (
        load(numbers, 0, 4),
        load(numbers, 0, 5),
        load(numbers, 0, 6),
        load(numbers, 0, 7),
    )
    for _ in range(rounds):
        x0 = multiply_add(b, x0, a)
        x1 = multiply_add(b, x1, a)
        x2 = multiply_add(b, x2, a)
        x3 = multiply_add(b, x3, a)
        x4 = multiply_add(b, x4, a)
        x5 = multiply_add(b, x5, a)
        x6 = multiply_add(b, x6, a)
        x7 = multiply_add(b, x7, a)
    store(numbers, 0, 0, x0)
    store(numbers, 0, 1, x1)
    store(numbers, 0, 2, x2)
    store(numbers, 0, 3, x3)
    store(numbers, 0, 4, x4)
    store(numbers, 0, 5, x5)
    store(numbers, 0, 6, x6)
    store(numbers, 0, 7, x7)


@entry_kernel
def _draw(noise: Any, rounds: int) -> None:
    for step in range(rounds):
        fill_normals(noise, np.uint64(1), step)
