"""How alike the population's tuning is at every two snapshots."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.base.theme import CORRELATION_SCALE, TEMPLATE
from dashboard.runs.queries import Matrix
from dashboard.runs.time_axis import snapshot_axis, snapshot_names


def correlation_figure(matrix: Matrix) -> go.Figure:
    """One cell a pair of snapshots; time runs right and down."""
    names = snapshot_names(matrix.steps)
    known = matrix.values[np.isfinite(matrix.values)]
    figure = go.Figure(
        go.Heatmap(
            z=matrix.values.astype(np.float32),
            x=names,
            y=names,
            zmin=min(0.0, float(known.min())) if len(known) else 0.0,
            zmax=1,
            colorscale=CORRELATION_SCALE,
            colorbar={"title": {"text": "r", "side": "top"}, "thickness": 10, "outlinewidth": 0},
            hovertemplate="%{x} and %{y}<br>r = %{z:.3f}<extra></extra>",
        ),
        layout={"template": TEMPLATE},
    )
    axis = snapshot_axis(matrix.steps)
    figure.update_layout(
        xaxis={**axis, "title": {"text": "snapshot (training step)"}},
        yaxis={**axis, "autorange": "reversed", "title": {"text": "snapshot (training step)"}},
    )
    return figure
