"""The menu that starts another run from the moment under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.base import ids
from dashboard.base.aria import DECORATION
from dashboard.jobs.forks import Fork


def fork_menu() -> html.Div:
    """The button; what it offers is made when it is opened, for the moment it is opened at."""
    button = html.Button(
        [html.Span(className="icon icon-fork", **DECORATION), html.Span("Fork here")],
        id=ids.FORK,
        n_clicks=0,
        type="button",
        title="Start another run from this moment",
        className="button fork-button",
    )
    waiting = dmc.MenuLabel("Looking at this moment…")
    menu = dmc.Menu(
        [
            dmc.MenuTarget(button),
            dmc.MenuDropdown(html.Div(waiting, id=ids.FORK_CHOICES), className="fork-menu"),
        ],
        position="top-end",
        width=330,
        shadow="md",
    )
    return html.Div([menu, dcc.Location(id=ids.FORK_GO, refresh="callback-nav")], className="fork")


def fork_choices(
    step: int, forks: Sequence[tuple[Fork, str, str]], free_link: str, remark: str
) -> list[Any]:
    """What the menu offers at `step`.

    Parameters
    ----------
    forks : each with a note, and the id of the run it starts from; without an id it opens the
        form instead of starting at once.
    free_link : to the form with nothing changed yet.
    remark : why nothing can be launched here; empty if it can.
    """
    head = f"From step {step:,} on; a click launches it"
    return [
        dmc.MenuLabel(remark or head, className="fork-head"),
        *(_item(fork, note, run_id) for fork, note, run_id in forks),
        dmc.MenuDivider(),
        dmc.MenuItem(
            [
                html.Strong("Something else…"),
                html.Span("Opens the form, with everything as it is here."),
            ],
            href=free_link,
        ),
    ]


def _item(fork: Fork, note: str, run_id: str) -> dmc.MenuItem:
    changes = fork.changes or "nothing changes"
    end = f"to step {fork.config.schedule.steps:,}"
    text = " · ".join(filter(None, [f"{changes[0].upper()}{changes[1:]}", end, note]))
    content = [html.Strong(fork.title), html.Span(text)]
    if not run_id:
        return dmc.MenuItem(content, href=fork.link)
    place = {"run": run_id, "step": fork.config.parent.step, "fork": fork.key}
    return dmc.MenuItem(content, id={"type": ids.FORK_LAUNCH, **place}, n_clicks=0)
