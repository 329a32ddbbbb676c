"""What was found in a run's curves: its phases, and the timescales fitted to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.base.theme import PHASES
from simulation.analysis.timescale import RateFit, TimescaleFit
from simulation.archive import Run
from simulation.config.schedule import Steps

FIT_POINTS = 100
ROUNDING = 1e-3
"""A fitted share this far above 1 is as good as 1."""
NO_STEPS = np.empty(0, np.int64)


@dataclass(frozen=True)
class Phases:
    """The two boundaries between the three phases; None: not reached, or not known (`reasons`).

    `first` and `last` are where the run starts and ends; last None: it goes on. `at_rest`: nothing
    random happens in training, so nothing drifts once the statistics stand still.
    """

    learning_end: int | None
    stationary_from: int | None
    rule: str
    reasons: dict[str, str]
    first: int = 0
    last: int | None = None
    at_rest: bool = False

    def name(self, key: str) -> str:
        """What the phase `key` of `PHASES` is called in this run."""
        return "At rest" if key == "null" and self.at_rest else PHASES[key][0]


def phases(run: Run) -> Phases:
    """The phases of a run that has ended; without boundaries while it goes on."""
    record = run.record
    return Phases(
        learning_end=_whole(record.get("learning_end_step")),
        stationary_from=_whole(record.get("stationary_from_step")),
        rule=record.get("phases_rule") or "",
        reasons=run.reasons,
        first=run.config.parent.step,
        last=_whole(record.get("steps_reached")),
        at_rest=run.config.is_noise_free,
    )


@dataclass(frozen=True, eq=False)
class FitCurve:
    """A curve fitted to the share of active units, where it was fitted."""

    name: str
    steps: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def is_share(self) -> NDArray[np.bool_]:
        """Where the values can be a share of units: an exponential may start above all of them."""
        return self.values <= 1 + ROUNDING


def fit_curves(run: Run) -> list[FitCurve]:
    """The robust and the published fit of an ended run, as far as there are any."""
    record = run.record
    robust = _robust(record, run.config.parent.step)
    fits = (("robust", robust), ("published", _published(record)))
    return [FitCurve(name, steps, fit.predict(steps)) for name, (fit, steps) in fits if len(steps)]


def _robust(record: Mapping[str, Any], first: int) -> tuple[TimescaleFit, Steps]:
    fit = TimescaleFit(
        verdict=str(record["tau_verdict"]),
        tau_steps=record["tau_steps"],
        onset_step=record["fit_robust_onset_step"],
        floor=record["fit_robust_floor"],
        amplitude=record["fit_robust_amplitude"],
    )
    known = fit.tau_steps is not None
    return fit, _spread(first, record["steps_reached"]) if known else NO_STEPS


def _published(record: Mapping[str, Any]) -> tuple[RateFit, Steps]:
    rate = record["log10_sparsification_rate"]
    if rate is None:
        return RateFit(None), NO_STEPS
    first, last = record["fit_published_first_step"], record["fit_published_last_step"]
    fit = RateFit(
        rate,
        intercept=record["fit_published_intercept"],
        floor=record["fit_published_floor"],
        first_step=first,
        last_step=last,
    )
    return fit, _spread(first, last)


def _spread(first: int, last: int) -> Steps:
    """Steps from first to last, close together on a linear and on a log axis."""
    linear = np.linspace(first, last, FIT_POINTS)
    log = np.geomspace(max(first, 1), max(last, 1), FIT_POINTS)
    return np.unique(np.concatenate([linear, log]).round().astype(np.int64))


def _whole(value: Any) -> int | None:
    return None if value is None or value != value else int(value)


def phase_lines(phases: Phases, last: int) -> list[tuple[str, str, str]]:
    """(phase, its name, where it is) for each of the three; `last` is where the run ends."""
    learned, steady = phases.learning_end, phases.stationary_from
    to_learned = f"to step {learned:,}" if learned is not None else ""
    if phases.first and learned == phases.first:
        to_learned = f"over before step {learned:,}"
    unknown = "boundary not known"
    if learned is None:
        places = (phases.reasons.get("learning_end_step", unknown), unknown, unknown)
        places = (places[0], "not reached", "not reached")
    elif steady is None:
        reason = phases.reasons.get("stationary_from_step", "not reached")
        places = (to_learned, f"from step {learned:,} on", reason)
    else:
        places = (
            to_learned,
            f"step {learned:,} to {steady:,}" if steady > learned else "none",
            f"from step {steady:,} to {last:,}",
        )
    return [(key, phases.name(key), place) for key, place in zip(PHASES, places, strict=True)]
