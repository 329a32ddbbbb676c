"""The three phases of a run: learning, directed drift, null drift.

Ratzon, Derdikman & Barak, eLife 12:RP90069: in the first, loss and activity statistics change; in
the second, activity statistics alone; in the third, neither, while tuning still wanders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simulation.models.model import LEAST_LEARNING, Array
from simulation.tasks.dataset import FloatArray

FEWEST_RECORDINGS = 20
LEARNED_SHARE = 0.9
"""Share of the fall of the log loss after which learning is over."""
STILL_LEARNING_SHARE = 0.15
"""Share of its fall that the log loss may still lose late in the run: directed drift, which frees
the network of the noise of units that fall silent, lowers it slowly as well."""
LOWEST_LOG10_LOSS = -6.0
"""Errors below a millionth of the targets' variance all count as nothing."""
SETTLED_SHARE = 0.05
"""How near its final level, as a share of its whole change, a settled statistic stays..."""
LEAST_CHANGE = 0.01
"""...or how near in absolute terms, if that is more: one unit of a hundred."""
SMOOTHING_SHARE = 0.01
"""Recordings of the running median, as a share of all."""
LEARNED_BEFORE = (
    " Time counts from the snapshot that the run starts from; where the loss has no fall left, "
    "learning was over before."
)

RULE = (
    "Learning ends when the log loss has made 90 % of its fall to its level over the second half "
    "of the run; null drift starts, after that, when the active fraction and the share of active "
    "units are both within 5 % of their whole change (at least 0.01) of their mean over the last "
    "quarter of the run."
)


@dataclass(frozen=True)
class PhaseBounds:
    """Where the phases of a run meet.

    Attributes
    ----------
    learning_end : step at which learning ends and directed drift starts; None if unknown.
    stationary_from : step at which directed drift ends and null drift starts; None if unknown.
    rule : the rule, in words.
    reasons : why a step is None, by the field's name.
    """

    learning_end: int | None
    stationary_from: int | None
    rule: str = RULE
    reasons: Mapping[str, str] = field(default_factory=dict)


def find_phases(
    steps: NDArray[np.integer],
    log10_loss: Array,
    active_fraction: Array,
    active_units: Array,
    *,
    learned_before: bool = False,
    least_learning: float = LEAST_LEARNING,
) -> PhaseBounds:
    """Find the two boundaries between the three phases by `RULE`.

    Curves are smoothed with a running median over 1 % of their recordings. Learning has no end
    where the loss fell by less than a factor of 2, or still falls at the end: where its medians
    over the third and the last quarter of the run differ by more than 15 % of the whole fall.
    There is no stationary phase where learning has no end, or where either statistic's means over
    those quarters differ by more than the tolerance.

    Parameters
    ----------
    steps : (T,), ascending, evenly spaced or not; time counts from the first of them.
    log10_loss, active_fraction, active_units : (T,), recorded at `steps`.
    learned_before : whether the network was trained before: where there is nothing left to learn,
        learning has then ended by the first step.
    least_learning : smallest fall of log10 loss that counts as learning.
    """
    phases = _find(steps, log10_loss, active_fraction, active_units, learned_before, least_learning)
    return replace(phases, rule=RULE + LEARNED_BEFORE) if learned_before else phases


def _find(
    steps: NDArray[np.integer],
    log10_loss: Array,
    active_fraction: Array,
    active_units: Array,
    learned_before: bool,
    least_learning: float,
) -> PhaseBounds:
    known = np.isfinite(active_fraction) & np.isfinite(active_units) & (log10_loss < np.inf)
    steps, loss = np.asarray(steps)[known], np.asarray(log10_loss, np.float64)[known]
    if len(steps) < FEWEST_RECORDINGS:
        reason = f"the curves have fewer than {FEWEST_RECORDINGS} recordings"
        return _phases(None, reason, None, reason)
    loss = np.maximum(loss, LOWEST_LOG10_LOSS)
    learning_end, reason = _learning_end(steps, loss, learned_before, least_learning)
    if learning_end is None:
        return _phases(None, reason, None, f"learning has no end: {reason}")
    settled = [learning_end]
    for name, curve in (
        ("active fraction", active_fraction),
        ("share of active units", active_units),
    ):
        step = _settled_from(steps, np.asarray(curve, np.float64)[known])
        if step is None:
            return _phases(learning_end, "", None, f"the {name} still changes at the end")
        settled.append(step)
    return _phases(learning_end, "", max(settled), "")


def _phases(
    learning_end: int | None, learning_reason: str, stationary: int | None, reason: str
) -> PhaseBounds:
    reasons = {"learning_end": learning_reason, "stationary_from": reason}
    return PhaseBounds(
        learning_end, stationary, reasons={name: why for name, why in reasons.items() if why}
    )


def _learning_end(
    steps: NDArray[np.integer], loss: FloatArray, learned_before: bool, least_learning: float
) -> tuple[int | None, str]:
    """The step at which learning ends, or why there is none."""
    smooth = _running_median(loss)
    third, last = _quarters(steps, loss)
    if not (len(third) and len(last)):
        return None, "the second half of the run was not recorded"
    plateau = float(np.median(np.concatenate([third, last])))
    fall = float(loss[0]) - plateau
    if fall < least_learning and learned_before:
        return int(steps[0]), ""
    if fall < least_learning:
        return None, f"the loss fell by less than a factor of {10**least_learning:.3g}"
    if np.median(third) - np.median(last) > STILL_LEARNING_SHARE * fall:
        return None, "the loss still falls at the end"
    learned = smooth <= loss[0] - LEARNED_SHARE * fall
    return int(steps[np.argmax(learned)]), ""


def _settled_from(steps: NDArray[np.integer], curve: FloatArray) -> int | None:
    """The step at which a statistic first comes near the level it ends on; None if it has none."""
    smooth = _running_median(curve)
    third, last = _quarters(steps, curve)
    level = float(last.mean())
    change = float(np.abs(smooth - level).max())
    tolerance = max(SETTLED_SHARE * change, LEAST_CHANGE)
    if abs(third.mean() - level) > tolerance:
        return None
    return int(steps[np.argmax(np.abs(smooth - level) <= tolerance)])


def _quarters(steps: NDArray[np.integer], curve: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The recordings of the third and of the last quarter of the run."""
    half, late = (steps[0] + share * (steps[-1] - steps[0]) for share in (0.5, 0.75))
    return curve[(steps >= half) & (steps < late)], curve[steps >= late]


def _running_median(curve: FloatArray) -> FloatArray:
    """Medians over a window of recordings centred on each.

    The curve is continued by its odd reflection, which leaves its two ends as they are.
    """
    reach = int(len(curve) * SMOOTHING_SHARE / 2)
    padded = np.pad(curve, reach, mode="reflect", reflect_type="odd")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1)
