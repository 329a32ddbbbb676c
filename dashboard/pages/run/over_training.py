"""The section over training time: its axis, the three phases, and where the run starts."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.base import ids
from dashboard.base.aria import DECORATION
from dashboard.base.controls import choice
from dashboard.base.theme import PHASES
from dashboard.pages.run.look import Look
from dashboard.pages.run.section import Section
from dashboard.runs import fits
from dashboard.runs.over_time import Origin, OverTime


class OverTraining(Section):
    """Everything over training time."""

    def head(self, look: Look) -> list[Any]:
        kinds = {"log": "log time", "linear": "linear"}
        axis = choice(ids.TIME_AXIS, "Time axis", kinds, look.view.x)
        return [
            html.Div([html.H2("Over training"), axis], className="section-head"),
            html.Div(_phases(look.time), className="phases"),
            *([_origin(look.time.origin)] if look.time.origin else []),
        ]


def _phases(time: OverTime) -> Any:
    if time.run.status.in_progress:
        return html.P("The three phases are located once the run has ended.")
    lines = fits.phase_lines(time.phases, time.last)
    return [
        html.Ul([_phase(*line) for line in lines]),
        html.P(time.phases.rule, className="caption") if time.phases.rule else None,
    ]


def _phase(key: str, name: str, place: str) -> html.Li:
    style = {"backgroundColor": PHASES[key][1]}
    swatch = html.Span(className="swatch", style=style, **DECORATION)
    return html.Li([swatch, html.Strong(name), html.Span(place)])


def _origin(origin: Origin) -> html.P:
    grey = "" if origin.curves is None else " Grey: that run, before and after."
    text = (
        f"This run starts from a snapshot of another, at the dotted line (step "
        f"{origin.step:,}).{grey} Its first values, ratios and timescales count from there."
    )
    return html.P(text, className="caption origin-caption")
