"""What a panel of the comparison is: one quantity of all runs over training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboard.pages.compare.comparison import Member
from simulation.archive import Run


@dataclass(frozen=True)
class Quantity:
    """A quantity over training.

    Attributes
    ----------
    key : names its panel; `title`, `axis` (with unit) and `caption` are what a reader sees.
    table, column : where a run recorded it: `curves` or `snapshots`.
    form : how a value is written: `share`, `fixed` (two decimals) or `ratio` (three digits).
    why_not : why a run cannot have it; empty where it can.
    """

    key: str
    title: str
    axis: str
    caption: str
    table: str
    column: str
    form: str
    why_not: Callable[[Run], str]
    log: bool = False

    @property
    def figure_id(self) -> str:
        return f"compare-figure-{self.key}"

    @property
    def words_id(self) -> str:
        return f"compare-words-{self.key}"

    def of(self, member: Member) -> pd.DataFrame:
        """`step` and `value` where a run recorded it; may be empty."""
        rows = member.curves if self.table == "curves" else member.snapshots
        values = rows[["step", self.column]].set_axis(["step", "value"], axis=1).dropna()
        return values[values["value"] > 0] if self.log else values

    def missing(self, member: Member) -> str:
        """Why this run has no curve here; empty where it has one."""
        if len(self.of(member)):
            return ""
        if reason := self.why_not(member.run):
            return reason
        if member.run.status.in_progress:
            return "nothing recorded yet"
        return "not recorded"
