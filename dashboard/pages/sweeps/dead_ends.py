"""Pages of collections that cannot be plotted, and where to go from there."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import urls
from dashboard.base.states import link_button, message_panel
from dashboard.base.words import count
from dashboard.pages.sweeps.about import constant_columns
from dashboard.pages.sweeps.listing import listing_layout
from dashboard.runs.card import COLUMNS, run_card
from dashboard.sweeps.describe import title_of
from dashboard.sweeps.table import SweepStore, SweepTable
from dashboard.urls import MOST_RUNS
from simulation.archive.reader import config_of
from simulation.errors import UnknownCollection
from simulation.sweeps import kept_plan

MOST_CARDS = MOST_RUNS
"""As many as can be compared."""


def unknown_collection(store: SweepStore, error: UnknownCollection) -> html.Div:
    """What happened, and the collections that there are."""
    return listing_layout(store, error.message, "These are the collections that it has:")


def nothing_to_plot(store: SweepStore, table: SweepTable) -> html.Div:
    """Why nothing is drawn; the runs themselves, where there are any."""
    if not len(table):
        return message_panel(
            f"No run of “{table.collection}” has ended yet",
            "A run can be plotted once it has ended.",
            remedy="Come back when the sweep has made some, or watch those in progress.",
            actions=[
                link_button("See what is running", urls.OVERVIEW),
                link_button("See all sweeps", urls.SWEEPS),
            ],
        )
    title = title_of(kept_plan(store.archive, table.collection), table.collection)
    return html.Div(
        [
            html.H1(title),
            html.P(_why(table), className="lead"),
            html.Div(_ways_on(table), className="actions"),
            html.Div(_cards(store, table), className="cards"),
            constant_columns(table),
        ],
        className="sweep",
    )


def _why(table: SweepTable) -> str:
    if len(table) == 1:
        return "One run so far: there is nothing to plot it against, but it can be opened."
    shown = f" The newest {MOST_CARDS} are here." if len(table) > MOST_CARDS else ""
    return (
        f"{count(len(table), 'run')} in which nothing varies, so there is nothing to plot; each "
        f"can be opened.{shown}"
    )


def _ways_on(table: SweepTable) -> list[Any]:
    newest = table.frame["run_id"].iloc[-MOST_RUNS:].tolist()
    compare = link_button("Compare them", urls.compare_url(newest), primary=True)
    return [
        *([compare] if len(newest) > 1 else []),
        link_button("See all sweeps", urls.SWEEPS),
        link_button("Go to the overview", urls.OVERVIEW),
    ]


def _cards(store: SweepStore, table: SweepTable) -> list[Any]:
    rows = store.archive.runs(COLUMNS, table.collection, newest=MOST_CARDS).to_dict("records")
    return [run_card(row, config_of(row["config_json"])) for row in rows[::-1]]
