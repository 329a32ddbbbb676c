"""A sweep at a glance: its first view as a picture, what it is about, how its runs ended."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base.words import count
from dashboard.runs.thumbnail import as_image
from dashboard.sweeps.describe import endings, title_of, varied, varied_fields
from dashboard.sweeps.picture import sweep_picture
from dashboard.sweeps.standard import standard_view
from dashboard.sweeps.table import SweepStore, SweepTable
from simulation.errors import ArchiveError
from simulation.sweeps import Plan, kept_plan

MOST_LOOKED_AT = 20_000
"""Runs up to which a card looks at each of them."""


def sweep_card(store: SweepStore, name: str, runs: int) -> dcc.Link:
    """A card for one collection; the whole card is the link."""
    plan, trouble = plan_of(store, name)
    table = store.table(name) if runs <= MOST_LOOKED_AT else None
    return dcc.Link(
        html.Article(
            [
                *_picture(table),
                html.H3(title_of(plan, name)),
                html.P(_about(plan), className="card-words") if _about(plan) else None,
                html.P(f"Collection {name}. {_varied(table, plan)}", className="card-words"),
                html.P(trouble, className="card-words") if trouble else None,
                html.P(_runs(table, runs), className="card-outcome"),
            ]
        ),
        href=urls.sweep_url(name),
        className="card",
    )


def plan_of(store: SweepStore, name: str) -> tuple[Plan | None, str]:
    """The plan kept with a collection; what is wrong with one that cannot be read."""
    try:
        return kept_plan(store.archive, name), ""
    except ArchiveError as error:
        return None, f"{error.message} {error.remedy}"


def can_be_plotted(table: SweepTable) -> bool:
    """Whether there are two runs and two columns that vary."""
    return len(table) > 1 and len(table.columns.axes) > 1


def _picture(table: SweepTable | None) -> list[Any]:
    if table is None or not can_be_plotted(table):
        return []
    view = standard_view(table)
    x, y = (table.fields[name] for name in (view.x, view.y))
    what = f"{y.label} against {x.in_sentence}"
    colour = table.fields.get(view.colour)
    by = f", coloured by {colour.in_sentence}" if colour and not colour.numeric else ""
    return [
        html.Img(src=as_image(sweep_picture(table, view)), alt="", className="sweep-picture"),
        html.P(f"{what}{by}", className="sweep-picture-words"),
    ]


def _about(plan: Plan | None) -> str:
    return plan.about.strip() if plan else ""


def _varied(table: SweepTable | None, plan: Plan | None) -> str:
    if table is None:
        return varied_fields(plan.swept) if plan else ""
    return varied(table, most=5)


def _runs(table: SweepTable | None, runs: int) -> str:
    return f"{count(runs, 'run')}." if table is None else f"{endings(table)}."
