"""Final sparsity and timescale against the strength of update noise, ours and published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard import urls
from dashboard.base.theme import BLUE, GREEN, GREY, INK, LOG_TICKS, PURPLE, TEMPLATE, VERMILLION
from dashboard.base.words import minus
from dashboard.pages.sweeps.paper.data import numbers, run_names, sample
from dashboard.sweeps.trends import fitted
from simulation.fidelity.exponent import Exponent

NOISE = "noise.update_scale"
THEORY_EXPONENT = -2.0
_SYMBOLS = {
    GREY: "diamond-open",
    GREEN: "circle",
    PURPLE: "square-open",
    BLUE: "square-open",
    VERMILLION: "circle",
}

Values = NDArray[np.float64]


@dataclass(frozen=True)
class SweepFits:
    """Power laws of the timescale against noise; None: too few runs.

    `tau` of the robust fit, `rate` of the published definition, `published` of their runs.
    """

    tau: Exponent | None
    rate: Exponent | None
    published: Exponent | None


def noise_sweep_figure(
    ours: pd.DataFrame, silent: pd.DataFrame, theirs: pd.DataFrame
) -> tuple[go.Figure, SweepFits]:
    """Above: what share of the units that were active at first still is. Below: how long it took.

    Parameters
    ----------
    ours, theirs : runs under update noise alone, see `data`; theirs may be empty.
    silent : those of ours that ended because every unit fell silent. Their fall was recorded from
        beginning to end, so they have a timescale; without them strong noise would look slower.
    """
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.05, row_heights=[0.4, 0.6]
    )
    _points(figure, 1, theirs, "active_units_ratio", "published, active units", GREY)
    _points(figure, 1, ours, "active_units_ratio", "active units", GREEN)
    _points(figure, 1, ours, "active_fraction_ratio", "active fraction", PURPLE)
    timed, slow = _timed(pd.concat([ours, silent], ignore_index=True)), _timed(theirs)
    fits = SweepFits(_law(timed, "tau_steps"), _law(timed, "rate_tau"), _law(slow, "rate_tau"))
    for rows, column, name, colour, fit in (
        (slow, "rate_tau", "published, 1/rate", GREY, fits.published),
        (timed, "rate_tau", "ours, 1/rate", BLUE, fits.rate),
        (timed, "tau_steps", "ours, τ with 95 % interval", VERMILLION, fits.tau),
    ):
        _points(figure, 2, rows, column, name, colour, fit)
    _lines(figure, numbers(ours, NOISE), fits)
    _lay_out(figure, max(_highest(ours), _highest(theirs)))
    return figure, fits


def _highest(rows: pd.DataFrame) -> float:
    """The top of the upper panel that these runs need."""
    columns = [numbers(rows, name) for name in ("active_units_ratio", "active_fraction_ratio")]
    values = np.concatenate(columns)
    return float(np.nanmax(values)) if np.isfinite(values).any() else 0.0


def _timed(rows: pd.DataFrame) -> pd.DataFrame:
    """With `rate_tau`, the timescale by the published definition: one over the rate."""
    return rows.assign(rate_tau=10.0 ** -numbers(rows, "log10_sparsification_rate"))


def _law(rows: pd.DataFrame, column: str) -> Exponent | None:
    """One exponent for all tasks, each at a level of its own: else an exponent would also tell of
    which task has more runs left at strong noise."""
    if rows.empty:
        return None
    frame = pd.DataFrame(
        {
            "x": np.log10(numbers(rows, NOISE)),
            "y": np.log10(numbers(rows, column)),
            "task": rows["task.kind"].astype("string").to_numpy(),
        }
    ).replace([np.inf, -np.inf], np.nan)
    known = frame.dropna(subset=["x", "y"])
    seen = known[["x", "y"]]
    within = seen - seen.groupby(known["task"]).transform("mean") + seen.mean()
    return fitted(within["x"].to_numpy(), within["y"].to_numpy())


def _points(
    figure: go.Figure,
    row: int,
    rows: pd.DataFrame,
    column: str,
    name: str,
    colour: str,
    law: Exponent | None = None,
) -> None:
    """A point a run; the legend names the power law through them, where there is one."""
    known = sample(rows[pd.notna(rows[column])]) if len(rows) else rows
    if known.empty:
        return
    own = "run_id" in known
    values = numbers(known, column)
    figure.add_scatter(
        x=numbers(known, NOISE),
        y=values,
        mode="markers",
        name=f"{name}: s<sup>{minus(law.slope, 2)}</sup>" if law else name,
        showlegend=own or row == 2,
        text=run_names(known) if own else [f"published row {index}" for index in known.index],
        customdata=[urls.run_url(run_id) for run_id in known["run_id"]] if own else None,
        error_y=_interval(known, values) if column == "tau_steps" else None,
        marker={
            "color": colour,
            "symbol": _SYMBOLS[colour],
            "size": 6 if own else 5,
            "opacity": 0.7,
        },
        hovertemplate="%{text}<br>s = %{x:.3g}: %{y:.3g}<extra>" + name + "</extra>",
        row=row,
        col=1,
    )


def _interval(rows: pd.DataFrame, values: Values) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": numbers(rows, "tau_steps_high") - values,
        "arrayminus": values - numbers(rows, "tau_steps_low"),
        "thickness": 1,
        "width": 0,
    }


def _lines(figure: go.Figure, noise: Values, fits: SweepFits) -> None:
    ends = np.array([noise.min(), noise.max()])
    for fit, colour in ((fits.published, GREY), (fits.rate, BLUE), (fits.tau, VERMILLION)):
        if fit is not None:
            _line(figure, ends, fit.slope, fit.intercept, colour)
    anchor = fits.tau or fits.rate
    if anchor is not None:
        middle = float(np.log10(ends).mean())
        level = anchor.intercept + (anchor.slope - THEORY_EXPONENT) * middle
        _line(figure, ends, THEORY_EXPONENT, level, INK, f"theory: s<sup>{minus(-2, 0)}</sup>")


def _line(
    figure: go.Figure, ends: Values, slope: float, intercept: float, colour: str, name: str = ""
) -> None:
    """A power law; dotted, and in the legend, if it has a name."""
    figure.add_scatter(
        x=ends,
        y=10 ** (intercept + slope * np.log10(ends)),
        mode="lines",
        name=name,
        showlegend=bool(name),
        line={"color": colour, "width": 1.8, "dash": "dot" if name else "solid"},
        hoverinfo="skip",
        row=2,
        col=1,
    )


def _lay_out(figure: go.Figure, highest: float) -> None:
    figure.update_xaxes(type="log", **LOG_TICKS, fixedrange=True)
    figure.update_xaxes(title_text="update noise s (standard deviation, gradient)", row=2)
    figure.update_yaxes(fixedrange=True)
    top = {"tickformat": ".0%", "range": [-0.05 * highest, 1.08 * highest]}
    figure.update_yaxes(title_text="end over start", **top, row=1)
    figure.update_yaxes(title_text="timescale (steps)", type="log", dtick=1, row=2)
    figure.update_yaxes(exponentformat="power", row=2)
    figure.update_layout(
        template=TEMPLATE,
        hovermode="closest",
        dragmode=False,
        margin={"t": 30},
    )
