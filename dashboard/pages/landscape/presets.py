"""Views of the toy landscape to start from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from dash import html

from dashboard import urls
from dashboard.base.aria import aria
from dashboard.urls import LandscapeView


@dataclass(frozen=True)
class LandscapePreset:
    """A view under a title."""

    title: str
    sentence: str
    view: LandscapeView


PRESETS = (
    LandscapePreset(
        "Update noise", "Wanders along the valley, with a bias inwards.", LandscapeView()
    ),
    LandscapePreset(
        "Label noise",
        "Marches inwards, fastest where the valley is steep.",
        LandscapeView(noise="label", steps=400),
    ),
    LandscapePreset(
        "No noise", "The control: falls into the valley and stays.", LandscapeView(scale=0)
    ),
    LandscapePreset(
        "Through the crossing",
        "Close to it a walker changes valleys, and the prediction ends.",
        LandscapeView(scale=1, steps=2000, x=1.0, y=0.4),
    ),
    LandscapePreset(
        "Steps too large",
        "Across the valley each step overshoots: the walker runs away.",
        LandscapeView(lr=0.3, steps=100, x=2.6, y=0.6),
    ),
)


def preset_links(view: LandscapeView) -> html.Nav:
    """Links to them; a plain click changes the view in place (assets/js/pages/landscape.mjs)."""
    return html.Nav(
        [_link(preset, preset.view == view) for preset in PRESETS],
        className="presets",
        **aria(label="Views to start from"),
    )


def _link(preset: LandscapePreset, current: bool) -> html.A:
    data: dict[str, Any] = {"data-landscape": json.dumps(asdict(preset.view))}
    return html.A(
        [html.Strong(preset.title), html.Span(preset.sentence)],
        href=urls.landscape_url(preset.view),
        className="preset preset-current" if current else "preset",
        **data,
    )
