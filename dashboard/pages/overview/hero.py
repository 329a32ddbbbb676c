"""The overview's one picture: three phases of a real run, to be played or dragged."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.aria import DECORATION
from dashboard.base.panel import graph
from dashboard.base.theme import PHASES
from dashboard.pages.overview.hero_figures import hero_curves, hero_maps
from dashboard.pages.overview.hero_frames import HeroFrames, hero_frames
from dashboard.runs import fits, queries
from dashboard.runs.header import run_name
from dashboard.runs.over_time import OverTime
from dashboard.runs.store import RunStore
from simulation.archive import Run

TICK_MS = 220


def hero(store: RunStore, run: Run) -> html.Figure:
    """The picture of `run`, all frames included."""
    frames = store.remember(
        ("hero", run.run_id, run.record["created_at"]), lambda: hero_frames(store, run)
    )
    drawing = OverTime(run, queries.limits(run), "log")
    curves = hero_curves(drawing.curves, drawing.axis, drawing.phases)
    return html.Figure(
        [
            html.Div(
                [
                    graph(
                        ids.HERO_CURVES,
                        curves,
                        label="Loss and share of active units over training",
                        height="hero",
                        cursor="time",
                    ),
                    graph(
                        ids.HERO_MAPS,
                        hero_maps(frames.cells[frames.opening], frames.columns),
                        label="Tuning of every unit to position at the chosen moment",
                        height="hero",
                    ),
                ],
                className="hero-pictures",
            ),
            html.Div(_controls(frames), className="hero-controls"),
            html.Figcaption(_caption(run, drawing, frames)),
            dcc.Store(id=ids.HERO_FRAMES, data=frames.for_browser()),
            dcc.Interval(id=ids.HERO_TICK, interval=TICK_MS, disabled=True),
        ],
        className="panel hero",
    )


def _controls(frames: HeroFrames) -> list[Any]:
    return [
        html.Button("Play", id=ids.HERO_PLAY, n_clicks=0, type="button", className="button"),
        dmc.Slider(
            id=ids.HERO_SLIDER,
            min=0,
            max=max(len(frames.steps) - 1, 1),
            value=frames.opening,
            updatemode="drag",
            label=None,
            thumbLabel="Moment of the picture",
            size="sm",
            thumbSize=18,
            className="cursor-slider",
        ),
        html.Output(frames.words[frames.opening], id=ids.HERO_MOMENT, className="cursor-moment"),
    ]


def _caption(run: Run, drawing: OverTime, frames: HeroFrames) -> list[Any]:
    phases = fits.phase_lines(drawing.phases, drawing.last)
    keys = [
        html.Span(
            [
                html.Span(
                    className="swatch",
                    style={"backgroundColor": PHASES[key][1]},
                    **DECORATION,
                ),
                html.Strong(name),
                f" {place}",
            ],
            className="hero-phase",
        )
        for key, name, place in phases
    ]
    return [
        html.P(keys, className="hero-phases"),
        html.P(
            [
                "Left: one training run; time is logarithmic. Right: each row is a hidden unit "
                f"({frames.rows} of {run.config.network.hidden_units:,} are drawn), each column a "
                "place; brighter is more active, relative to the unit's own peak. "
                f"{_order(frames)} The maps come from a walk much longer than the training batch, "
                "which finds units active that no training sample drives; the curve counts "
                "training samples. ",
                dcc.Link(f"Open {run_name(run.name, run.run_id)}", href=urls.run_url(run.run_id)),
                " to see all of it.",
            ],
            className="caption",
        ),
    ]


def _order(frames: HeroFrames) -> str:
    """What the order of the rows is; the rows of units that end silent are below."""
    if frames.survivors == frames.rows:
        return "All are active at the end, in the order that they have then: a diagonal forms."
    return (
        f"The upper {frames.survivors} are active at the end of the run, in the order that they "
        "have then, so a diagonal forms; the lower ones fall silent and their rows go empty."
    )
