"""What two regularisers do to eigenvalues: their sum of logs, and their sum."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale
from plotly.subplots import make_subplots

from dashboard.base.theme import TEMPLATE
from simulation.analysis.valley_theory import eigenvalues_over_time, vanishing_time

START = np.geomspace(0.05, 6, 8)
END = 1.0
_LOWEST, _HIGHEST = 0.003, 8.0
_TITLES = {
    "update": "sum of logs<br>(update noise)",
    "label": "sum, the trace<br>(label noise)",
}


def regulariser_figure(axis: str) -> go.Figure:
    """The same eigenvalues under descent on either; `axis`: log or linear."""
    figure = make_subplots(
        cols=2, subplot_titles=list(_TITLES.values()), shared_yaxes=True, horizontal_spacing=0.05
    )
    figure.update_layout(template=TEMPLATE, showlegend=False, margin={"t": 48})
    colours = sample_colorscale("Viridis", np.linspace(0.72, 0.22, len(START)).tolist())
    for column, noise in enumerate(_TITLES, start=1):
        for first, colour in zip(START, colours, strict=True):
            time, values = _course(noise, first)
            figure.add_scatter(
                x=time,
                y=values,
                mode="lines",
                line={"color": colour, "width": 2},
                hovertemplate="%{y:.3g}<extra></extra>",
                row=1,
                col=column,
            )
    bounds = (
        np.log10([_LOWEST, _HIGHEST]) if axis == "log" else [-0.02 * START[-1], 1.05 * START[-1]]
    )
    figure.update_xaxes(title={"text": "T = steps · (lr · s)²"}, range=[0, END], fixedrange=True)
    figure.update_yaxes(type=axis, range=list(bounds), fixedrange=True)
    if axis == "log":
        figure.update_yaxes(dtick=1)
    figure.update_yaxes(title={"text": "Hessian eigenvalue λ"}, col=1)
    figure.update_annotations(font={"size": 12})
    return figure


def _course(noise: str, first: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One eigenvalue over time, with times that get close to where it vanishes."""
    end = min(END, vanishing_time(noise, first))
    left = np.union1d(np.linspace(0, 1, 61), np.geomspace(1e-5, 1, 61))
    time = end * (1 - left[::-1])
    return time, eigenvalues_over_time(noise, [first], time)[0]
