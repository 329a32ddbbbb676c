"""How well the units' responses keep the similarities of the inputs: Qin et al., Nat Neurosci 2023.

Similarity of two samples is the scalar product of their vectors. The network descends, online and
up to the l1 and l2 penalties of its responses, the mismatch between all similarities of its T
responses y and of its T inputs x, the latter lowered by alpha, which its bias brings about:

    ||X^T X - Y^T Y - alpha||_F^2 / T^2.

Responses are not negative, and so are their similarities: where the inputs' are, the mismatch
cannot reach 0.
"""

from __future__ import annotations

import numpy as np

from simulation.models.feedforward import Array
from simulation.tasks.dataset import FloatArray


def similarity_mismatch(inputs: FloatArray, activity: Array, bias_strength: float = 0.0) -> float:
    """Mean squared mismatch over all T^2 pairs of samples, in similarity squared.

    Parameters
    ----------
    inputs : (T, D), one row a sample.
    activity : (H, T), one column a sample.
    bias_strength : alpha.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        mismatch = inputs @ inputs.T - activity.T @ activity - bias_strength
        return float(np.mean(np.square(mismatch)))


def log10_relative_mismatch(mismatch: float, inputs: FloatArray, bias_strength: float) -> float:
    """log10 of a mismatch over that of a silent network, which is at 0.

    NaN where a silent network makes no mismatch; -inf where the mismatch is exactly 0.
    """
    silent = similarity_mismatch(inputs, np.zeros((1, len(inputs))), bias_strength)
    if silent == 0:
        return np.nan
    with np.errstate(divide="ignore"):
        return float(np.log10(mismatch / silent))
