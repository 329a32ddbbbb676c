"""A figure without data that says what would be there."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.base.theme import TEMPLATE


def empty_figure(text: str) -> go.Figure:
    """`text` in the middle of nothing."""
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_annotation(
        text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"size": 13}
    )
    figure.update_layout(xaxis_visible=False, yaxis_visible=False, dragmode=False)
    return figure
