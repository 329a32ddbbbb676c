"""The table of runs: its columns, and its rows as the browser asks for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import dash_ag_grid as dag
import numpy as np
import pandas as pd
from dash import Dash, html
from flask import Response, request

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.sweeps.reading import read_view
from dashboard.sweeps.columns import FIELDS
from dashboard.sweeps.exclusions import considered
from dashboard.sweeps.selection import selected
from dashboard.sweeps.table import SweepStore, SweepTable, said
from dashboard.urls import SweepView
from dashboard.urls.sweeps import conditions

MOST_ROWS = 200
"""Rows of one answer."""
_WIDTHS = {"name": 250, "run_id": 140, "status": 150, "created_at": 190}


def grid(table: SweepTable, view: SweepView) -> dag.AgGrid:
    """The empty table; sweeps/rows.mjs fetches its rows as they come into sight."""
    return dag.AgGrid(
        id=ids.SWEEP_TABLE,
        columnDefs=column_defs(table, view),
        rowModelType="infinite",
        defaultColDef={
            "resizable": True,
            "sortable": True,
            "minWidth": 90,
            "suppressHeaderMenuButton": False,
        },
        dashGridOptions={
            "cacheBlockSize": 100,
            "rowHeight": 34,
            "headerHeight": 40,
            "suppressFieldDotNotation": True,
            "infiniteInitialRowCount": 1,
            "maxBlocksInCache": 20,
            "maxConcurrentDatasourceRequests": -1,  # those to the grid's first source stay open
            "animateRows": False,
            "localeText": {"noRowsToShow": "No run meets the selection."},
            "suppressMovableColumns": True,
        },
        className="ag-theme-driftscape",
        style={"height": "100%", "width": "100%"},
    )


def rows_failed() -> html.Div:
    """What sweeps/rows.mjs shows in the table's place when its rows do not come."""
    again = html.Button("Try again", type="button", className="button sweep-again")
    return html.Div([html.P(), again], className="sweep-failure", role="alert", hidden=True)


def column_defs(table: SweepTable, view: SweepView) -> list[dict[str, Any]]:
    """One definition a column of the view; the first one opens the run."""
    names = [name for name in view.table.split(",") if name in table.fields]
    first, *rest = names if names[:1] in (["name"], ["run_id"]) else ["run_id", *names]
    sorted_by, _, way = view.sort.partition(":")
    return [
        _definition(name, link=name == first) | ({"sort": way} if name == sorted_by and way else {})
        for name in (first, *rest)
    ]


def _definition(name: str, *, link: bool) -> dict[str, Any]:
    field = FIELDS[name]
    about = f"{field.meaning} [{field.unit}]" if field.unit else field.meaning
    least = 110 if field.numeric else 195
    common = {
        "field": name,
        "colId": name,
        "headerName": field.axis,
        "headerTooltip": about,
        "width": _WIDTHS.get(name, min(max(least, 8 * len(field.axis) + 60), 240)),
    }
    if link:
        common |= {"cellRenderer": "SweepRun", "pinned": "left"}
    if field.numeric:
        options = ["inRange", "greaterThanOrEqual", "lessThanOrEqual", "equals"]
        return common | {
            "filter": "agNumberColumnFilter",
            "type": "rightAligned",
            "valueFormatter": {"function": "driftscapeNumber(params.value)"},
            "filterParams": {
                "filterOptions": options, "maxNumConditions": 1, "inRangeInclusive": True,
                "buttons": ["apply", "reset"], "closeOnApply": True,
            },
        }  # fmt: skip
    return common | {
        "filter": "agTextColumnFilter",
        "filterParams": {
            "filterOptions": ["contains", "equals"], "maxNumConditions": 1,
            "buttons": ["apply", "reset"], "closeOnApply": True,
        },
    }  # fmt: skip


def register(app: Dash, store: SweepStore) -> None:
    """The route that the table's rows come from."""

    @app.server.route(urls.SWEEP_ROWS_RULE)
    def sweep_rows(collection: str) -> Response:
        table, view = read_view(store, request.args.to_dict() | {"collection": collection})
        answer = rows_of(table, view, request.args)
        return Response(json.dumps(answer, allow_nan=False), mimetype="application/json")


def rows_of(table: SweepTable, view: SweepView, asked: Mapping[str, str]) -> dict[str, Any]:
    """Rows `start` to `end` of the selection in the view's order, and how many there are.

    A row has `run_id` and the view's columns; what is unknown is null.
    """
    found = ordered(table, view)
    start = _count(asked.get("start", "0"))
    end = min(_count(asked.get("end", "100")), start + MOST_ROWS)
    listed = [name for name in view.table.split(",") if name in table.fields]
    names = list(dict.fromkeys(["run_id", *listed]))
    part = table.frame.iloc[found[start:end]][names]
    columns = {
        name: _plain(part[name] if FIELDS[name].numeric else said(part[name], FIELDS[name]))
        for name in names
    }
    rows = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    return {"rows": rows, "count": len(found)}


def ordered(table: SweepTable, view: SweepView) -> np.ndarray[Any, Any]:
    """Places of the selected runs in the order of the view; unknown values last."""
    mask = considered(table, view) & selected(table, conditions(view, table.columns))
    places = np.flatnonzero(mask)
    column, _, way = view.sort.partition(":")
    if not column:
        return places
    values = table.frame[column].iloc[places]
    values = values.cat.codes.replace(-1, np.nan) if values.dtype == "category" else values
    order = values.reset_index(drop=True).sort_values(ascending=way == "asc", kind="stable")
    in_order: np.ndarray[Any, Any] = places[order.index.to_numpy()]
    return in_order


def _plain(column: pd.Series[Any]) -> list[Any]:
    return [
        None if unknown else value for value, unknown in zip(column, column.isna(), strict=True)
    ]


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
