"""The Hessian of the loss, exactly, from the network's structure.

The Hessian of the mean squared error f over all P = H (D + 1 + O) parameters is
(2 / (N O)) (J^T J + R). J is the Jacobian of the N*O outputs. R couples the input weights and bias
of a unit with its own output weights alone: R_k = sum_i 1[h_ik > 0] residual_i (outer) x_i.
Two kinds of directions are exactly flat and are left out:

- all parameters of a unit that is silent on every sample;
- changes of a unit's input weights and bias at right angles to every sample [x_i, 1], of which
  there are D + 1 - rank([X, 1]) a unit. To leave them out, input weights are expressed in the
  principal axes of [X, 1]: a rotation, which keeps all eigenvalues.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.models.feedforward import NetworkState
from simulation.tasks.dataset import FloatArray


@dataclass(frozen=True, eq=False)
class ActiveLayer:
    """The A active units, with [x_i, 1] expressed in its r principal axes.

    Attributes
    ----------
    samples : Z, (N, r).
    gates : 1 where a unit is active on a sample, else 0: (N, A).
    activity : h, (N, A).
    output_weights : n, (O, A).
    residuals : prediction - target, (N, O).
    flat_directions : input directions taken out, of all active units together.
    """

    samples: FloatArray
    gates: FloatArray
    activity: FloatArray
    output_weights: FloatArray
    residuals: FloatArray
    flat_directions: int

    @classmethod
    def of(cls, state: NetworkState, inputs: FloatArray, targets: FloatArray) -> ActiveLayer:
        weights = state.input_weights.astype(np.float64)
        output_weights = state.output_weights.astype(np.float64)
        activity = np.maximum(inputs @ weights.T + state.biases, 0)
        active = (activity > 0).any(axis=0)
        activity, output_weights = activity[:, active], output_weights[:, active]
        samples = _principal_coordinates(inputs)
        flat = inputs.shape[1] + 1 - samples.shape[1]
        return cls(
            samples=samples,
            gates=(activity > 0).astype(np.float64),
            activity=activity,
            output_weights=output_weights,
            residuals=activity @ output_weights.T - targets,
            flat_directions=flat * activity.shape[1],
        )

    @property
    def size(self) -> int:
        """Rows of the matrix to solve: A (r + O)."""
        return self.gates.shape[1] * (self.samples.shape[1] + self.residuals.shape[1])

    @property
    def scale(self) -> float:
        return 2 / self.residuals.size

    def trace(self) -> float:
        """Sum of all eigenvalues: that of J^T J, since R has no diagonal."""
        gated = np.square(self.samples).sum(axis=1) @ self.gates
        by_input = gated @ np.square(self.output_weights).sum(axis=0)
        by_output = self.residuals.shape[1] * np.square(self.activity).sum()
        return float(self.scale * (by_input + by_output))

    def hessian(self) -> FloatArray:
        """The matrix: input parameters unit by unit (r each), then output weights (O each)."""
        axes, units, outputs = (
            self.samples.shape[1],
            self.gates.shape[1],
            self.residuals.shape[1],
        )
        split = units * axes
        gated = (self.gates[:, :, None] * self.samples[:, None, :]).reshape(
            len(self.samples), split
        )
        overlap = self.output_weights.T @ self.output_weights
        matrix = np.empty((self.size, self.size))
        matrix[:split, :split] = (
            (gated.T @ gated).reshape(units, axes, units, axes) * overlap[:, None, :, None]
        ).reshape(split, split)
        mixed = np.einsum(
            "kdl,ok->kdlo",
            (gated.T @ self.activity).reshape(units, axes, units),
            self.output_weights,
        )
        own = np.arange(units)
        mixed[own, :, own, :] += (gated.T @ self.residuals).reshape(units, axes, outputs)
        matrix[:split, split:] = mixed.reshape(split, units * outputs)
        matrix[split:, :split] = matrix[:split, split:].T
        matrix[split:, split:] = np.kron(self.activity.T @ self.activity, np.eye(outputs))
        return np.multiply(matrix, self.scale, out=matrix)

    def product(self, vector: FloatArray) -> FloatArray:
        """The matrix times a vector, without forming the matrix."""
        units, split = self.gates.shape[1], self.gates.shape[1] * self.samples.shape[1]
        inputs = vector[:split].reshape(units, -1)
        outputs = vector[split:].reshape(units, -1)
        change = self.gates * (self.samples @ inputs.T)
        shift = change @ self.output_weights.T + self.activity @ outputs
        back = self.gates * (shift @ self.output_weights + self.residuals @ outputs.T)
        by_output = self.activity.T @ shift + change.T @ self.residuals
        return self.scale * np.concatenate([(back.T @ self.samples).ravel(), by_output.ravel()])

    def largest_eigenvalue(self) -> float:
        """The largest eigenvalue by Lanczos iteration on products alone."""
        from scipy.sparse.linalg import LinearOperator, eigsh

        matrix = LinearOperator((self.size, self.size), matvec=self.product, dtype=np.float64)
        start = np.random.default_rng(0).normal(size=self.size)
        found = eigsh(matrix, k=1, which="LA", v0=start, return_eigenvectors=False)
        return float(found[0])


def _principal_coordinates(inputs: FloatArray) -> FloatArray:
    """[X, 1] in its principal axes, without those it has no extent in: (N, rank)."""
    extended = np.column_stack([inputs, np.ones(len(inputs))])
    left, extent, _ = np.linalg.svd(extended, full_matrices=False)
    rounding = extent[0] * max(extended.shape) * np.finfo(np.float64).eps
    kept = extent > rounding
    return left[:, kept] * extent[kept]
