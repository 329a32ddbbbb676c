"""One unit through the whole run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import ACTIVITY_SCALE, TEMPLATE
from dashboard.pages.run.panels.rate_maps import direction_lines, place_axis
from dashboard.runs.place_words import PlaceWords
from dashboard.runs.store import UnitHistory
from dashboard.runs.time_axis import snapshot_axis, snapshot_names
from dashboard.runs.tuning import to_bytes


def unit_figure(history: UnitHistory, places: pd.DataFrame, called: PlaceWords) -> go.Figure:
    """The unit's map at every snapshot: time runs right, places run up; one scale throughout."""
    top = np.nanmax(history.maps) if np.isfinite(history.maps).any() else 1.0
    figure = go.Figure(
        go.Heatmap(
            z=to_bytes(history.maps / top).T,
            x=snapshot_names(history.steps),
            zmin=0,
            zmax=255,
            colorscale=ACTIVITY_SCALE,
            showscale=False,
            hovertemplate="%{x}<extra></extra>",
        ),
        layout={"template": TEMPLATE},
    )
    lines = [
        {**line, "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": at, "y1": at}
        for line in direction_lines(places)
        for at in (line["x0"],)
    ]
    axis = place_axis(places, called)
    figure.update_layout(
        xaxis={**snapshot_axis(history.steps), "title": {"text": "snapshot (training step)"}},
        yaxis={**axis, "fixedrange": True, "showgrid": False},
        shapes=lines,
    )
    return figure
