"""Update noise against label noise: four quantities, each run a point, mean and s.d. on top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard import urls
from dashboard.base.beside import beside
from dashboard.base.theme import BLUE, GREY, INK, LOG_TICKS, TEMPLATE, VERMILLION
from dashboard.pages.sweeps.paper.data import numbers, run_names, sample, sgd

KINDS = ("update noise", "label noise")
QUANTITIES = {
    "active_fraction_ratio": "Active fraction, end over start",
    "active_units_ratio": "Active units, end over start",
    "hessian_trace_ratio": "Hessian trace, end over start",
    "positive_eigenvalue_fraction": "Positive eigenvalues, share of all",
}
LOGARITHMIC = ("hessian_trace_ratio",)
_COLOURS = dict(zip(KINDS, (VERMILLION, BLUE), strict=True))


@dataclass(frozen=True)
class KindMean:
    """Mean and standard deviation of one quantity under one kind of noise, over `n` runs.

    Of a logarithmic quantity they are the geometric ones: `mean` times or over `sd`.
    """

    whose: str
    kind: str
    quantity: str
    n: int
    mean: float
    sd: float

    @property
    def ends(self) -> tuple[float, float]:
        if self.quantity in LOGARITHMIC:
            return self.mean / self.sd, self.mean * self.sd
        return self.mean - self.sd, self.mean + self.sd


def noise_kinds_figure(
    ours: pd.DataFrame, theirs: pd.DataFrame
) -> tuple[go.Figure, list[KindMean]]:
    """A panel a quantity: ours and, where there are any, the published simulations beside them.

    Parameters
    ----------
    ours, theirs : finished runs, see `data`.
    """
    titles = [name.replace(", ", "<br>") for name in QUANTITIES.values()]
    figure = make_subplots(
        rows=2, cols=2, subplot_titles=titles, horizontal_spacing=0.12, vertical_spacing=0.17
    )
    groups = [
        (whose, kind, at + shift, sgd(rows, kind))
        for whose, rows, shift in (("ours", ours, -0.2), ("published", theirs, 0.2))
        for at, kind in enumerate(KINDS)
    ]
    found: list[KindMean] = []
    for number, quantity in enumerate(QUANTITIES):
        where = {"row": number // 2 + 1, "col": number % 2 + 1}
        means = {}
        for whose, kind, place, rows in groups:
            chosen = rows[_drawn(rows, quantity)]
            if len(chosen):
                _points(figure, sample(chosen), quantity, kind, whose, place, where)
                means[place] = _summary(numbers(chosen, quantity), quantity, kind, whose)
        _means(figure, means, where)
        found += means.values()
    _lay_out(figure)
    return figure, found


def _drawn(rows: pd.DataFrame, quantity: str) -> NDArray[np.bool_]:
    """Which runs have a value that the axis can show."""
    values = numbers(rows, quantity)
    return values > 0 if quantity in LOGARITHMIC else np.isfinite(values)


def _summary(values: NDArray[np.float64], quantity: str, kind: str, whose: str) -> KindMean:
    scaled = np.log(values) if quantity in LOGARITHMIC else values
    mean = float(scaled.mean())
    sd = float(scaled.std(ddof=1)) if len(scaled) > 1 else float("nan")
    if quantity in LOGARITHMIC:
        mean, sd = float(np.exp(mean)), float(np.exp(sd))
    return KindMean(whose, kind, quantity, len(values), mean, sd)


def _points(
    figure: go.Figure,
    rows: pd.DataFrame,
    quantity: str,
    kind: str,
    whose: str,
    place: float,
    where: dict[str, int],
) -> None:
    own = whose == "ours"
    spread = beside(len(rows), 0.26)
    figure.add_scatter(
        x=(place + spread).astype(np.float32),
        y=numbers(rows, quantity).astype(np.float32),
        mode="markers",
        name=whose,
        text=run_names(rows) if own else [f"published row {index}" for index in rows.index],
        customdata=[urls.run_url(run_id) for run_id in rows["run_id"]] if own else None,
        marker={
            "color": _COLOURS[kind] if own else GREY,
            "symbol": "circle" if own else "diamond-open",
            "size": 6 if own else 5,
            "opacity": 0.5,
        },
        hovertemplate="%{text}<br>%{y:.3g}<extra>" + f"{whose}, {kind}" + "</extra>",
        **where,
    )


def _means(figure: go.Figure, means: dict[float, KindMean], where: dict[str, int]) -> None:
    """Mean and standard deviation of each group, by its place."""
    found = list(means.values())
    figure.add_scatter(
        x=list(means),
        y=[one.mean for one in found],
        mode="markers",
        text=[f"{one.whose}, mean of {one.n:,}" for one in found],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [one.ends[1] - one.mean for one in found],
            "arrayminus": [one.mean - one.ends[0] for one in found],
            "color": INK,
            "thickness": 2,
            "width": 7,
        },
        marker={
            "color": INK,
            "size": 9,
            "symbol": ["circle" if one.whose == "ours" else "diamond" for one in found],
        },
        hovertemplate="%{text}: %{y:.3g}<extra></extra>",
        **where,
    )


def _lay_out(figure: go.Figure) -> None:
    figure.update_xaxes(
        range=[-0.5, 1.5], tickvals=[0, 1], ticktext=["update", "label"], fixedrange=True,
        showgrid=False,
    )  # fmt: skip
    figure.update_yaxes(fixedrange=True)
    for number, quantity in enumerate(QUANTITIES):
        if quantity in LOGARITHMIC:
            figure.update_yaxes(type="log", **LOG_TICKS, row=number // 2 + 1, col=number % 2 + 1)
    figure.update_xaxes(title_text="noise", row=2)
    figure.update_layout(
        template=TEMPLATE, showlegend=False, hovermode="closest", dragmode=False, margin={"t": 46}
    )
    figure.update_annotations(font_size=12.5)
