"""What a collection is: its plan, what is the same in all runs, whose the published data are."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.base.words import count
from dashboard.sweeps.columns import CONFIGURATION, FIELDS, in_words
from dashboard.sweeps.describe import endings, varied
from dashboard.sweeps.plan import plan_details
from dashboard.sweeps.table import SweepTable
from simulation.analysis.published_table import SOURCE
from simulation.sweeps import Plan


def about_plan(plan: Plan | None, table: SweepTable) -> html.Div:
    """The plan's own words, how its runs ended, what was varied."""
    about = f"{plan.about.strip()} " if plan else ""
    lead = f"{about}{endings(table)}. {varied(table)}"
    written = [plan_details(plan)] if plan else []
    return html.Div([html.P(lead, className="lead"), *written], className="sweep-about")


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
    field = FIELDS[name]
    text = f"{value:,.6g}" if field.numeric else in_words(value) if field.on_axes else str(value)
    return f"{text} {field.unit}".strip()


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
