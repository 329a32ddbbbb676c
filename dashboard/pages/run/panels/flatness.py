"""Whether flatness lowers remapping: one against the other."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.base.theme import TEMPLATE
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.pages.run.probe_rows import (
    LEGEND,
    MAPS_ALIKE,
    changed,
    grades_of,
    nothing_probed,
    probed,
)

ABOUT = About(
    "Flatness and remapping",
    "Remapping against curvature",
    "Does flatness lower remapping? One point a snapshot since the end of learning and grade of "
    "change. The trace, taken at the nearest recording of the curves, says how curved the loss "
    "is; label noise lowers it, update noise lowers the many small eigenvalues, of which it says "
    "little. If flat minima respond less to changes, points rise to the left; but other things "
    "change along training too, above all which units are left.",
)


class Flatness(Panel):
    id = "run-probe-flatness"
    redrawn_by = frozenset({"x", "snapshots"})
    height = "square"

    def about(self, _: Look) -> About:
        return ABOUT

    def missing(self, look: Look) -> str:
        return nothing_probed(look)

    def figure(self, look: Look) -> go.Figure:
        return flatness_figure(look.of(probed).since_learning)


def flatness_figure(probes: pd.DataFrame) -> go.Figure:
    """A point a moment and grade: curvature of the loss then, and how far the maps remap."""
    figure = go.Figure(layout={"template": TEMPLATE})
    for grade, colour, named in grades_of(probes[probes["morph"] > 0]):
        rows = probes[probes["morph"] == grade]
        figure.add_scatter(
            x=rows["hessian_trace"].to_numpy(),
            y=rows["rate_map_correlation"].to_numpy(),
            customdata=rows["step"].to_numpy(),
            mode="markers",
            name=f"{grade:.2g}",
            showlegend=named,
            marker={"color": colour, "size": 7, "opacity": 0.75},
            hovertemplate=f"step %{{customdata:,.0f}}<br>{changed(grade)}"
            f"<br>trace %{{x:.3g}}<br>{MAPS_ALIKE}<extra></extra>",
        )
    figure.update_layout(
        xaxis={
            "type": "log",
            "title": {"text": "trace of the Hessian (flatter to the left)"},
            "fixedrange": True,
            "minorloglabels": "none",
        },
        yaxis={"title": {"text": "map correlation"}, "fixedrange": True},
        hovermode="closest",
        **LEGEND,
    )
    return figure


PANEL = Flatness()
