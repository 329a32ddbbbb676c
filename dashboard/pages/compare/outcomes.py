"""What came of several runs, side by side: a row a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.base import words
from dashboard.pages.compare.comparison import Member
from simulation.config import in_sentence
from simulation.models.activations import ACTIVE_MEANS

UNKNOWN = "–"
_LATER = "known once the run has ended"


@dataclass(frozen=True)
class Outcome:
    """What came of a run in one respect: `text`, and in small what qualifies or replaces it."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class OutcomeRow:
    """One result of all runs; `about` says what it is."""

    label: str
    about: str
    cells: tuple[Outcome, ...]


Read = Callable[[dict[str, Any], dict[str, str]], Outcome]
"""From a run's record and the reasons for what it lacks."""


def outcomes(members: Sequence[Member]) -> tuple[list[OutcomeRow], list[str]]:
    """What is known of at least one run, a row each; the names of what is known of none."""
    records = [(member.run.record, member.run.reasons) for member in members]
    rows = [
        OutcomeRow(label, about, tuple(read(*record) for record in records))
        for label, about, read in _OUTCOMES
    ]
    known = [row for row in rows if any(cell.text != UNKNOWN for cell in row.cells)]
    return known, [in_sentence(row.label) for row in rows if row not in known]


def _reason(reasons: dict[str, str], column: str) -> str:
    return reasons.get(column, "").rstrip(".") or _LATER


def _number(column: str, form: str) -> Read:
    """Reads one number of the record, or why it is not known."""

    def read(record: dict[str, Any], reasons: dict[str, str]) -> Outcome:
        value = _any(record, column)
        if not words.known(value):
            return Outcome(UNKNOWN, _reason(reasons, column))
        return Outcome(_formatted(value, form))

    return read


def _change(name: str, form: str) -> Read:
    """Reads a first and a last value."""

    def read(record: dict[str, Any], reasons: dict[str, str]) -> Outcome:
        first, last = _any(record, f"{name}_initial"), _any(record, f"{name}_final")
        if not (words.known(first) and words.known(last)):
            return Outcome(UNKNOWN, _reason(reasons, f"{name}_final"))
        return Outcome(f"{_formatted(first, form)} → {_formatted(last, form)}")

    return read


def _timescale(record: dict[str, Any], reasons: dict[str, str]) -> Outcome:
    tau, low, high = (_any(record, f"tau_steps{part}") for part in ("", "_low", "_high"))
    if not words.known(tau):
        if not record.get("tau_verdict"):
            return Outcome(UNKNOWN, _LATER)
        return Outcome(str(record["tau_verdict"]), _reason(reasons, "tau_steps"))
    interval = f"95 % interval {words.whole(low)} to {words.whole(high)}"
    return Outcome(f"{words.whole(tau)} steps", interval)


def _ending(record: dict[str, Any], _: dict[str, str]) -> Outcome:
    reached = _any(record, "steps_reached")
    where = f"at step {int(reached):,}" if words.known(reached) else ""
    return Outcome(str(record["status"]).replace("_", " "), where)


def _any(record: dict[str, Any], column: str) -> Any:
    return record.get(column)


def _formatted(value: float, form: str) -> str:
    if form == "share":
        return f"{value:.1%}"
    if form == "step":
        return f"{int(value):,}"
    return words.minus(value, 2) if form == "fixed" else f"{value:.3g}".replace("-", "−")


_OUTCOMES: tuple[tuple[str, str, Read], ...] = (
    ("Ending", "How the run ended, and at which step.", _ending),
    (
        "Final loss",
        "log₁₀(loss / variance of the targets), last ten recordings; 0 is guessing the mean.",
        _number("final_log10_normalized_loss", "fixed"),
    ),
    (
        "Active units",
        "Share of units that respond to at least one sample: at first → at the end. "
        f"{ACTIVE_MEANS}",
        _change("active_units", "share"),
    ),
    (
        "Active fraction",
        f"Share of (unit, sample) pairs with activity: at first → at the end. {ACTIVE_MEANS}",
        _change("active_fraction", "share"),
    ),
    (
        "Spatial information",
        "Mean over tuned units, in bits: at first → at the end.",
        _change("mean_spatial_information", "fixed"),
    ),
    ("Timescale τ", "How long units take to fall silent, with its 95 % interval.", _timescale),
    (
        "Published rate",
        "log₁₀ of the rate at which units fall silent (per step), by the paper's method.",
        _number("log10_sparsification_rate", "fixed"),
    ),
    (
        "Hessian trace",
        "Mean over the last tenth of the run over the mean over its first: below 1 it became "
        "flatter.",
        _number("hessian_trace_ratio", "ratio"),
    ),
    (
        "Positive eigenvalues",
        "Share of the Hessian's eigenvalues above 0 in the last tenth of the run.",
        _number("positive_eigenvalue_fraction", "share"),
    ),
    (
        "Learning over",
        "Step at which the loss has converged.",
        _number("learning_end_step", "step"),
    ),
    (
        "Stationary from",
        "Step from which the activity statistics are steady.",
        _number("stationary_from_step", "step"),
    ),
    (
        "Diffusion of tuning",
        "Diffusion constant of the centres of tuning in null drift, in arena units² per step.",
        _number("centroid_diffusion", "ratio"),
    ),
)
