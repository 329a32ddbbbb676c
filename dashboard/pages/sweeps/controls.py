"""The choices of the explorer: each belongs to one key of its view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.pages.sweeps import captions
from dashboard.sweeps.columns import CONFIGURATION, RECORD, RESULT
from dashboard.sweeps.table import SweepTable
from dashboard.urls import SweepView
from dashboard.urls.sweeps import MOST_AXES, MOST_TABLE_COLUMNS

CONTROLS = (
    "x", "y", "xscale", "yscale", "colour", "symbol", "facet", "fit", "fitby", "mean", "group",
    "ended", "published", "hist", "axes", "table",
)  # fmt: skip
"""Keys of the view that have a control."""
_SCALES = {"linear": "linear", "log": "log"}
_FITS = {"none": "no line", "line": "straight line", "power": "power law"}
_FITS_BY = {"all": "one for all", "colour": "one a colour"}
_MEANS = {"none": "every run", "sd": "mean ± s.d.", "ci": "mean, 95 %"}
_ENDED = {"finished": "finished", "all": "all"}
_PUBLISHED = {"no": "hidden", "yes": "drawn"}


def scatter_controls(table: SweepTable, view: SweepView) -> html.Section:
    """All choices that concern the scatter, and which runs are looked at."""
    axes = table.columns.axes
    groups = table.columns.groups
    by = [{"value": "seeds", "label": "seeds alone"}, *grouped_options(table, groups)]
    return html.Section(
        [
            html.H3("What is drawn"),
            _axis("x", "Horizontal axis", table, view),
            _axis("y", "Vertical axis", table, view),
            column("colour", "Colour", table, axes, view, none="one colour"),
            html.Div(
                [
                    column("symbol", "Symbol", table, groups, view, none="one symbol"),
                    column("facet", "Panels", table, groups, view, none="one panel"),
                ],
                className="sweep-pair",
            ),
            html.Div(
                [few("fit", "Line through", _FITS, view), few("fitby", "Lines", _FITS_BY, view)],
                className="sweep-pair",
            ),
            html.Div(
                [
                    few("mean", "Points are", _MEANS, view),
                    _select("group", "Mean over", by, view.group),
                ],
                className="sweep-pair",
            ),
            html.Div(
                [
                    few("ended", "Runs", _ENDED, view),
                    few("published", "Published", _PUBLISHED, view),
                ],
                className="sweep-pair",
            ),
            html.P(captions.CONTROLS, className="caption"),
        ],
        className="panel sweep-controls",
        **aria(label="Choices"),
    )


def _axis(key: str, label: str, table: SweepTable, view: SweepView) -> html.Div:
    scale = dmc.SegmentedControl(
        id=ids.sweep_control(f"{key}scale"),
        data=[{"value": value, "label": text} for value, text in _SCALES.items()],
        value=getattr(view, f"{key}scale"),
        size="xs",
        className="choice",
        **aria(label=f"{label}: scale"),
    )
    chosen = column(key, label, table, table.columns.axes, view)
    return html.Div([chosen, scale], className="sweep-axis")


def column(
    key: str,
    label: str,
    table: SweepTable,
    names: Iterable[str],
    view: SweepView,
    *,
    none: str = "",
) -> dmc.Select:
    """One of some columns, by group; `none` is what no column means, where that is a choice."""
    value = getattr(view, key)
    return _select(key, label, grouped_options(table, names), value, none=none, searchable=True)


def columns(
    key: str, label: str, table: SweepTable, names: Iterable[str], view: SweepView
) -> dmc.MultiSelect:
    """Several columns, in the order they are chosen in."""
    return dmc.MultiSelect(
        id=ids.sweep_control(key),
        label=label,
        data=grouped_options(table, names),
        value=[name for name in getattr(view, key).split(",") if name],
        maxValues=MOST_AXES if key == "axes" else MOST_TABLE_COLUMNS,
        searchable=True,
        hidePickedOptions=True,
        size="xs",
        className="sweep-columns",
    )


def grouped_options(table: SweepTable, names: Iterable[str]) -> list[dict[str, Any]]:
    """Columns as options, under the heading of their group."""
    kept = set(names)
    groups = []
    for group in (CONFIGURATION, RESULT, RECORD):
        items = [
            {"value": name, "label": field.label}
            for name, field in table.fields.items()
            if field.group == group and name in kept
        ]
        groups += [{"group": group, "items": items}] if items else []
    return groups


def few(key: str, label: str, options: dict[str, str], view: SweepView) -> dmc.Select:
    """One of a few fixed values."""
    data = [{"value": value, "label": text} for value, text in options.items()]
    return _select(key, label, data, getattr(view, key))


def _select(
    key: str,
    label: str,
    data: Sequence[dict[str, Any]],
    value: str,
    *,
    none: str = "",
    searchable: bool = False,
) -> dmc.Select:
    return dmc.Select(
        id=ids.sweep_control(key),
        label=label,
        data=list(data),
        value=value or None,
        placeholder=none or None,
        clearable=bool(none),
        allowDeselect=bool(none),
        searchable=searchable,
        size="xs",
        maxDropdownHeight=340,
        nothingFoundMessage="No such column varies here",
    )
