"""Which runs are compared: letter, line and name of each, ways to remove one and to add one."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.aria import DECORATION, aria
from dashboard.base.theme import BLUE
from dashboard.pages.compare.comparison import Member
from dashboard.pages.compare.figures import colour, dash
from dashboard.runs.header import run_name, status_badge
from dashboard.runs.thumbnail import as_image
from simulation.archive import Archive, Status

SUGGESTED = 200
"""Newest runs whose names are offered while typing."""
_STROKES = {"solid": "", "dash": "9 6", "dot": "2 5", "dashdot": "9 5 2 5"}


def letter(member: Member) -> html.Span:
    """The run's letter, in a ring of its colour."""
    return html.Span(
        member.letter, className="compare-letter", style={"borderColor": colour(member.place)}
    )


def members_list(members: Sequence[Member]) -> html.Ul:
    """One line a run."""
    return html.Ul([_item(member) for member in members], className="compare-runs")


def _item(member: Member) -> html.Li:
    run = member.run
    name = run_name(run.name, run.run_id)
    badge = [] if run.status is Status.FINISHED else [status_badge(run.status)]
    return html.Li(
        [
            letter(member),
            html.Img(src=_line(member.place), alt="", className="compare-line", **DECORATION),
            html.Div(
                [
                    html.Div(
                        [dcc.Link(name, href=urls.run_url(run.run_id)), *badge],
                        className="compare-name",
                    ),
                    html.P(run.config.in_words(), className="quiet"),
                ],
                className="compare-who",
            ),
            html.Button(
                html.Span("×", **DECORATION),
                id={"type": ids.COMPARE_REMOVE, "run": run.run_id},
                n_clicks=0,
                type="button",
                title="Remove from this comparison",
                className="icon-button",
                **aria(label=f"Remove run {member.letter}, {name}"),
            ),
        ]
    )


def _line(place: int) -> str:
    """A sample of the run's line."""
    dashes = f' stroke-dasharray="{_STROKES[dash(place)]}"' if _STROKES[dash(place)] else ""
    return as_image(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 46 6">'
        "<style>@media (prefers-color-scheme: dark)"
        f'{{path[stroke="{BLUE}"]{{stroke:#3d9fdb}}}}</style>'
        f'<path d="M0 3H46" stroke="{colour(place)}" stroke-width="2.4"{dashes}/></svg>'
    )


def add_form(archive: Archive, members: Sequence[Member]) -> html.Div:
    """A field for an id, a link or a name, with the newest runs as suggestions."""
    full = len(members) >= urls.MOST_RUNS
    field = dmc.Autocomplete(
        id=ids.COMPARE_ADD,
        data=[] if full else _suggestions(archive, members),
        limit=8,
        placeholder="Run id, link, or name",
        disabled=full,
        size="sm",
        className="compare-field",
        comboboxProps={"withinPortal": False},
        **aria(label="Run to add: its id, a link to it, or its name"),
    )
    button = html.Button(
        "Add run",
        id=ids.COMPARE_ADD_GO,
        n_clicks=0,
        type="button",
        disabled=full,
        className="button",
    )
    limit = f"{urls.MOST_RUNS} runs are the most: remove one to add another." if full else ""
    refusal = html.P(limit, id=ids.COMPARE_REFUSAL, className="compare-refusal", role="status")
    return html.Div([field, button, refusal], className="compare-add")


def _suggestions(archive: Archive, members: Sequence[Member]) -> list[str]:
    """'name · id' of the newest runs that are not compared yet."""
    rows = archive.runs(["run_id", "name"], newest=SUGGESTED + len(members))
    known = {member.run.run_id for member in members}
    newest = rows.iloc[::-1].itertuples(index=False, name=None)
    labels = [f"{name or 'Run'} · {run_id}" for run_id, name in newest if run_id not in known]
    return labels[:SUGGESTED]
