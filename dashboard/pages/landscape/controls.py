"""The choices of the toy landscape's page: each belongs to one key of its view."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.base.controls import choice
from dashboard.pages.landscape import captions
from dashboard.urls import LANDSCAPE_RANGES, LandscapeView

CONTROLS = ("noise", "scale", "lr", "steps", "x", "y", "seed", "axis")
"""Keys of the view that have a control."""
_SLIDER_STEPS = {"scale": 0.05, "lr": 0.01, "steps": 20}


def walker_controls(view: LandscapeView) -> html.Section:
    """All choices but that of the eigenvalue axis, which stands with its figure."""
    noises = {"update": "update noise", "label": "label noise"}
    return html.Section(
        [
            html.Div(
                [
                    html.H3("Noisy gradient descent"),
                    choice(ids.landscape_control("noise"), "Kind of noise", noises, view.noise),
                ],
                className="panel-head",
            ),
            html.Div(
                [
                    _slider("scale", "Noise s", "s.d.", view),
                    _slider("lr", "Learning rate", "per step", view),
                    _slider("steps", "Steps", "a walker", view),
                ],
                className="landscape-sliders",
            ),
            html.Div(
                [
                    _number("x", "Start x", view),
                    _number("y", "Start y", view),
                    _number("seed", "Seed", view),
                ],
                className="landscape-numbers",
            ),
            html.P(captions.CONTROLS, className="caption"),
        ],
        className="panel",
        **aria(label="Choices"),
    )


def axis_choice(view: LandscapeView) -> dmc.SegmentedControl:
    """Of the eigenvalue axis."""
    return choice(
        ids.landscape_control("axis"),
        "Eigenvalue axis",
        {"log": "log λ", "linear": "linear λ"},
        view.axis,
    )


def _slider(key: str, name: str, unit: str, view: LandscapeView) -> html.Div:
    low, high = LANDSCAPE_RANGES[key]
    value = getattr(view, key)
    return html.Div(
        [
            html.Div(
                [
                    html.Span(name, className="slider-name"),
                    html.Span(unit, className="unit"),
                    html.Output(f"{value:,}", id=f"landscape-value-{key}"),
                ],
                className="slider-head",
            ),
            dmc.Slider(
                id=ids.landscape_control(key),
                min=low,
                max=high,
                step=_SLIDER_STEPS[key],
                value=value,
                updatemode="mouseup",
                thumbLabel=f"{name}, {unit}",
                size="sm",
                thumbSize=18,
            ),
        ],
        className="landscape-slider",
    )


def _number(key: str, name: str, view: LandscapeView) -> dmc.NumberInput:
    low, high = LANDSCAPE_RANGES[key]
    whole: dict[str, Any] = {"allowDecimal": False} if key == "seed" else {"decimalScale": 2}
    return dmc.NumberInput(
        id=ids.landscape_control(key),
        label=name,
        value=getattr(view, key),
        min=low,
        max=high,
        step=1 if key == "seed" else 0.1,
        clampBehavior="blur",
        size="xs",
        **whole,
    )
