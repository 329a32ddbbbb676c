"""Two samples side by side: quartiles, tests, a verdict.

NumPy alone, so that the dashboard can compute what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.fidelity.ranks import ks_probability, ks_statistic, signed_rank_probability

FEWEST = 8
"""Fewer values than this are not compared."""

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


class Verdict(StrEnum):
    """What came of a comparison, in a word or two."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    OPEN = "open"
    TOO_FEW = "too few"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class Comparison:
    """One quantity in published simulations and in ours.

    Attributes
    ----------
    published, ours : quartiles; None without values.
    ks, p : two-sample Kolmogorov-Smirnov distance and its probability; None when too few.
    pair_difference, pair_p : median of ours minus published over the rows that were run again,
        each with its own published row, and the probability of Wilcoxon's signed-rank test that
        the differences are of either sign alike; None with too few pairs. Where a stratum spans
        many noise strengths this is the sharper comparison.
    verdict, words : whether our median lies within the published quartiles, and that in words.
    """

    metric: str
    published: Spread | None
    ours: Spread | None
    ks: float | None
    p: float | None
    pair_difference: float | None
    pair_p: float | None
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
    enough, paired = min(len(theirs), len(mine)) >= FEWEST, len(differences) >= FEWEST
    ks = ks_statistic(theirs, mine) if enough else None
    verdict, words = _judge(*spreads, explanation)
    return Comparison(
        metric=metric,
        published=spreads[0],
        ours=spreads[1],
        ks=ks,
        p=None if ks is None else ks_probability(ks, len(theirs), len(mine)),
        pair_difference=float(np.median(differences)) if paired else None,
        pair_p=signed_rank_probability(differences) if paired else None,
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
    return Comparison(metric, None, spread, None, None, None, None, verdict, words)
