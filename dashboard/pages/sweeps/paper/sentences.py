"""What the paper's figures say: numbers in sentences, what is left out, and how to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from dashboard.base.words import count, minus
from dashboard.pages.sweeps.paper.curves import Bundle, CurveQuantity, MeanCurve
from dashboard.pages.sweeps.paper.data import MOST_POINTS, SweepRuns, numbers
from dashboard.pages.sweeps.paper.eigenvalue_share import SLOPE
from dashboard.pages.sweeps.paper.noise_kinds import KINDS, LOGARITHMIC, QUANTITIES, KindMean
from dashboard.pages.sweeps.paper.noise_sweep import SweepFits
from simulation.fidelity.compare import FEWEST, Spread
from simulation.fidelity.exponent import Exponent

SPECTRUM = ("active_units_final", "positive_eigenvalue_fraction")


def _sampled(ours: pd.DataFrame) -> str:
    if len(ours) <= MOST_POINTS:
        return ""
    return f"Points are a sample, at most {MOST_POINTS:,} of a kind; the numbers are made of all."


# all curves


def lines_left_out(drawn: int, total: int) -> tuple[str, ...]:
    if drawn == total:
        return ()
    return (f"{drawn:,} of {total:,} curves are drawn, an even sample; the mean is of all.",)


def curves_left_out(
    runs: SweepRuns, read: int, missing: int, rest: int, quantity: CurveQuantity, normalised: bool
) -> tuple[str, ...]:
    parts = [runs.endings]
    finished = len(runs.rows)
    if read < finished:
        parts.append(f"{read:,} of {finished:,} finished runs are read, an even sample.")
    if missing:
        why = " or starts at 0, so that nothing can be put over it" * normalised
        parts.append(f"{count(missing, 'run')} without a curve: {quantity.name} is not known{why}.")
    if rest:
        parts.append(f"{count(rest, 'run')} in groups beyond the six largest.")
    return tuple(filter(None, parts))


def curves_said(
    groups: Mapping[str, Bundle],
    means: Mapping[str, MeanCurve],
    quantity: CurveQuantity,
    normalised: bool,
) -> tuple[str, ...]:
    form = "share" if not quantity.is_log and "share" in quantity.axis else "number"
    what = f"{quantity.name}{', over its first value,' if normalised else ''}"
    lines = []
    for name, mean in means.items():
        who = f"{name}: mean of " if name else "Mean of "
        who += f"{count(len(groups[name]), 'run')}: "
        first, last = (_of(mean.mean[at], form) for at in (0, -1))
        spread = f" ± {_of(mean.sd[-1], form)}" if np.isfinite(mean.sd[-1]) else ""
        few = "" if mean.n.min() == mean.n[-1] == mean.n[0] else _reach(mean)
        lines.append(f"{who}{what} {first} at first, {last}{spread} at the end{few}.")
    return tuple(lines)


def _reach(mean: MeanCurve) -> str:
    return f" (the runs differ in length: {mean.n[-1]:,} of {mean.n.max():,} reach the end)"


def _of(value: float, form: str) -> str:
    if form == "share":
        return f"{value:.1%}"
    return minus(value, 2)


# against update noise


def sweep_left_out(runs: SweepRuns, ours: pd.DataFrame, silent: pd.DataFrame) -> tuple[str, ...]:
    parts = [runs.endings, _sampled(ours)]
    if len(silent):
        parts.append(
            f"{count(len(silent), 'run')} in which every unit fell silent have no end to put over "
            "their start, but a timescale, which is drawn; published tables leave such runs out."
        )
    timed = pd.concat([ours, silent])
    if others := len(runs.rows) - len(ours):
        what = "with another rule or other noise than update noise alone"
        parts.append(f"{count(others, 'finished run')} {what}: not in this figure.")
    for column, what in (("tau_steps", "τ"), ("log10_sparsification_rate", "published rate")):
        if unknown := int(np.isnan(numbers(timed, column)).sum()):
            parts.append(f"{count(unknown, 'run')} without a {what}: it is not identifiable there.")
    return tuple(filter(None, parts))


def sweep_said(ours: pd.DataFrame, theirs: pd.DataFrame, fits: SweepFits) -> tuple[str, ...]:
    laws = [
        _law("τ of the robust fit", fits.tau),
        _law("one over the published rate", fits.rate),
    ]
    if len(theirs):
        laws.append(_law("published simulations", fits.published))
    lines = [f"Exponent of the timescale against s: {'; '.join(laws)}. Theory: −2."]
    left = Spread.of(numbers(ours, "active_units_ratio"))
    if left is not None:
        lines.append(
            f"Of the units active at first, {left.median:.1%} still are at the end (median; middle "
            f"half {left.low:.1%} to {left.high:.1%}, n = {left.n:,})."
        )
    if theirs.empty:
        lines.append("No published simulation has this task, start, size and length.")
    return tuple(lines)


def _law(what: str, fit: Exponent | None) -> str:
    if fit is None:
        return f"{what}: none (fewer than {FEWEST} runs, or all at one strength)"
    low, high = minus(fit.low, 2), minus(fit.high, 2)
    return f"{what} {minus(fit.slope, 2)} (95 % interval {low} to {high}, n = {fit.n:,})"


# update against label noise


def kinds_left_out(runs: SweepRuns, ours: pd.DataFrame) -> tuple[str, ...]:
    parts = [runs.endings, _sampled(ours)]
    if others := len(runs.rows) - len(ours):
        what = "with another rule, both kinds of noise or neither"
        parts.append(f"{count(others, 'finished run')} {what}: not in this figure.")
    for column, title in QUANTITIES.items():
        unknown = int(np.isnan(numbers(ours, column)).sum())
        if column in LOGARITHMIC:
            unknown += int((numbers(ours, column) <= 0).sum())
        if unknown:
            name = title.split(",")[0].lower()
            parts.append(f"{count(unknown, 'run')} without {name}: not recorded or not positive.")
    return tuple(filter(None, parts))


def kinds_said(means: Sequence[KindMean]) -> tuple[str, ...]:
    lines = []
    for column, title in QUANTITIES.items():
        told = [_told(means, column, whose) for whose in ("ours", "published")]
        lines.append(f"{title}: {'; '.join(filter(None, told)) or 'not recorded'}.")
    return tuple(lines)


def _told(means: Sequence[KindMean], column: str, whose: str) -> str:
    """'published: update noise 0.07 ± 0.05 (n = 180), label noise ...'; empty: none."""
    parts = [
        f"{kind} {_mean(found)}"
        for kind in KINDS
        for found in means
        if (found.quantity, found.whose, found.kind) == (column, whose, kind)
    ]
    return f"{whose} {', '.join(parts)}" if parts else ""


def _mean(found: KindMean) -> str:
    sign = "×/÷" if found.quantity in LOGARITHMIC else "±"
    spread = f" {sign} {found.sd:.2g}" if np.isfinite(found.sd) else ""
    return f"{found.mean:.2g}{spread} (n = {found.n:,})"


# eigenvalues and active units


def spectra_left_out(runs: SweepRuns, ours: pd.DataFrame) -> tuple[str, ...]:
    parts = [runs.endings, _sampled(ours)]
    if unknown := len(runs.rows) - len(ours):
        parts.append(f"{count(unknown, 'finished run')} without eigenvalues at the end: not drawn.")
    return tuple(filter(None, parts))


def spectra_said(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[str, ...]:
    active, positive = (numbers(ours, name) for name in SPECTRUM)
    some = active > 0
    ratio = Spread.of(positive[some] / active[some])
    away = np.abs(positive - SLOPE * active)
    lines = []
    if ratio is not None:
        lines.append(
            f"Positive eigenvalues per active share: median {ratio.median:.2f}, middle half "
            f"{ratio.low:.2f} to {ratio.high:.2f} (n = {ratio.n:,}); the line is at {SLOPE:g}. "
            f"From it the points lie {away.mean():.1%} of all eigenvalues away on average."
        )
    if len(theirs):
        lines.append(
            f"{count(len(theirs), 'published simulation')} in grey, those with inputs in [−1, 1]: "
            "of these the share of active units is known as end over start only. Where not all "
            "units were active at first, that is more than the share itself."
        )
    return tuple(lines)
