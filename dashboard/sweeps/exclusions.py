"""What a figure leaves out, counted by reason: nothing is dropped silently."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.base.words import count
from dashboard.sweeps.selection import Mask, finished
from dashboard.sweeps.table import SweepTable
from dashboard.urls import SweepView
from simulation.archive import Archive, Status

MOST_EXPLAINED = 2_000
"""Runs whose own words for a missing value are read."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the scatter draws of a collection.

    Attributes
    ----------
    mask : (runs,), whether a run is drawn.
    reasons : why the others are not, in words, with how many.
    """

    mask: Mask
    reasons: tuple[tuple[str, int], ...]

    @property
    def sentence(self) -> str:
        """'Left out of 106 runs: 3 ended early (diverged); ...'."""
        if not self.reasons:
            return ""
        told = "; ".join(f"{number:,} {reason}" for reason, number in self.reasons)
        return f"Left out of {count(len(self.mask), 'run')}: {told}."


def considered(table: SweepTable, view: SweepView) -> Mask:
    """(runs,): those the explorer looks at: that reached their end, or all."""
    return np.ones(len(table), np.bool_) if view.ended == "all" else finished(table)


def drawn(table: SweepTable, view: SweepView, archive: Archive) -> Drawn:
    """Which runs the scatter of this view can draw."""
    mask = considered(table, view)
    reasons = _endings(table, mask)
    for name, scale in ((view.y, view.yscale), (view.x, view.xscale)):
        missing = mask & np.asarray(table.frame[name].isna(), np.bool_)
        if missing.any():
            reasons += _missing(table, name, missing, archive)
            mask = mask & ~missing
        if scale == "log" and table.fields[name].numeric:
            below = mask & (table.numbers(name) <= 0)
            if below.any():
                label = table.fields[name].in_sentence
                reasons.append((f"without a positive {label} (logarithmic axis)", int(below.sum())))
                mask = mask & ~below
    return Drawn(mask, tuple(reasons))


def _endings(table: SweepTable, kept: Mask) -> list[tuple[str, int]]:
    """Runs left out for how they ended, by ending."""
    if kept.all():
        return []
    if "status" not in table.frame:
        return [(Status(table.constants["status"]).words, int((~kept).sum()))]
    ended = Counter(table.frame["status"][~kept])
    return [(_ending(status), number) for status, number in ended.most_common()]


def _ending(status: str) -> str:
    return f"ended early ({status.replace('_', ' ')})"


def _missing(
    table: SweepTable, name: str, missing: Mask, archive: Archive
) -> list[tuple[str, int]]:
    """Runs without this value, by the reason their own record gives."""
    label = table.fields[name].in_sentence
    run_ids = table.frame["run_id"][missing]
    told = _told(archive, table.collection, name, run_ids.iloc[-MOST_EXPLAINED:])
    rest = len(run_ids) - sum(told.values())
    found = [(f"without {label} ({reason})", number) for reason, number in told.most_common()]
    return found + ([(f"without {label}", rest)] if rest else [])


def _told(archive: Archive, collection: str, name: str, run_ids: Sequence[str]) -> Counter[str]:
    where = [("run_id", "in", list(run_ids))]
    rows = archive.runs(["reasons_json"], collection, where=where)["reasons_json"].dropna()
    reasons = (json.loads(text).get(name, "") for text in rows)
    return Counter(reason.rstrip(".") for reason in reasons if reason)
