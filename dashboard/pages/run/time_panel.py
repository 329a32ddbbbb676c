"""What panels over training have in common: the time axis they follow, the points they gain."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from dash import Patch

from dashboard.base.packed import packed
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import Panel


class TimePanel(Panel):
    """A panel whose first lines are the `columns` of a table by step."""

    redrawn_by = frozenset({"x"})
    grows = True
    clicked = "step"
    cursor = "time"
    columns: ClassVar[tuple[str, ...]]

    def table(self, look: Look) -> pd.DataFrame:
        """Where its columns are recorded."""
        return look.time.curves

    def grown(self, look: Look) -> Any:
        """The lines as they are now; everything else about the figure, its zoom too, stays."""
        rows, patch = self.table(look), Patch()
        for index, name in enumerate(self.columns):
            patch["data"][index]["x"] = packed(look.time.axis.place(rows["step"]))
            patch["data"][index]["y"] = packed(rows[name].to_numpy())
        return patch


def nothing_yet(look: Look) -> str:
    """Why there are no curves; empty where there are."""
    if len(look.time.curves):
        return ""
    waiting = look.run.status.in_progress
    return "The first points are on their way." if waiting else "Nothing was recorded."
