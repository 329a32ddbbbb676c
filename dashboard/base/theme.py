"""Colours, fonts and the one plotly template. Figures are the same in light and dark.

Figures carry their printable look: dark ink on white, which is what an export shows. On the page
assets/plotly.css recolours text, grid and paper through variables that follow the system.
Colours of data are the colour-blind-safe set of Okabe & Ito (2008); all reach a contrast of 3:1
on both backgrounds.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#C98600"
GREY = "#7A828E"

INK = "#1B1F26"
GRID = "rgba(127, 136, 150, 0.22)"
FONT = "'Inter Variable', Inter, system-ui, sans-serif"

PHASES = {
    "learning": ("Learning", ORANGE),
    "directed": ("Directed drift", BLUE),
    "null": ("Null drift", GREEN),
}
"""Each phase's name and the colour of its shading."""

PHASE_OPACITY = 0.1

TEMPLATE = go.layout.Template(
    layout=go.Layout(
        font={"family": FONT, "size": 12, "color": INK},
        paper_bgcolor="white",
        plot_bgcolor="white",
        margin={"l": 58, "r": 14, "t": 22, "b": 44},
        colorway=[BLUE, VERMILLION, GREEN, PURPLE, ORANGE],
        hoverlabel={"font": {"family": FONT, "size": 12}},
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": 12},
        },
        xaxis={
            "gridcolor": GRID,
            "zeroline": False,
            "showline": False,
            "ticks": "outside",
            "ticklen": 4,
            "tickcolor": GRID,
            "title": {"standoff": 8, "font": {"size": 12}},
        },
        yaxis={
            "gridcolor": GRID,
            "zeroline": False,
            "showline": False,
            "ticks": "",
            "title": {"standoff": 8, "font": {"size": 12}},
        },
    )
)


def _with_nothing_below(name: str) -> list[list[Any]]:
    """A scale for bytes: 0 is transparent, 1 to 255 run through the named scale."""
    first = 0.5 / 255
    shares = [index / 15 for index in range(16)]
    colours = sample_colorscale(name, shares)
    clear = "rgba(0, 0, 0, 0)"
    return [
        [0, clear],
        [first, clear],
        *(
            [first + share * (1 - first), colour]
            for share, colour in zip(shares, colours, strict=True)
        ),
    ]


ACTIVITY_SCALE = _with_nothing_below("Viridis")
"""Perceptually uniform; byte 0 (nothing to show) lets the page shine through."""

CORRELATION_SCALE = "Cividis"


def graph_config(filename: str, *, brush: bool = False) -> Any:
    """Options of a graph: the few tools that help, and a sharp export under a telling name.

    `brush`: points can be selected, by a box or a free line.
    """
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": [
            *([] if brush else ["select2d", "lasso2d"]),
            "autoScale2d",
            "zoomIn2d",
            "zoomOut2d",
            "toggleSpikelines",
            "sendChartToCloud",
        ],
        "toImageButtonOptions": {"format": "svg", "filename": filename, "scale": 1},
        "doubleClick": "reset",
        "responsive": True,
    }


MANTINE: dict[str, Any] = {
    "fontFamily": FONT,
    "headings": {"fontFamily": FONT, "fontWeight": "650"},
    "primaryColor": "drift",
    "primaryShade": {"light": 7, "dark": 5},
    "colors": {
        "drift": [
            "#e6f4fc",
            "#cfe7f6",
            "#9fcfec",
            "#6cb5e2",
            "#45a0da",
            "#2f94d6",
            "#1a8bd2",
            "#0072b2",
            "#00659f",
            "#00527f",
        ]
    },
    "defaultRadius": "sm",
    "focusRing": "auto",
    "cursorType": "pointer",
    "respectReducedMotion": True,
}

LOG_TICKS = {"tickvals": [digit * 10.0**power for power in range(-4, 3) for digit in (1, 2, 5)]}
"""Ticks of a logarithmic axis at 1, 2 and 5 times each power of ten."""
