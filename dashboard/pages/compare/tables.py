"""Two tables with a column a run: settings that differ, and what came of the runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base.panel import panel
from dashboard.pages.compare.comparison import Difference, Member
from dashboard.pages.compare.members import letter
from dashboard.pages.compare.outcomes import UNKNOWN, Outcome, outcomes

DIFFERENCES_CAPTION = (
    "Only settings that are not the same in all of these runs. Seeds change the random numbers; "
    "how often something is recorded changes nothing of the run itself."
)
OUTCOMES_CAPTION = (
    "Why a value is missing is said in its place. A timescale is “not identifiable” where the "
    "curve does not support one; nothing is filled in."
)


def differences_table(members: Sequence[Member], found: Sequence[Difference]) -> html.Section:
    """One row a field that differs."""
    rows = [
        html.Tr(
            [
                _head(item.label, item.unit, item.help),
                *map(_setting, [item] * len(members), item.values),
            ]
        )
        for item in found
    ]
    return panel("What differs", _table(members, rows, "Settings"), DIFFERENCES_CAPTION)


def _setting(item: Difference, value: str) -> html.Td:
    if not value:
        return html.Td(UNKNOWN, className="quiet", title="This kind of run has no such setting.")
    if item.path == "parent.run" and value != "none":
        return html.Td(dcc.Link(value, href=urls.run_url(value)))
    return html.Td(value)


def outcomes_table(members: Sequence[Member]) -> list[Any]:
    """One row a result that is known of at least one run."""
    rows, unknown = outcomes(members)
    lines = [
        html.Tr([_head(row.label, "", row.about), *(_cell(cell) for cell in row.cells)])
        for row in rows
    ]
    none = f"Known of none of these runs: {', '.join(unknown)}." if unknown else ""
    return [_table(members, lines, "Results"), html.P(none, className="words")]


def _cell(cell: Outcome) -> html.Td:
    note = [html.Small(cell.note)] if cell.note else []
    return html.Td([cell.text, *note], className="quiet" if cell.text == UNKNOWN else "")


def _head(label: str, unit: str, about: str) -> html.Th:
    small = [html.Small(unit)] if unit else []
    return html.Th([label, *small], scope="row", title=about)


def _table(members: Sequence[Member], rows: Sequence[html.Tr], label: str) -> html.Div:
    head = html.Tr([html.Th(label), *(html.Th(letter(member), scope="col") for member in members)])
    table = html.Table([html.Thead(head), html.Tbody(list(rows))])
    return html.Div(table, className="compare-scroll", tabIndex="0")
