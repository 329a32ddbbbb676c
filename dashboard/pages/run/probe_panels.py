"""The run page's probe: what changed scenery does to the network, along training."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.base import ids
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel, words_line
from dashboard.pages.run.probe_drawing import ProbeDrawing
from dashboard.urls import live_url

SUGGESTED_MORPHS = 5
REMAPPING_CAPTION = (
    "At every snapshot the agent repeats its long walk while the walls are morphed, without "
    "learning from it: cos(g·90°) of the familiar texture plus sin(g·90°) of an unrelated one, "
    "from g = 0 (familiar) to 1 (unrelated). Above, how alike each tuned unit's map stays (the "
    "lower, the more it remaps); below, how wrong the predictions become. Only units that are "
    "active on some training sample take part: training shapes no others."
)
FLATNESS_CAPTION = (
    "Does flatness lower remapping? One point a snapshot since the end of learning and grade of "
    "change. The trace, taken at the nearest recording of the curves, says how curved the loss "
    "is; label noise lowers it, update noise lowers the many small eigenvalues, of which it says "
    "little. If flat minima respond less to changes, points rise to the left; but other things "
    "change along training too, above all which units are left."
)


def probe_section(drawing: ProbeDrawing) -> html.Section:
    """How the code responds to another environment; or why that is not known."""
    return html.Section(
        [
            html.Div([html.H2("In changed scenery")], className="section-head"),
            html.Div([_remapping(drawing), _flatness(drawing)], className="grid grid-2"),
        ]
        if drawing.asked
        else [
            html.P(
                [html.Strong("In changed scenery. "), *_how(drawing)], className="caption remark"
            ),
            html.Div(
                [_graph(name, empty_figure(""), "") for name in (ids.PROBE, ids.PROBE_FLATNESS)],
                hidden=True,
            ),
            html.Div(id=ids.PROBE_WORDS, hidden=True),
        ]
    )


def _how(drawing: ProbeDrawing) -> list[Any]:
    """Why there is nothing, and what to do about it."""
    if not drawing.possible:
        return ["This task has no scenery to change."]
    link = live_url(drawing.run.run_id, {"probe.morphs": SUGGESTED_MORPHS})
    return [
        "This run did not measure how its maps respond to changed scenery. ",
        html.A("Start it again with the measurement", href=link),
        f" (probe.morphs = {SUGGESTED_MORPHS}); it leaves the training untouched.",
    ]


def _remapping(drawing: ProbeDrawing) -> html.Section:
    figure = _graph(
        ids.PROBE, drawing.over_training(), "Remapping and loss in changed scenery", cursor="time"
    )
    return panel(
        "Remapping",
        _or_waiting(drawing, figure),
        REMAPPING_CAPTION,
        words=words_line(ids.PROBE_WORDS, drawing.words()),
    )


def _flatness(drawing: ProbeDrawing) -> html.Section:
    figure = _graph(ids.PROBE_FLATNESS, drawing.flatness(), "Remapping against curvature")
    return panel("Flatness and remapping", _or_waiting(drawing, figure), FLATNESS_CAPTION)


def _graph(id: str, figure: Any, label: str, cursor: str = "") -> html.Div:
    return graph(id, figure, label=label, height="square", cursor=cursor)


def _or_waiting(drawing: ProbeDrawing, figure: Any) -> Any:
    if len(drawing.probes):
        return figure
    waiting = drawing.run.status.in_progress
    reason = "It is measured at the first snapshot." if waiting else "Nothing was recorded."
    return absent(figure, reason=reason, height="square")
