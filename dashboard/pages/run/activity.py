"""How many units are active at a moment, in the words of every panel that counts them."""

from __future__ import annotations

from dashboard.base.words import count
from dashboard.runs.frames import Frame
from dashboard.runs.tuning import silent
from dashboard.urls import source_parts

_ON = {
    "evaluation": " somewhere on the long walk",
    "training": " on the training samples",
    "samples": "",
}


def active_units(frame: Frame) -> str:
    """'107 of 200 units active (activity > 0) somewhere on the long walk'."""
    total = len(frame.shown)
    loud = total - int(silent(frame.shown).sum())
    kind, arena = source_parts(frame.source)
    where = f"{_ON[kind]} in arena {arena}" if arena else _ON[kind]
    return f"{loud:,} of {count(total, 'unit')} active ({frame.active_words}){where}"


def signs(frame: Frame) -> str:
    """What is shown of activity that can be negative; empty where it cannot."""
    return " Activity can be negative here: its magnitude is shown." * frame.can_be_negative
