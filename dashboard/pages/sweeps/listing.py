"""/sweeps: the collections there are, what varies in each, how its runs ended, how it was made."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.pages.sweeps import captions
from dashboard.sweeps.card import plan_of, sweep_card
from dashboard.sweeps.plan import plan_details
from dashboard.sweeps.table import SweepStore


def listing_layout(
    store: SweepStore, title: str = "Sweeps", lead: str = captions.LIST_LEAD
) -> html.Div:
    """The page, with the collections there are now; those with a plan first, then by size."""
    counts = {name: number for name, number in store.archive.counts().items() if number}
    planned = {name: plan_of(store, name)[0] is not None for name in counts}
    names = sorted(counts, key=lambda name: (not planned[name], -counts[name], name))
    cards = [_entry(store, name, counts[name]) for name in names]
    return html.Div(
        [
            html.H1(title),
            html.P(lead, className="lead"),
            html.Div(cards, className="cards sweep-cards") if cards else _none(),
        ],
        className="sweep",
    )


def _entry(store: SweepStore, name: str, runs: int) -> html.Div:
    """The card, and under it the plan."""
    plan, _ = plan_of(store, name)
    return html.Div([sweep_card(store, name, runs), *([plan_details(plan)] if plan else [])])


def _none() -> Any:
    return html.Section(
        [
            html.H2("No runs here yet"),
            html.P("A sweep is planned in a file and made in a terminal:", className="quiet"),
            html.Pre(html.Code("python -m simulation sweep PLAN.toml")),
        ],
        className="panel empty",
    )
