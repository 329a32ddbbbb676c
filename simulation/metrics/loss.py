"""How well the network does the task."""

from __future__ import annotations

import numpy as np

from simulation.models.feedforward import Array, NetworkState, predictions
from simulation.tasks.dataset import Dataset


def mean_squared_error(state: NetworkState, dataset: Dataset) -> float:
    """Mean over all N*O entries of (prediction - target)^2 (eq. 3), without any noise."""
    return mean_square(predictions(state, dataset.inputs) - dataset.targets)


def mean_square(residuals: Array) -> float:
    """The mean of the squares of all entries."""
    return float(np.mean(np.square(residuals)))


def log10_normalized_loss(mse: float, targets: Array) -> float:
    """log10(mse / var(targets)): 0 is the estimator that always answers the mean target.

    The variance is over all entries of `targets`. NaN where the targets do not vary; -inf where
    the error is exactly 0.
    """
    return log10_share(mse, float(np.var(targets)))


def log10_share(mse: float, variance: float) -> float:
    """`log10_normalized_loss` of targets with this variance."""
    if variance == 0:
        return np.nan
    share = mse / variance
    return float(np.log10(share)) if share else -np.inf


def log10_loss(normalized: float, targets: Array) -> float:
    """log10(mse) again, from `log10_normalized_loss` and the targets it was of."""
    return normalized + float(np.log10(np.var(targets)))
