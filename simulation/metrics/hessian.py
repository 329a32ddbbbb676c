"""The Hessian of the loss, exactly, from the network's structure, for every activation.

With z_ik = m_k x_i + b_k, h_ik = sigma(z_ik) and residuals e_i = prediction_i - target_i, the
Hessian of the mean squared error f over all P = H (D + 1 + O) parameters is
(2 / (N O)) (J^T J + R). J is the Jacobian of the N*O outputs. R, what the outputs' own curvature
adds, couples parameters of the same unit alone, where x~_i = [x_i, 1]:

- (m_k, b_k) with n_k: sum_i sigma'(z_ik) x~_i (outer) e_i;
- (m_k, b_k) with itself: sum_i sigma''(z_ik) (n_k . e_i) x~_i (outer) x~_i. This term is 0 for the
  rectifiers, whose sigma'' is 0, and is the only one of R that enters the trace.

Two kinds of directions are exactly flat and are left out:

- all parameters of a unit for which sigma, sigma' and sigma'' are 0 on every sample. For the
  rectifier these are the silent units; the other activations have none, up to underflow;
- changes of a unit's input weights and bias at right angles to every x~_i, of which there are
  D + 1 - rank([X, 1]) a unit. To leave them out, input weights are expressed in the principal
  axes of [X, 1]: a rotation, which keeps all eigenvalues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulation.metrics.lanczos import largest_eigenvalue
from simulation.models.activations import ACTIVATIONS
from simulation.models.feedforward import NetworkState
from simulation.tasks.dataset import FloatArray

Real = TypeVar("Real", bound=np.floating[Any])


@dataclass(frozen=True, eq=False)
class ActiveLayer:
    """The A units that are not flat altogether, at N samples given by their r coordinates.

    Attributes
    ----------
    samples : Z, (N, r).
    slopes : sigma'(z), (N, A).
    activity : h, (N, A).
    output_weights : n, (O, A).
    residuals : prediction - target, (N, O).
    bends : sigma''(z_ik) (n_k . e_i), (N, A); None where it is 0 throughout.
    flat_directions : input directions taken out, of all A units together.
    """

    samples: FloatArray
    slopes: FloatArray
    activity: FloatArray
    output_weights: FloatArray
    residuals: FloatArray
    bends: FloatArray | None
    flat_directions: int = 0

    @classmethod
    def of(cls, state: NetworkState, inputs: FloatArray, targets: FloatArray) -> ActiveLayer:
        """The layer with its samples in the principal axes of [X, 1]."""
        samples = _principal_coordinates(inputs)
        return cls._at(state, inputs, targets, samples)

    @classmethod
    def unrotated(cls, state: NetworkState, inputs: FloatArray, targets: FloatArray) -> ActiveLayer:
        """The layer with its samples as they are, [X, 1]: enough for the trace, and quick."""
        return cls._at(state, inputs, targets, _extended(inputs))

    @classmethod
    def _at(
        cls, state: NetworkState, inputs: FloatArray, targets: FloatArray, samples: FloatArray
    ) -> ActiveLayer:
        sigma = ACTIVATIONS[state.activation]
        drive = inputs @ state.input_weights.T.astype(np.float64) + state.biases
        value, slope, curvature = (
            part(drive).astype(np.float64, copy=False)
            for part in (sigma.value, sigma.slope, sigma.curvature)
        )
        alive = ((value != 0) | (slope != 0) | (curvature != 0)).any(axis=0)
        activity, slopes = _columns(value, alive), _columns(slope, alive)
        output_weights = _columns(state.output_weights, alive).astype(np.float64)
        residuals = activity @ output_weights.T - targets
        return cls(
            samples=samples,
            slopes=slopes,
            activity=activity,
            output_weights=output_weights,
            residuals=residuals,
            bends=_columns(curvature, alive) * (residuals @ output_weights)
            if curvature.any()
            else None,
            flat_directions=(inputs.shape[1] + 1 - samples.shape[1]) * activity.shape[1],
        )

    @property
    def size(self) -> int:
        """Rows of the matrix to solve: A (r + O)."""
        return int(self.slopes.shape[1] * (self.samples.shape[1] + self.residuals.shape[1]))

    @property
    def scale(self) -> float:
        return 2 / self.residuals.size

    def trace(self) -> float:
        """Sum of all eigenvalues."""
        lengths = np.square(self.samples).sum(axis=1)
        by_input = (lengths @ np.square(self.slopes)) @ np.square(self.output_weights).sum(axis=0)
        by_output = self.residuals.shape[1] * np.square(self.activity).sum()
        by_bend = 0.0 if self.bends is None else (lengths @ self.bends).sum()
        return float(self.scale * (by_input + by_output + by_bend))

    def hessian(self) -> FloatArray:
        """The matrix: input parameters unit by unit (r each), then output weights (O each)."""
        axes, units, outputs = (
            self.samples.shape[1],
            self.slopes.shape[1],
            self.residuals.shape[1],
        )
        split, own = units * axes, np.arange(units)
        sloped = (self.slopes[:, :, None] * self.samples[:, None, :]).reshape(
            len(self.samples), split
        )
        overlap = self.output_weights.T @ self.output_weights
        matrix = np.zeros((self.size, self.size))  # large: its parts are made where they stay
        np.matmul(sloped.T, sloped, out=matrix[:split, :split])
        inputs = matrix[:split, :split].reshape(units, axes, units, axes)
        mixed = matrix[:split, split:].reshape(units, axes, units, outputs)
        by_output = matrix[split:, split:].reshape(units, outputs, units, outputs)
        inputs *= overlap[:, None, :, None]
        if self.bends is not None:
            bent = self.bends.T[:, :, None] * self.samples
            inputs[own, :, own, :] += self.samples.T @ bent
        crossed = (sloped.T @ self.activity).reshape(units, axes, units)
        np.einsum("kdl,ok->kdlo", crossed, self.output_weights, out=mixed)
        mixed[own, :, own, :] += (sloped.T @ self.residuals).reshape(units, axes, outputs)
        matrix[split:, :split] = matrix[:split, split:].T
        by_output[:, range(outputs), :, range(outputs)] = self.activity.T @ self.activity
        return np.multiply(matrix, self.scale, out=matrix)

    def product(self, vector: FloatArray) -> FloatArray:
        """The matrix times a vector, without forming the matrix."""
        units, split = self.slopes.shape[1], self.slopes.shape[1] * self.samples.shape[1]
        inputs = vector[:split].reshape(units, -1)
        outputs = vector[split:].reshape(units, -1)
        drive = self.samples @ inputs.T
        change = self.slopes * drive
        shift = change @ self.output_weights.T + self.activity @ outputs
        back = self.slopes * (shift @ self.output_weights + self.residuals @ outputs.T)
        if self.bends is not None:
            back += self.bends * drive
        by_output = self.activity.T @ shift + change.T @ self.residuals
        return self.scale * np.concatenate([(back.T @ self.samples).ravel(), by_output.ravel()])

    def largest_eigenvalue(self) -> float:
        """The largest eigenvalue, from products alone; 0 of no units."""
        if not self.size:
            return 0.0
        return largest_eigenvalue(self.product, np.random.default_rng(0).normal(size=self.size))


def _columns(matrix: NDArray[Real], chosen: NDArray[np.bool_]) -> NDArray[Real]:
    """`matrix[:, chosen]`, a copy with its columns one after the other, in half the time."""
    return matrix.T.compress(chosen, axis=0).T


def _extended(inputs: FloatArray) -> FloatArray:
    return np.column_stack([inputs, np.ones(len(inputs))])


def _principal_coordinates(inputs: FloatArray) -> FloatArray:
    """[X, 1] in its principal axes, without those it has no extent in: (N, rank)."""
    extended = _extended(inputs)
    left, extent, _ = np.linalg.svd(extended, full_matrices=False)
    rounding = extent[0] * max(extended.shape) * np.finfo(np.float64).eps
    kept = extent > rounding
    coordinates: FloatArray = left[:, kept] * extent[kept]
    return coordinates
