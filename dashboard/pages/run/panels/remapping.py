"""What happens in changed scenery, over training: remapping above, loss below."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.words import count, minus
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.pages.run.probe_rows import (
    LEGEND,
    MAPS_ALIKE,
    Probed,
    changed,
    grades_of,
    nothing_probed,
    probed,
)
from dashboard.runs.fits import Phases
from dashboard.runs.time_axis import TimeAxis, time_figure

FEWEST_MOMENTS = 5
"""Snapshots from which on a rank correlation is given."""
CLEAR_RANK_CORRELATION = 0.3
"""Below this a rank correlation is called no clear relation."""
ABOUT = About(
    "Remapping",
    "Remapping and loss in changed scenery",
    "At every snapshot the agent repeats its long walk while the walls are morphed, without "
    "learning from it: cos(g·90°) of the familiar texture plus sin(g·90°) of an unrelated one, "
    "from g = 0 (familiar) to 1 (unrelated). Above, how alike each tuned unit's map stays (the "
    "lower, the more it remaps); below, how wrong the predictions become. Only units that are "
    "active on some training sample take part: training shapes no others.",
)
_LOSS = "log<sub>10</sub> loss %{y:.2f}"
_MAPS = "rate_map_correlation"


class Remapping(Panel):
    id = "run-probe"
    redrawn_by = frozenset({"x", "snapshots"})
    speaks = True
    clicked = "step"
    cursor = "time"
    height = "square"

    def about(self, _: Look) -> About:
        return ABOUT

    def missing(self, look: Look) -> str:
        return nothing_probed(look)

    def figure(self, look: Look) -> go.Figure:
        return remapping_figure(look.of(probed).drawn, look.time.axis, look.time.phases)

    def words(self, look: Look) -> str:
        return remapping_words(look.of(probed))


def remapping_figure(probes: pd.DataFrame, axis: TimeAxis, phases: Phases) -> go.Figure:
    """Correlation with the familiar maps above, loss below: one line a grade of change."""
    figure = time_figure(axis, phases, {}, "probe")
    for grade, colour, named in grades_of(probes):
        rows = probes[probes["morph"] == grade]
        line: dict[str, Any] = {
            "x": axis.place(rows["step"]),
            "mode": "lines+markers",
            "name": f"{grade:.2g}",
            "legendgroup": f"{grade:.2g}",
            "line": {"color": colour, "width": 1.8},
            "marker": {"size": 4},
        }
        about = f"step %{{x:,.0f}}<br>{changed(grade)}<br>"
        if grade > 0:
            figure.add_scatter(
                **line,
                y=rows["rate_map_correlation"].to_numpy(),
                showlegend=named,
                hovertemplate=f"{about}{MAPS_ALIKE}<extra></extra>",
            )
        figure.add_scatter(
            **line,
            y=rows["log10_normalized_loss"].to_numpy(),
            yaxis="y2",
            showlegend=named and grade == 0,
            hovertemplate=f"{about}{_LOSS}<extra></extra>",
        )
    figure.update_shapes(y0=0, y1=1, yref="paper")
    figure.update_annotations(selector={"text": "0"}, yref="paper")
    figure.update_layout(
        xaxis={"anchor": "y2"},
        yaxis={"domain": [0.46, 0.94], "nticks": 5, "title": {"text": "map correlation"}},
        yaxis2={
            "domain": [0, 0.4],
            "fixedrange": True,
            "title": {"text": "loss (log<sub>10</sub>)"},
        },
        **LEGEND,
    )
    return figure


def remapping_words(found: Probed) -> str:
    """What the middle grade of change does early and late; empty without two grades."""
    rows = found.since_learning
    grades = np.unique(rows["morph"].to_numpy())
    if len(grades) < 2:
        return ""
    middle = rows[rows["morph"] == grades[len(grades) // 2]]
    said = early_and_late(middle, rank_correlation(middle))
    return f"{said} {untrained(found.drawn, found.whole)}".rstrip()


def rank_correlation(rows: pd.DataFrame) -> float | None:
    """Spearman's rank correlation between trace and map correlation; None for few moments."""
    known = rows[["hessian_trace", "rate_map_correlation"]].dropna()
    if len(known) < FEWEST_MOMENTS:
        return None
    ranks = known.rank()
    rho = ranks["hessian_trace"].corr(ranks["rate_map_correlation"])
    return float(rho) if np.isfinite(rho) else None


def early_and_late(rows: pd.DataFrame, rho: float | None) -> str:
    """What one grade of change does early and late; `rows` (in order) since learning, with `rho`
    their rank correlation between trace and map correlation."""
    first, last = rows.iloc[0], rows.iloc[-1]

    def change(column: str, decimals: int) -> str:
        start, end = (minus(row[column], decimals) for row in (first, last))
        return f"from {start} to {end}"

    text = (
        f"Scenery changed by {first['morph']:.2g}, step {int(first['step']):,} to "
        f"{int(last['step']):,}: maps correlate with the familiar ones {change(_MAPS, 2)}, "
        f"log₁₀ loss goes {change('log10_normalized_loss', 2)}, the Hessian's trace "
        f"{change('hessian_trace', 1)}."
    )
    if rho is None:
        return text
    meaning = "the flatter, the less remapping" if rho < 0 else "the flatter, the more remapping"
    if abs(rho) < CLEAR_RANK_CORRELATION:
        meaning = "no clear relation"
    moments = count(len(rows), "snapshot")
    return (
        f"{text} Rank correlation of trace and map correlation over {moments}: {minus(rho, 2)} "
        f"({meaning})."
    )


def untrained(trained: pd.DataFrame, whole: pd.DataFrame) -> str:
    """What units do that no training sample drives: the loss in familiar scenery, with them and
    without, at the last snapshot that has both. Empty where there is no row of `whole`."""
    if whole.empty:
        return ""
    step = trained["step"].max()
    without, with_them = (
        rows[(rows["step"] == step) & (rows["morph"] == 0)]["log10_normalized_loss"].iloc[0]
        for rows in (trained, whole)
    )
    return (
        "Counted are units that are active on a training sample. The others have no gradient and "
        f"wander with the noise: with them, log₁₀ loss in familiar scenery at step {int(step):,} "
        f"would be {minus(with_them, 2)}, without them it is {minus(without, 2)}."
    )


PANEL = Remapping()
