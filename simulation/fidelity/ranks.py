"""Two tests that ask for nothing but order: Kolmogorov and Smirnov's, and Wilcoxon's for pairs.

NumPy alone, so that the dashboard can compute what it shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_ROUNDING = 1e-9


def ks_statistic(first: Values, second: Values) -> float:
    """Largest distance between the two empirical distribution functions, in [0, 1]."""
    first, second = np.sort(first), np.sort(second)
    places = np.concatenate([first, second])
    below = [np.searchsorted(sample, places, "right") / len(sample) for sample in (first, second)]
    return float(np.abs(below[0] - below[1]).max())


def ks_probability(statistic: float, n_first: int, n_second: int) -> float:
    """Chance of a distance at least this large between two samples of one distribution.

    Exact for samples without ties, too large for others: in order, the pooled values are a path
    over a lattice of n_first by n_second steps, all paths equally likely; what is asked is the
    share of those that leave the band |i / n_first - j / n_second| < statistic (Hodges 1958).
    """
    i = np.arange(n_first + 1)
    within = np.zeros(n_first + 1)  # of the paths to (i, k - i), the share that stayed in the band
    within[0] = 1.0
    for k in range(1, n_first + n_second + 1):
        from_first = np.concatenate([[0.0], within[:-1]]) * i / k
        within = from_first + within * (k - i) / k
        j = k - i
        inside = (j >= 0) & (j <= n_second)
        inside &= np.abs(i / n_first - j / n_second) < statistic - _ROUNDING
        within = np.where(inside, within, 0.0)
    return float(1 - within[n_first])


def signed_rank_probability(differences: Values) -> float:
    """Chance of differences at least as one-sided as these, were each as likely of either sign.

    Wilcoxon's signed-rank test, two-sided: the sum of the ranks (by size) of those above zero.
    Exact: the share of all choices of signs with a sum at least as far from the middle. Zeros are
    left out, and equal sizes share their mean rank. 1 without any difference.
    """
    found = differences[differences != 0]
    sizes = np.abs(found)
    below = (sizes[:, None] > sizes).sum(axis=1)
    alike = (sizes[:, None] == sizes).sum(axis=1)
    doubled = 2 * below + alike + 1  # twice the rank: a whole number
    ways = np.ones(1)  # of signs, by the doubled sum of ranks above zero; as shares
    for rank in doubled:
        ways = (np.pad(ways, (0, rank)) + np.pad(ways, (rank, 0))) / 2
    away = np.abs(np.arange(len(ways)) - (len(ways) - 1) / 2)
    seen = abs(doubled[found > 0].sum() - (len(ways) - 1) / 2)
    return float(ways[away >= seen - _ROUNDING].sum())
