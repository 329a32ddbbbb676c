"""The runs of a comparison, their shared time axis, and a figure a quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.pages.compare.comparison import Member, cursor_steps
from dashboard.pages.compare.figures import overlay_figure
from dashboard.pages.compare.panels import QUANTITIES
from dashboard.pages.compare.quantity import Quantity
from dashboard.runs.time_axis import TimeAxis
from dashboard.urls import CompareView


class CompareDrawing:
    """What the page draws of `members`, over an axis that holds all they recorded."""

    def __init__(self, members: Sequence[Member], view: CompareView) -> None:
        self.members, self.view = members, view
        steps = [step for member in members for step in member.steps]
        self.axis = TimeAxis.over(view.x, steps, max(steps, default=1))
        self.cursor_steps = cursor_steps(members, self.axis.is_log) if steps else []

    @property
    def cursor_index(self) -> int:
        """Where the cursor stands among its steps: nearest to the view's, else at the last."""
        last, wanted = len(self.cursor_steps) - 1, self.view.t
        if wanted is None or last < 0:
            return max(last, 0)
        return min(range(last + 1), key=lambda index: abs(self.cursor_steps[index] - wanted))

    def figure(self, quantity: Quantity) -> go.Figure:
        return overlay_figure(quantity, self.members, self.axis)

    @property
    def drawn(self) -> list[str]:
        """Keys of the quantities that at least one of the runs has."""
        return [
            quantity.key
            for quantity in QUANTITIES
            if any(not quantity.missing(member) for member in self.members)
        ]

    @property
    def growing(self) -> bool:
        return any(member.run.status.in_progress for member in self.members)

    def facts(self) -> dict[str, Any]:
        """What the browser needs to move the cursor and to write links by itself."""
        run_ids = [member.run.run_id for member in self.members]
        return {
            "run": ",".join(run_ids),
            "runs": run_ids,
            "letters": [member.letter for member in self.members],
            "x": self.view.x,
            "steps": self.cursor_steps,
            "drawn": self.drawn,
            "rows": [len(member.curves) for member in self.members],
            "panels": {
                quantity.key: {
                    "form": quantity.form,
                    "missing": [quantity.missing(member) for member in self.members],
                }
                for quantity in QUANTITIES
            },
        }
