"""Comparisons in words."""

from __future__ import annotations

from collections import Counter

from dashboard.base.words import count, minus
from dashboard.pages.fidelity.reports import number
from simulation.fidelity.compare import Comparison, Spread, Verdict
from simulation.fidelity.exponent import Exponent
from simulation.fidelity.report import StratumReport


def tally(about: StratumReport) -> str:
    """'16 of 16 runs · 5 agree, 1 open'."""
    verdicts = Counter(item.verdict for item in about.comparisons)
    parts = [
        f"{verdicts[verdict]} {word}"
        for verdict, word in (
            (Verdict.AGREES, "agree"),
            (Verdict.EXPLAINED, "explained"),
            (Verdict.OPEN, "open"),
            (Verdict.UNPUBLISHED, "with nothing published"),
        )
        if verdicts[verdict]
    ]
    runs = f"{about.finished} of {count(len(about.runs), 'run')}"
    return f"{runs} · {', '.join(parts) or 'not compared yet'}"


def comparison(about: StratumReport, found: Comparison) -> str:
    """Both medians, the test, the verdict, and what was left out."""
    parts = [
        f"{whose} {_spread(found.metric, spread)}"
        for whose, spread in (("Published:", found.published), ("Ours:", found.ours))
        if spread is not None
    ]
    if found.ks is not None and found.p is not None:
        parts.append(f"Kolmogorov–Smirnov distance {found.ks:.2f} (p = {found.p:.2g})")
    if found.pair_difference is not None:
        middle, p = minus(found.pair_difference, 3), f"{found.pair_p:.2g}"
        parts.append(f"Run by run, ours minus the published: median {middle} (Wilcoxon p = {p})")
    parts.append(f"{found.verdict.capitalize()}: {found.words}")
    for ending, runs in about.left_out.items():
        how = ending.replace("_", " ")
        verb = "is" if runs == 1 else "are"
        parts.append(f"{count(runs, 'run')} of ours ended with “{how}” and {verb} left out")
    return ". ".join(parts) + "."


def _spread(metric: str, spread: Spread) -> str:
    low, median, high = (
        number(metric, value) for value in (spread.low, spread.median, spread.high)
    )
    return f"median {median}, middle half {low} to {high}, n = {spread.n}"


def exponents(about: StratumReport) -> str:
    """Both slopes with their intervals, and the verdict on them."""
    parts = [
        f"{whose} slope {_exponent(found)}"
        for whose, found in (
            ("Published", about.exponents["published"]),
            ("Our", about.exponents["ours"]),
        )
    ]
    if judged := about.exponents_verdict:
        parts.append(f"{judged[0].capitalize()}: {judged[1]}")
    return f"{about.stratum.title}. {'. '.join(parts)}."


def _exponent(found: Exponent | None) -> str:
    if found is None:
        return "not known: too few runs"
    low, high = minus(found.low, 2), minus(found.high, 2)
    return f"{minus(found.slope, 2)} (95 % interval {low} to {high}, n = {found.n})"
