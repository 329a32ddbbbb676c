"""What a collection is: its plan, what is the same in all runs, whose the published data are."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.sweeps.columns import CONFIGURATION, FIELDS
from dashboard.sweeps.table import SweepTable
from dashboard.words import count
from simulation.published import SOURCE
from simulation.sweeps import Plan

_TITLES = {
    "fidelity": "Published simulations, run again",
    "paper": "Shipped runs",
    "live": "Live runs",
    "runs": "Runs from the command line",
}


def title_of(plan: Plan | None, collection: str) -> str:
    """The plan's title; of a collection without a plan what it is known as, else its name."""
    return plan.title if plan and plan.title else _TITLES.get(collection, collection)


def about_plan(plan: Plan | None, table: SweepTable) -> html.Div:
    """How many runs, what was varied, and the plan's own words."""
    told = f"{count(len(table), 'run')}. "
    lead = (f"{plan.about} " if plan and plan.about else "") + told + varied(table)
    written = []
    if plan:
        written = [
            html.Details(
                [html.Summary("The plan as it was written"), html.Pre(html.Code(plan.text))]
            )
        ]
    return html.Div([html.P(lead, className="lead"), *written], className="sweep-about")


def varied(table: SweepTable, most: int = 6) -> str:
    """'What varies: update noise s, learning rate, rule and 3 more.'"""
    names = [FIELDS[name].in_sentence for name in table.swept]
    if "seed" in table.fields:
        names.append("seed")
    if not names:
        return "No setting varies."
    shown, more = names[:most], len(names) - most
    if more > 0:
        return f"What varies: {', '.join(shown)} and {more} more."
    end = f" and {shown[-1]}" if len(shown) > 1 else shown[-1]
    return f"What varies: {', '.join(shown[:-1])}{end}."


def constant_columns(table: SweepTable) -> html.Details:
    """Columns with one value, which are not offered for drawing."""
    rows = [
        html.Tr([html.Th(FIELDS[name].label, scope="row"), html.Td(_value(name, value))])
        for name, value in table.constants.items()
    ]
    settings = sum(FIELDS[name].group == CONFIGURATION for name in table.constants)
    title = f"The same in all runs: {count(len(rows), 'column')}, {settings} of them settings"
    return html.Details(
        [html.Summary(title), html.Table(html.Tbody(rows))], className="panel sweep-constants"
    )


def _value(name: str, value: Any) -> str:
    if value == "":
        return "none"
    text = f"{value:,.6g}" if FIELDS[name].numeric else str(value)
    return f"{text} {FIELDS[name].unit}".strip()


def credit() -> html.P:
    """Whose published simulations can be drawn over ours."""
    return html.P(
        [
            "Published simulations: ",
            html.A("DriftReg", href=SOURCE, rel="noopener"),
            ", the code and tables of Ratzon, Derdikman & Barak (eLife 12:RP90069), Apache "
            "License 2.0. Their label noise is the width of a uniform distribution.",
        ],
        className="quiet",
    )
