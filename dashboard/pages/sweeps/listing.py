"""/sweeps: the collections there are, how many runs each has, and what varies in it."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.pages.sweeps import captions
from dashboard.pages.sweeps.about import title_of, varied
from dashboard.sweeps.columns import FIELDS
from dashboard.sweeps.table import SweepStore
from dashboard.words import count
from simulation.errors import ArchiveError
from simulation.sweeps import kept_plan

MOST_DESCRIBED = 20_000
"""Runs up to which what varies is looked up for this page."""


def listing_layout(store: SweepStore) -> html.Div:
    """The page, with the collections there are now; the largest first."""
    counts = {name: number for name, number in store.archive.counts().items() if number}
    names = sorted(counts, key=lambda name: (-counts[name], name))
    cards = [_card(store, name, counts[name]) for name in names]
    return html.Div(
        [
            html.H1("Sweeps"),
            html.P(captions.LIST_LEAD, className="lead"),
            html.Div(cards, className="cards sweep-cards") if cards else _none(),
        ],
        className="sweep",
    )


def _card(store: SweepStore, name: str, runs: int) -> dcc.Link:
    title, about = title_of(None, name), ""
    try:
        plan = kept_plan(store.archive, name)
        if plan is not None:
            title, about = title_of(plan, name), plan.about
    except ArchiveError as error:
        about = f"{error.message} {error.remedy}"
    return dcc.Link(
        html.Article(
            [
                html.H3(title),
                html.P(f"{name} · {count(runs, 'run')}{_latest(store, name)}", className="quiet"),
                html.P(about, className="card-words") if about else None,
                html.P(_varied(store, name, runs), className="card-words"),
            ]
        ),
        href=urls.sweep_url(name),
        className="card",
    )


def _latest(store: SweepStore, name: str) -> str:
    created = store.archive.runs(["created_at"], name, newest=1)["created_at"]
    return f" · latest {created.iloc[0][:10]}" if len(created) else ""


def _varied(store: SweepStore, name: str, runs: int) -> str:
    if runs > MOST_DESCRIBED:
        plan = kept_plan(store.archive, name)
        names = [FIELDS[column].in_sentence for column in plan.swept] if plan else []
        return f"What varies: {', '.join(names)}." if names else ""
    return varied(store.table(name), most=5)


def _none() -> Any:
    return html.Section(
        [
            html.H2("No runs here yet"),
            html.P("A sweep is planned in a file and made in a terminal:", className="quiet"),
            html.Pre(html.Code("python -m simulation sweep PLAN.toml")),
        ],
        className="panel empty",
    )
