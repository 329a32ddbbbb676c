"""Links to several runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.urls.reading import COUNT, shown

COMPARE = "/compare"
MOST_RUNS = 12
_AXES = ("log", "linear")


@dataclass(frozen=True)
class CompareView:
    """What is compared, and how.

    Attributes
    ----------
    runs : ids in the order they are lettered in, each once.
    x : time axis, `log` or `linear`.
    t : step under the cursor; None: the last one.
    """

    runs: tuple[str, ...] = ()
    x: str = "log"
    t: int | None = None


def compare_url(runs: Sequence[str], x: str = "log", t: int | None = None) -> str:
    """Link to `runs` side by side. Ids need no quoting."""
    query = [f"runs={','.join(runs)}"] if runs else []
    query += [f"x={x}"] if x != "log" else []
    query += [f"t={t}"] if t is not None else []
    return f"{COMPARE}?{'&'.join(query)}" if query else COMPARE


def read_compare_view(query: Mapping[str, Any]) -> tuple[CompareView, list[str]]:
    """The comparison that a link asks for, and a note on all in it that is ignored.

    Runs beyond the twelfth are left out; whether there are such runs the archive knows.
    """
    notes: list[str] = []
    runs = _read_runs(query.get("runs", ""), notes)
    x = query.get("x", "log")
    if x not in _AXES:
        notes.append(f"time axis {shown(str(x))} is not one of {', '.join(_AXES)}")
        x = "log"
    text = query.get("t")
    if text is not None and not (isinstance(text, str) and COUNT.fullmatch(text)):
        notes.append(f"step {shown(str(text))} is not a whole number")
        text = None
    return CompareView(runs, x, None if text is None else int(text)), notes


def _read_runs(text: Any, notes: list[str]) -> tuple[str, ...]:
    parts = text if isinstance(text, list) else [text]
    named = [name.strip() for part in parts for name in str(part).split(",") if name.strip()]
    runs = tuple(dict.fromkeys(named))
    if len(runs) > MOST_RUNS:
        notes.append(
            f"the link names {len(runs):,} runs; at most {MOST_RUNS} are compared, the first"
        )
    return runs[:MOST_RUNS]
