"""Two samples side by side: quartiles, the Kolmogorov-Smirnov test, exponents, a verdict.

NumPy alone, so that the dashboard can compute what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST = 8
"""Fewer values than this are not compared."""
RESAMPLES = 4_000
_ROUNDING = 1e-9

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Quartiles of a sample: `n` values, `low` (25 %), `median`, `high` (75 %)."""

    n: int
    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Values) -> Spread | None:
        """Of the values that are numbers; None without any."""
        values = known(values)
        if not len(values):
            return None
        low, median, high = (float(value) for value in np.quantile(values, (0.25, 0.5, 0.75)))
        return cls(len(values), low, median, high)


def known(values: ArrayLike) -> Values:
    """The values that are numbers."""
    array = np.asarray(values, np.float64)
    return array[np.isfinite(array)]


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


class Verdict(StrEnum):
    """What came of a comparison, in a word or two."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    OPEN = "open"
    TOO_FEW = "too few"


@dataclass(frozen=True)
class Comparison:
    """One quantity in published simulations and in ours.

    Attributes
    ----------
    published, ours : quartiles; None without values.
    ks, p : two-sample Kolmogorov-Smirnov distance and its probability; None when too few.
    pair_difference : median of ours minus published over the rows that were run again, each with
        its own published row; None without pairs.
    verdict, words : whether our median lies within the published quartiles, and that in words.
    """

    metric: str
    published: Spread | None
    ours: Spread | None
    ks: float | None
    p: float | None
    pair_difference: float | None
    verdict: Verdict
    words: str


def compare(
    metric: str, published: ArrayLike, ours: ArrayLike, twins: ArrayLike, explanation: str = ""
) -> Comparison:
    """Compare a quantity of all `published` simulations of a stratum with `ours`.

    Parameters
    ----------
    twins : (len(ours),), the published values of the rows that ours repeat; NaN: unknown.
    explanation : why the medians differ, where that is known.
    """
    theirs, mine = known(published), known(ours)
    differences = known(np.asarray(ours, np.float64) - np.asarray(twins, np.float64))
    spreads = Spread.of(theirs), Spread.of(mine)
    enough = min(len(theirs), len(mine)) >= FEWEST
    ks = ks_statistic(theirs, mine) if enough else None
    verdict, words = _judge(*spreads, explanation)
    return Comparison(
        metric=metric,
        published=spreads[0],
        ours=spreads[1],
        ks=ks,
        p=None if ks is None else ks_probability(ks, len(theirs), len(mine)),
        pair_difference=float(np.median(differences)) if len(differences) else None,
        verdict=verdict,
        words=words,
    )


def _judge(published: Spread | None, ours: Spread | None, explanation: str) -> tuple[Verdict, str]:
    for spread, whose in ((published, "published values"), (ours, "runs of ours")):
        if spread is None or spread.n < FEWEST:
            count = 0 if spread is None else spread.n
            return Verdict.TOO_FEW, f"{count} {whose}; a comparison takes {FEWEST}"
    assert published is not None
    assert ours is not None
    if published.low <= ours.median <= published.high:
        return Verdict.AGREES, "our median lies within the published interquartile range"
    side = "below" if ours.median < published.low else "above"
    words = f"our median lies {side} the published interquartile range"
    if explanation:
        return Verdict.EXPLAINED, f"{words}: {explanation}"
    return Verdict.OPEN, f"{words}; why is open"


def judge_stillness(metric: str, ours: ArrayLike, explanation: str = "") -> Comparison:
    """Whether a change that should be none is none, in every run; nothing is compared with it.

    `explanation`: why some runs still change, where that is known.
    """
    values = known(ours)
    spread = Spread.of(values)
    if spread is None or spread.n < FEWEST:
        verdict, words = _judge(Spread(FEWEST, 0, 0, 0), spread, "")
    elif moving := int((values > 0).sum()):
        verdict = Verdict.EXPLAINED if explanation else Verdict.OPEN
        words = f"{moving} of {spread.n} runs still change, by up to {values.max():.2g}"
        words += f": {explanation}" if explanation else "; why is open"
    else:
        verdict, words = Verdict.AGREES, f"none of {spread.n} runs changes at all, as it should be"
    return Comparison(metric, None, spread, None, None, None, verdict, words)


@dataclass(frozen=True)
class Exponent:
    """Slope of a straight line through log10 y against log10 x, with a 95 % interval."""

    n: int
    slope: float
    low: float
    high: float
    intercept: float


def exponent(log_x: ArrayLike, log_y: ArrayLike) -> Exponent | None:
    """Least squares through the pairs that are numbers; None with fewer than `FEWEST`.

    The interval is that of the slopes of resampled pairs (percentile bootstrap with a fixed seed):
    it needs no assumption about the scatter, which here grows towards weak noise.
    """
    x, y = np.asarray(log_x, np.float64), np.asarray(log_y, np.float64)
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if len(x) < FEWEST or np.ptp(x) == 0:
        return None
    slope, intercept = _line(x[None], y[None])
    chosen = np.random.default_rng(0).integers(0, len(x), (RESAMPLES, len(x)))
    slopes, _ = _line(x[chosen], y[chosen])
    low, high = np.nanquantile(slopes, (0.025, 0.975))
    return Exponent(len(x), float(slope[0]), float(low), float(high), float(intercept[0]))


def _line(x: Values, y: Values) -> tuple[Values, Values]:
    """Slope and intercept along the last axis; NaN where x does not vary."""
    mean_x, mean_y = x.mean(axis=-1), y.mean(axis=-1)
    from_mean = x - mean_x[..., None]
    variance = (from_mean**2).sum(axis=-1)
    covariance = (from_mean * (y - mean_y[..., None])).sum(axis=-1)
    slope = np.divide(covariance, variance, out=np.full_like(variance, np.nan), where=variance > 0)
    return slope, mean_y - slope * mean_x
