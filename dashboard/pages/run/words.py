"""What the figures of a run show, said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard.base.words import count, known, minus, whole
from dashboard.runs.frames import Frame
from dashboard.runs.queries import Spectrum
from dashboard.runs.store import UnitHistory
from dashboard.runs.tuning import SortedGrid, silent
from dashboard.urls import source_parts
from simulation.metrics.spatial import TUNED_THRESHOLD_BITS


def timescale(record: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """tau with its interval, or why there is none."""
    tau, low, high = (_number(record, f"tau_steps{part}") for part in ("", "_low", "_high"))
    if tau is None:
        reason = reasons.get("tau_steps", "it is fitted once the run has ended")
        return f"No timescale τ: {reason.rstrip('.')}."
    interval = (
        f" (95 % interval {whole(low)} to {whole(high)})"
        if low is not None and high is not None
        else ""
    )
    verdict = record.get("tau_verdict") or ""
    doubt = "" if verdict == "identified" else f" The verdict on this fit: {verdict}."
    return f"Units fall silent with a timescale of τ = {whole(tau)} steps{interval}.{doubt}"


def published_rate(record: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """The published rate, or why there is none."""
    rate = _number(record, "log10_sparsification_rate")
    if rate is None:
        reason = reasons.get("log10_sparsification_rate", "it is fitted once the run has ended")
        return f"The published method gives no rate: {reason.rstrip('.')}."
    return (
        f"The published method (dotted) gives log₁₀ of the rate as {minus(rate, 2)}, "
        f"that is τ = {whole(10**-rate)} steps."
    )


_ON = {
    "evaluation": " somewhere on the long walk",
    "training": " on the training samples",
    "samples": "",
}


def _active(frame: Frame) -> str:
    """'107 of 200 units active (activity > 0) somewhere on the long walk'."""
    total = len(frame.shown)
    loud = total - int(silent(frame.shown).sum())
    kind, arena = source_parts(frame.source)
    where = f"{_ON[kind]} in arena {arena}" if arena else _ON[kind]
    return f"{loud:,} of {count(total, 'unit')} active ({frame.active_words}){where}"


def maps_shown(frame: Frame, order_step: int, rows: int, noun: str = "position") -> str:
    """What the sorted maps show; `noun` is what units are tuned to."""
    empty = rows - int((~silent(frame.shown)).sum())
    what = "sample that drives them most" if frame.source == "samples" else f"{noun} of their peak"
    silent_rows = f" {count(empty, 'empty row')}: silent here." if empty else ""
    return (
        f"Step {frame.step:,}: {_active(frame)}. "
        f"Rows in the order of the {what} at step {order_step:,}.{silent_rows}{_signs(frame)}"
    )


def _signs(frame: Frame) -> str:
    return " Activity can be negative here: its magnitude is shown." * frame.can_be_negative


def grid_shown(grid: SortedGrid, moments: int, always: bool) -> str:
    """What the square of sorted maps shows."""
    where = "the one moment" if moments == 1 else "all moments" if always else "one or more moments"
    if grid.units == 0:
        return f"No unit is active at {where}."
    part = "" if grid.units == grid.eligible else f", {grid.units} of them drawn, evenly chosen"
    few = " Move the cursor later to compare more moments." if moments < 4 else ""
    return f"{count(grid.eligible, 'unit')} active at {where}{part}.{few}"


def population(frame: Frame, noun: str = "position") -> str:
    """How many units are active, and tuned to what `noun` says, at this moment."""
    start = f"Step {frame.step:,}: {_active(frame)}"
    if not frame.informative:
        quiet = count(int(silent(frame.shown).sum()), "silent unit")
        return f"{start}. {quiet} not drawn.{_signs(frame)}"
    tuned = int((frame.information > TUNED_THRESHOLD_BITS).sum())
    median = np.median(frame.information[np.isfinite(frame.information)]) if tuned else None
    middle = f", median {median:.2f} bits" if median is not None else ""
    return f"{start}, {tuned:,} tuned to {noun}{middle}."


def spectrum(now: Spectrum | None, step: int, missing: str, low: float) -> str:
    """The eigenvalues by sign; `missing` says why there is no newer spectrum, `low` is where the
    histogram's axis starts (log10)."""
    why = f" {missing[0].upper()}{missing[1:].rstrip('.')}." if missing else ""
    if now is None:
        return f"No eigenvalues were recorded at or before step {step:,}.{why}"
    nearest = "" if now.step == step else ", the last recorded before the cursor"
    positive = len(now.log10_positive)
    zeros = f"{now.exact_zeros:,} exactly zero (weights of silent units, unused input directions)"
    rounded = f" and {now.rounded_zeros:,} zero up to rounding" if now.rounded_zeros else ""
    tiny = int((now.log10_positive < low).sum())
    first = f" The first bar holds {tiny:,} that are smaller still." if tiny else ""
    return (
        f"Step {now.step:,}{nearest}: of {now.parameters:,} eigenvalues {positive:,} are positive "
        f"({positive / now.parameters:.1%}), {now.negative:,} negative, {zeros}{rounded}."
        f"{first}{why}"
    )


def untrained(trained: pd.DataFrame, whole: pd.DataFrame) -> str:
    """What units do that no training sample drives: the loss in familiar scenery, with them and
    without, at the last snapshot that has both. Empty where there is no row of `whole`."""
    if whole.empty:
        return ""
    step = trained["step"].max()
    without, with_them = (
        rows[(rows["step"] == step) & (rows["morph"] == 0)]["log10_normalized_loss"].iloc[0]
        for rows in (trained, whole)
    )
    return (
        "Counted are units that are active on a training sample. The others have no gradient and "
        f"wander with the noise: with them, log₁₀ loss in familiar scenery at step {int(step):,} "
        f"would be {minus(with_them, 2)}, without them it is {minus(without, 2)}."
    )


def remapping(rows: pd.DataFrame, rho: float | None) -> str:
    """What one grade of change does early and late; `rows` (in order) since learning, with `rho`
    their rank correlation between trace and map correlation."""
    first, last = rows.iloc[0], rows.iloc[-1]

    def change(column: str, decimals: int) -> str:
        start, end = (minus(row[column], decimals) for row in (first, last))
        return f"from {start} to {end}"

    text = (
        f"Scenery changed by {first['morph']:.2g}, step {int(first['step']):,} to "
        f"{int(last['step']):,}: maps correlate with the familiar ones {change(_MAPS, 2)}, "
        f"log₁₀ loss goes {change('log10_normalized_loss', 2)}, the Hessian's trace "
        f"{change('hessian_trace', 1)}."
    )
    if rho is None:
        return text
    meaning = "the flatter, the less remapping" if rho < 0 else "the flatter, the more remapping"
    if abs(rho) < CLEAR_RANK_CORRELATION:
        meaning = "no clear relation"
    moments = count(len(rows), "snapshot")
    return (
        f"{text} Rank correlation of trace and map correlation over {moments}: {minus(rho, 2)} "
        f"({meaning})."
    )


_MAPS = "rate_map_correlation"
CLEAR_RANK_CORRELATION = 0.3
"""Below this a rank correlation is called no clear relation."""


def between_arenas(snapshots: pd.DataFrame) -> str:
    """How alike maps are in different arenas at one moment; empty with one arena."""
    known = snapshots.dropna(subset=["across_arenas_correlation"])
    if known.empty:
        return ""
    first, last = (
        f"{minus(row['across_arenas_correlation'], 2)} at step {int(row['step']):,}"
        for _, row in known.iloc[[0, -1]].iterrows()
    )
    return (
        "This is within one arena. Between arenas, at the same moment, the maps of units tuned in "
        f"both correlate {first} and {last}."
    )


def unit_followed(unit: int, frame: Frame, history: UnitHistory) -> str:
    """How the followed unit stands now and how long it is active."""
    active = np.asarray(np.isfinite(history.maps).any(axis=1), np.bool_)
    alive = f"Active in {int(active.sum())} of {count(len(active), 'snapshot')}"
    if not np.isfinite(frame.peak[unit]):
        return f"Unit {unit} is silent at step {frame.step:,}. {alive}."
    bits = frame.information[unit]
    says = f"{bits:.2f} bits about position, " if np.isfinite(bits) else ""
    return (
        f"Unit {unit} at step {frame.step:,}: {says}peak activity {frame.peak[unit]:.3g}. {alive}."
    )


def _number(record: Mapping[str, Any], column: str) -> float | None:
    value: Any = record.get(column)
    return float(value) if known(value) else None
