"""The sections of the run page and the panels in each: the one list that everything follows."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.pages.run.look import Look
from dashboard.pages.run.over_training import OverTraining
from dashboard.pages.run.panels import (
    correlation,
    decoding,
    drift,
    flatness,
    information,
    loss,
    maps,
    population,
    remapping,
    sparsification,
    spectrum,
    trace,
    unit,
)
from dashboard.pages.run.probe_rows import is_asked, is_possible
from dashboard.pages.run.section import Section
from dashboard.urls import live_url

SUGGESTED_MORPHS = 5
_KEYS: list[Any] = [
    html.Kbd("←"),
    html.Kbd("→"),
    " step, ",
    html.Kbd("Home"),
    html.Kbd("End"),
    " first and last, ",
    html.Kbd("Space"),
    " play, ",
    html.Kbd("Esc"),
    " let the unit go",
]


class ChangedScenery(Section):
    """How the code responds to another environment; or why that is not known."""

    def head(self, _: Look) -> list[Any]:
        return [html.Div([html.H2("In changed scenery")], className="section-head")]

    def applies(self, look: Look) -> bool:
        return is_asked(look)

    def remark(self, look: Look) -> list[Any]:
        name = html.Strong("In changed scenery. ")
        return [html.P([name, *self._how(look)], className="caption remark")]

    def _how(self, look: Look) -> list[Any]:
        """Why there is nothing, and what to do about it."""
        if not is_possible(look):
            return ["This task has no scenery to change."]
        link = live_url(look.run.run_id, {"probe.morphs": SUGGESTED_MORPHS})
        return [
            "This run did not measure how its maps respond to changed scenery. ",
            html.A("Start it again with the measurement", href=link),
            f" (probe.morphs = {SUGGESTED_MORPHS}); it leaves the training untouched.",
        ]


class AtThisMoment(Section):
    """What there is at the moment under the cursor: the first panel large, the others beside it."""

    def head(self, _: Look) -> list[Any]:
        keys = html.P(_KEYS, className="quiet keys")
        return [html.Div([html.H2("At this moment"), keys], className="section-head")]

    def applies(self, look: Look) -> bool:
        return bool(look.limits.steps)

    def remark(self, look: Look) -> list[Any]:
        text = (
            "Rate maps and everything else about single moments appear with the first snapshot."
            if look.run.status.in_progress
            else "This run ended before its first snapshot, so there is nothing to show of single "
            "moments."
        )
        return [html.P(text, className="caption")]

    def arranged(self, look: Look) -> list[Any]:
        first, *rest = (panel.layout(look) for panel in self.panels)
        return [html.Div([first, html.Div(rest, className="stack")], className="grid grid-wide")]


class AcrossMoments(Section):
    """What compares moments."""

    def head(self, _: Look) -> list[Any]:
        return [html.Div([html.H2("Across moments")], className="section-head")]

    def applies(self, look: Look) -> bool:
        return bool(look.limits.steps)


SECTIONS: tuple[Section, ...] = (
    OverTraining(loss.PANEL, sparsification.PANEL, trace.PANEL, information.PANEL, decoding.PANEL),
    ChangedScenery(remapping.PANEL, flatness.PANEL),
    AtThisMoment(maps.PANEL, population.PANEL, spectrum.PANEL),
    AcrossMoments(correlation.PANEL, unit.PANEL, drift.PANEL),
)
PANELS = [panel for section in SECTIONS for panel in section.panels]
