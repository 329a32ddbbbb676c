"""The page's one time cursor: play, step, drag; at the foot of the window."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.base import ids
from dashboard.base.aria import DECORATION, aria
from dashboard.pages.run.fork_menu import fork_menu
from dashboard.urls import RunLimits, RunView

PLAY_SECONDS = 8.0
"""A whole run plays in about this time."""


_ADDRESSED = (
    ids.CURSOR,
    ids.STEP_BACK,
    ids.STEP_FORWARD,
    ids.PLAY,
    ids.PLAY_ICON,
    ids.PLAY_TICK,
    ids.MOMENT,
)


def cursor_bar(limits: RunLimits, view: RunView) -> html.Div:
    """Slider over the snapshots with its buttons; without a snapshot what callbacks address."""
    if not limits.steps:
        return html.Div([html.Div(id=name) for name in _ADDRESSED], hidden=True)
    last = len(limits.steps) - 1
    here = last if view.t is None else list(limits.steps).index(view.t)
    pause = max(90, min(400, int(1000 * PLAY_SECONDS / max(last, 1))))
    return html.Div(
        html.Div(
            [
                html.Div(
                    [
                        _button(ids.STEP_BACK, "icon icon-back", "Previous snapshot"),
                        _button(ids.PLAY, "icon icon-play", "Play", icon_id=ids.PLAY_ICON),
                        _button(ids.STEP_FORWARD, "icon icon-forward", "Next snapshot"),
                    ],
                    className="cursor-buttons",
                ),
                dmc.Slider(
                    id=ids.CURSOR,
                    min=0,
                    max=max(last, 1),
                    value=here,
                    step=1,
                    updatemode="drag",
                    label=None,
                    disabled=last == 0,
                    thumbLabel="Snapshot under the time cursor",
                    size="sm",
                    thumbSize=18,
                    className="cursor-slider",
                ),
                html.Output("", id=ids.MOMENT, className="cursor-moment"),
                fork_menu(),
                dcc.Interval(id=ids.PLAY_TICK, interval=pause, disabled=True),
            ],
            className="cursor-line-up",
        ),
        className="cursor-bar",
        role="group",
        **aria(label="Time cursor"),
    )


def _button(id: str, icon: str, name: str, icon_id: str = "") -> html.Button:
    return html.Button(
        html.Span(id=icon_id or f"{id}-icon", className=icon, **DECORATION),
        id=id,
        n_clicks=0,
        title=name,
        type="button",
        className="icon-button",
        **aria(label=name),
    )
