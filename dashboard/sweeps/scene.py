"""Everything a scatter shows of a view, computed and bounded, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dashboard.base.beside import beside
from dashboard.sweeps.colouring import (
    MOST_PANELS,
    MOST_SYMBOLS,
    Classes,
    Shades,
    classes,
    colouring,
)
from dashboard.sweeps.columns import Field
from dashboard.sweeps.exclusions import Drawn, considered, drawn
from dashboard.sweeps.groups import Groups, grouped
from dashboard.sweeps.overlay import Overlay, overlay
from dashboard.sweeps.selection import Mask, selected
from dashboard.sweeps.table import SweepTable
from dashboard.sweeps.thinning import MOST_POINTS, thin
from dashboard.sweeps.trends import Scales, Trend, theory, trends
from dashboard.urls import SweepView
from dashboard.urls.conditions import Condition
from dashboard.urls.sweeps import conditions
from simulation.archive import Archive

MOST_BEHIND = 3_000
"""Points that are drawn, thinned, of runs that are not selected."""
_JITTER = 0.5
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scene:
    """A view of a collection with all that was found for it.

    Attributes
    ----------
    conditions : the selection; `chosen`: (runs,), whether a run is looked at and meets it.
    drawn : what the scatter can draw of all runs.
    x, y : (runs,), positions; of categories their place, spread a little.
    front, behind : rows that are drawn as points: selected ones, and others in grey.
    theory : exponent and line; None where theory gives none.
    """

    table: SweepTable
    view: SweepView
    conditions: tuple[Condition, ...]
    chosen: Mask
    drawn: Drawn
    x: Values
    y: Values
    front: NDArray[np.intp]
    behind: NDArray[np.intp]
    colour: Shades | Classes | None
    symbol: Classes | None
    panels: Classes | None
    trends: tuple[Trend, ...] = ()
    theory: tuple[float, Values, Values] | None = None
    groups: Groups | None = None
    overlay: Overlay | None = None

    @property
    def x_field(self) -> Field:
        return self.table.fields[self.view.x]

    @property
    def y_field(self) -> Field:
        return self.table.fields[self.view.y]

    @property
    def logs(self) -> tuple[bool, bool]:
        """Whether each axis is logarithmic."""
        return (
            self.view.xscale == "log" and self.x_field.numeric,
            self.view.yscale == "log" and self.y_field.numeric,
        )

    @property
    def shown(self) -> Mask:
        """(runs,): selected, and can be drawn."""
        return self.chosen & self.drawn.mask

    @property
    def is_thinned(self) -> bool:
        """Whether fewer points are drawn than there are selected runs."""
        return len(self.front) < int(self.shown.sum())


def scene(table: SweepTable, view: SweepView, archive: Archive) -> Scene:
    """Everything that the scatter of this view shows."""
    asked = conditions(view, table.columns)
    chosen = considered(table, view) & selected(table, asked)
    can = drawn(table, view, archive)
    x, y = (positions(table, name) for name in (view.x, view.y))
    found = Scene(
        table=table,
        view=view,
        conditions=asked,
        chosen=chosen,
        drawn=can,
        x=x,
        y=y,
        front=np.empty(0, np.intp),
        behind=np.empty(0, np.intp),
        colour=colouring(table, view.colour),
        symbol=classes(table, view.symbol, MOST_SYMBOLS) if view.symbol else None,
        panels=classes(table, view.facet, MOST_PANELS) if view.facet else None,
    )
    shown = found.shown
    found = replace(
        found,
        front=_points(found, shown, MOST_POINTS),
        behind=_points(found, can.mask & ~shown, MOST_BEHIND),
        overlay=overlay(view.x, view.y, found.logs, asked) if view.published == "yes" else None,
    )
    if view.mean != "none" and found.y_field.numeric:
        found = replace(found, groups=grouped(table, view, shown))
    return _with_lines(found)


def positions(table: SweepTable, name: str) -> Values:
    """(runs,): where a run lies on an axis; of categories their place, spread evenly around it."""
    if table.fields[name].numeric:
        return table.numbers(name)
    codes = table.frame[name].cat.codes.to_numpy(np.float64)
    return np.where(codes < 0, np.nan, codes + beside(len(codes), _JITTER))


def _points(found: Scene, mask: Mask, most: int) -> NDArray[np.intp]:
    rows = np.flatnonzero(mask)
    x, y = (
        np.log10(values[rows]) if log else values[rows]
        for values, log in zip((found.x, found.y), found.logs, strict=True)
    )
    return rows[thin(x, y, most)] if len(rows) else rows


def _with_lines(found: Scene) -> Scene:
    """With its fits, and theory beside them."""
    numeric = found.x_field.numeric and found.y_field.numeric
    if found.view.fit == "none" or not numeric:
        return found
    scales = Scales(found.x_field, found.y_field, found.view.fit == "power")
    shown = found.shown
    by_colour = found.view.fitby == "colour" and isinstance(found.colour, Classes)
    groups = [("", np.ones(len(shown), np.bool_))]
    if by_colour and isinstance(found.colour, Classes):
        groups = [(name, mask) for name, mask in found.colour.masks() if (mask & shown).any()]
    lines = trends(scales, found.x[shown], found.y[shown], [(n, m[shown]) for n, m in groups])
    return replace(
        found, trends=tuple(lines), theory=theory(scales, found.x[shown], found.y[shown])
    )
