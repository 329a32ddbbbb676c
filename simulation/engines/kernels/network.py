"""Forward and backward pass of h = sigma(x m^T + b), yhat = h n^T, f = mean (yhat - y)^2.

Ratzon, Derdikman & Barak, eLife 12:RP90069, eqs. 1-3, on arrays laid out as in `panels`. Five
samples are handled at a time: each vector that is loaded serves five running sums in registers.

Shapes: `weights` and `gradient` (panels, D + 1 + O, lanes), `hidden` and `slope` (panels, samples,
lanes), `inputs` (samples, D + 1), `targets` and `errors` (samples, O); samples are padded to
fives. `panels` says how many panels count, from the first. `slope` holds sigma'(x m^T + b); it is
None, known when compiling, for the rectifier, whose slope shows in `hidden`. Where `active` is
given, five samples to which no unit of a panel answers are passed over.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulation.engines.kernels.activations import activate
from simulation.engines.kernels.arithmetic import multiply
from simulation.engines.kernels.jit import inlined_kernel, kernel
from simulation.engines.kernels.lanes import (
    add,
    bits_of_positive,
    gate,
    load,
    multiply_add,
    store,
    sum_of,
    zeros_like,
)

Array = NDArray[Any]


@inlined_kernel
def hidden_activity(
    hidden: Array,
    slope: Array | None,
    active: Array,
    weights: Array,
    inputs: Array,
    n_samples: int,
    activation: int,
) -> None:
    """hidden = sigma(x m^T + b), and slope; 0 for samples beyond the real ones.

    Of the rectifier: active[panel, g] has bit l set where lane l answers to any of the g-th five.
    """
    samples, rows = inputs.shape
    zero = zeros_like(load(weights, 0, 0))
    for panel in range(weights.shape[0]):
        for s in range(0, samples, 5):
            h0 = h1 = h2 = h3 = h4 = zero
            for d in range(rows):
                m = load(weights, panel, d)
                h0 = multiply_add(h0, m, inputs[s, d])
                h1 = multiply_add(h1, m, inputs[s + 1, d])
                h2 = multiply_add(h2, m, inputs[s + 2, d])
                h3 = multiply_add(h3, m, inputs[s + 3, d])
                h4 = multiply_add(h4, m, inputs[s + 4, d])
            total = _keep(hidden, slope, panel, s, h0)
            total = add(total, _keep(hidden, slope, panel, s + 1, h1))
            total = add(total, _keep(hidden, slope, panel, s + 2, h2))
            total = add(total, _keep(hidden, slope, panel, s + 3, h3))
            total = add(total, _keep(hidden, slope, panel, s + 4, h4))
            active[panel, s // 5] = bits_of_positive(total)
    if slope is not None:
        activate(hidden, slope, n_samples, activation)


@inlined_kernel
def _keep(hidden: Array, slope: Array | None, panel: int, sample: int, drive: Any) -> Any:
    """Store the rectified drive; or the drive itself, which `activate` turns into activity."""
    if slope is None:
        drive = gate(drive, drive)
    store(hidden, panel, sample, drive)
    return drive


@inlined_kernel
def scaled_errors(
    errors: Array,
    hidden: Array,
    active: Array | None,
    weights: Array,
    panels: int,
    targets: Array,
    scale: float,
) -> None:
    """errors = scale (h n^T - y); with scale = 2 / (N O) it is df/dyhat."""
    samples, outputs = targets.shape
    first_row = weights.shape[1] - outputs
    zero = zeros_like(load(hidden, 0, 0))
    for s in range(0, samples, 5):
        for o in range(outputs):
            y0 = y1 = y2 = y3 = y4 = zero
            for panel in range(panels):
                if active is not None and active[panel, s // 5] == 0:
                    continue
                n = load(weights, panel, first_row + o)
                y0 = multiply_add(y0, n, load(hidden, panel, s))
                y1 = multiply_add(y1, n, load(hidden, panel, s + 1))
                y2 = multiply_add(y2, n, load(hidden, panel, s + 2))
                y3 = multiply_add(y3, n, load(hidden, panel, s + 3))
                y4 = multiply_add(y4, n, load(hidden, panel, s + 4))
            errors[s, o] = scale * (sum_of(y0) - targets[s, o])
            errors[s + 1, o] = scale * (sum_of(y1) - targets[s + 1, o])
            errors[s + 2, o] = scale * (sum_of(y2) - targets[s + 2, o])
            errors[s + 3, o] = scale * (sum_of(y3) - targets[s + 3, o])
            errors[s + 4, o] = scale * (sum_of(y4) - targets[s + 4, o])


@kernel
def loss_gradient(
    gradient: Array,
    hidden: Array,
    slope: Array | None,
    weights: Array,
    panels: int,
    errors: Array,
    inputs: Array,
) -> None:
    """gradient += df/d(m, b, n).

    df/dn = e^T h; df/d(m, b) = g^T x with g = sigma' e n, x with its constant last column.
    """
    samples, rows = inputs.shape
    outputs = errors.shape[1]
    zero = zeros_like(load(hidden, 0, 0))
    for panel in range(panels):
        for s in range(0, samples, 5):
            h0 = load(hidden, panel, s)
            h1 = load(hidden, panel, s + 1)
            h2 = load(hidden, panel, s + 2)
            h3 = load(hidden, panel, s + 3)
            h4 = load(hidden, panel, s + 4)
            g0 = g1 = g2 = g3 = g4 = zero
            for o in range(outputs):
                n = load(weights, panel, rows + o)
                dn = load(gradient, panel, rows + o)
                g0, dn = multiply_add(g0, n, errors[s, o]), multiply_add(dn, h0, errors[s, o])
                g1, dn = (
                    multiply_add(g1, n, errors[s + 1, o]),
                    multiply_add(dn, h1, errors[s + 1, o]),
                )
                g2, dn = (
                    multiply_add(g2, n, errors[s + 2, o]),
                    multiply_add(dn, h2, errors[s + 2, o]),
                )
                g3, dn = (
                    multiply_add(g3, n, errors[s + 3, o]),
                    multiply_add(dn, h3, errors[s + 3, o]),
                )
                g4, dn = (
                    multiply_add(g4, n, errors[s + 4, o]),
                    multiply_add(dn, h4, errors[s + 4, o]),
                )
                store(gradient, panel, rows + o, dn)
            g0 = _through(g0, h0, slope, panel, s)
            g1 = _through(g1, h1, slope, panel, s + 1)
            g2 = _through(g2, h2, slope, panel, s + 2)
            g3 = _through(g3, h3, slope, panel, s + 3)
            g4 = _through(g4, h4, slope, panel, s + 4)
            for d in range(rows):
                dm = load(gradient, panel, d)
                dm = multiply_add(dm, g0, inputs[s, d])
                dm = multiply_add(dm, g1, inputs[s + 1, d])
                dm = multiply_add(dm, g2, inputs[s + 2, d])
                dm = multiply_add(dm, g3, inputs[s + 3, d])
                dm = multiply_add(dm, g4, inputs[s + 4, d])
                store(gradient, panel, d, dm)


@inlined_kernel
def _through(value: Any, hidden: Any, slope: Array | None, panel: int, sample: int) -> Any:
    """A derivative by h as one by the drive: value * sigma'."""
    if slope is None:
        return gate(value, hidden)
    return multiply(value, load(slope, panel, sample))
