"""Links to the form of a live run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

LIVE = "/live"
FROM_RUN = "from"
"""Key of a live link that starts the form from an existing run."""


def live_url(run_id: str | None = None, values: Mapping[str, Any] | None = None) -> str:
    """Link to the form of a live run, filled in from the run `run_id` and dotted fields."""
    query = ({FROM_RUN: run_id} if run_id else {}) | dict(values or {})
    return f"{LIVE}?{urlencode(query)}" if query else LIVE


def fork_url(run_id: str, step: int, changes: Mapping[str, Any] | None = None) -> str:
    """Link to the form of a run from the snapshot at `step` of run `run_id` on, with `changes`."""
    return live_url(run_id, {"parent.run": run_id, "parent.step": step, **(changes or {})})
