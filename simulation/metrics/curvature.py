"""Curvature of the loss: the eigenvalues of its Hessian and what follows from them.

Ratzon, Derdikman & Barak, eLife 12:RP90069: update noise drives the sum of the logarithms of the
positive eigenvalues down, label noise their sum (the trace).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.metrics.hessian import ActiveLayer
from simulation.models.feedforward import NetworkState
from simulation.tasks.dataset import FloatArray

RELATIVE_TOLERANCE = 1e-12
"""Eigenvalues within this share of the largest of 0 are not told from 0: they are rounding."""


@dataclass(frozen=True, eq=False)
class Curvature:
    """Eigenvalues of the Hessian of the loss, and what follows from them.

    Attributes
    ----------
    parameters : P, the number of all eigenvalues.
    trace, largest : sum and maximum of all eigenvalues; always exact, NaN if the network diverged.
    eigenvalues : ascending, of the matrix left when exactly flat directions are taken out; None
        where not computed, see `reason`.
    exact_zeros : the eigenvalues that were taken out: P - len(eigenvalues).
    log_sum : sum of the natural logarithms of the eigenvalues above `RELATIVE_TOLERANCE`.
    positive_fraction : share of P that a solver given every parameter of the active units would
        return as positive, which is the published measure. What is zero up to rounding comes out
        of such a solver with either sign, so it counts half; silent units count nothing.
    relative_positive_fraction : share of P above `RELATIVE_TOLERANCE` times the largest.
    reason : why `eigenvalues` (and what follows from them) are missing; else empty.
    """

    parameters: int
    trace: float
    largest: float
    exact_zeros: int
    eigenvalues: FloatArray | None = None
    log_sum: float | None = None
    positive_fraction: float | None = None
    relative_positive_fraction: float | None = None
    reason: str = ""


def hessian_trace(state: NetworkState, inputs: FloatArray, targets: FloatArray) -> float:
    """The sum of all eigenvalues of the loss's Hessian at `state`, in float64, without solving.

    Not finite where the network diverged. Arguments as in `hessian_spectrum`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return ActiveLayer.unrotated(state, inputs, targets).trace()


def hessian_largest(state: NetworkState, inputs: FloatArray, targets: FloatArray) -> float:
    """The largest eigenvalue of the loss's Hessian at `state`; NaN where the network diverged.

    Arguments as in `hessian_spectrum`.
    """
    if not np.isfinite(hessian_trace(state, inputs, targets)):
        return np.nan
    return ActiveLayer.of(state, inputs, targets).largest_eigenvalue()


def hessian_spectrum(
    state: NetworkState, inputs: FloatArray, targets: FloatArray, limit: int
) -> Curvature:
    """The spectrum of the loss's Hessian at `state`, in float64; the state is only read.

    Parameters
    ----------
    inputs, targets : X (N, D) and Y (N, O), without noise.
    limit : eigenvalues are computed only while the matrix to solve has at most this many rows;
        the time grows with its cube. Trace and largest eigenvalue are computed regardless.
    """
    weights = (state.input_weights, state.biases, state.output_weights)
    parameters = sum(part.size for part in weights)
    with np.errstate(over="ignore", invalid="ignore"):
        layer = ActiveLayer.of(state, inputs, targets)
        trace = layer.trace()
    if not np.isfinite(trace) or not all(np.isfinite(part).all() for part in weights):
        return Curvature(parameters, np.nan, np.nan, 0, reason="the network diverged")
    zeros = parameters - layer.size
    if layer.size > limit:
        reason = f"the matrix has {layer.size:,} rows, over the limit of {limit:,}"
        return Curvature(parameters, trace, layer.largest_eigenvalue(), zeros, reason=reason)
    eigenvalues: FloatArray = np.linalg.eigvalsh(layer.hessian()).astype(np.float64, copy=False)
    largest = float(eigenvalues.max(initial=0.0))
    tolerance = RELATIVE_TOLERANCE * largest
    positive = eigenvalues[eigenvalues > tolerance]
    flat = layer.flat_directions + int(np.sum(np.abs(eigenvalues) <= tolerance))
    return Curvature(
        parameters=parameters,
        trace=trace,
        largest=largest,
        exact_zeros=zeros,
        eigenvalues=eigenvalues,
        log_sum=float(np.log(positive).sum()),
        positive_fraction=(len(positive) + flat / 2) / parameters,
        relative_positive_fraction=len(positive) / parameters,
    )
