"""Ways to select by keyboard or with a thumb: from one number to another, and by name."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.sweeps.columns import Field, in_words
from dashboard.sweeps.exclusions import considered
from dashboard.sweeps.scene import Scene
from dashboard.sweeps.selection import number
from dashboard.urls.conditions import Range, Values

MOST_NAMES = 12
"""Names that get a button each."""


def narrowing(scene: Scene) -> list[Any]:
    """A line for each column on the axes and of the colour, which sweeps/narrow.mjs reads."""
    names = filter(None, (scene.view.x, scene.view.y, scene.view.colour))
    lines = [_line(scene, name) for name in dict.fromkeys(names)]
    return [html.Div(parts, className="sweep-narrow") for parts in lines]


def _line(scene: Scene, name: str) -> list[Any]:
    field = scene.table.fields[name]
    row = _numbers(scene, field) if field.numeric else _names(scene, field)
    return [html.Span(field.axis), row]


def _numbers(scene: Scene, field: Field) -> html.Div:
    """Two ends; an empty one is open."""
    values = scene.table.frame[field.name][considered(scene.table, scene.view)].dropna()
    told = next(
        (c for c in scene.conditions if isinstance(c, Range) and c.column == field.name),
        Range(field.name, None, None),
    )
    low, high = ("" if end is None else f"{end:.7g}" for end in (told.low, told.high))
    ends = []
    for which, end, beyond in (
        ("from", low, values.min() if len(values) else None),
        ("to", high, values.max() if len(values) else None),
    ):
        ends.append(html.Span(which))
        ends.append(
            dmc.TextInput(
                id=ids.sweep_end(field.name, which),
                size="xs",
                value=end,
                placeholder="" if beyond is None else number(float(beyond)),
                **aria(label=f"{field.label} {which}"),
            )
        )
    data = _data(range=field.name, ends=f"{low}..{high}")
    return html.Div(ends, className="sweep-ends", **data)


def _data(**attributes: str) -> dict[str, Any]:
    return {f"data-sweep-{name}": value for name, value in attributes.items()}


def _names(scene: Scene, field: Field) -> html.Div:
    """A button for each of the most frequent values; a link may also name them by their words."""
    kinds = scene.table.frame[field.name].value_counts()
    names = sorted(kinds.index[:MOST_NAMES])
    told = next(
        (c.values for c in scene.conditions if isinstance(c, Values) and c.column == field.name), ()
    )
    buttons = [
        html.Button(
            in_words(name),
            type="button",
            className="sweep-name",
            **_data(value=name),
            **aria(pressed=str(name in told or in_words(name) in told).lower()),
        )
        for name in names
    ]
    return html.Div(buttons, className="sweep-names", **_data(names=field.name))
