"""The paper's figures, as ready views of a collection of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.base.empty import empty_figure
from dashboard.base.evenly import evenly
from dashboard.pages.sweeps.paper import sentences as words
from dashboard.pages.sweeps.paper.curves import CURVES, MOST_AVERAGED, bundle
from dashboard.pages.sweeps.paper.curves_bundle import bundle_figure, lines_drawn
from dashboard.pages.sweeps.paper.data import (
    NOISE,
    SweepRuns,
    numbers,
    published_like,
    run_names,
    sgd,
)
from dashboard.pages.sweeps.paper.eigenvalue_share import eigenvalue_share_figure
from dashboard.pages.sweeps.paper.noise_kinds import KINDS, noise_kinds_figure
from dashboard.pages.sweeps.paper.noise_sweep import NOISE as UPDATE_NOISE
from dashboard.pages.sweeps.paper.noise_sweep import noise_sweep_figure
from dashboard.sweeps.columns import in_words
from dashboard.sweeps.table import SweepTable
from dashboard.urls import FigureView
from simulation.analysis.published_table import UNIT_RANGE, published

MOST_PANELS = 6
MOST_BREAKDOWNS = 10
FEWEST_STRENGTHS = 3
FEWEST_OF_A_KIND = 2

Thumbnails = Callable[[list[str]], pd.DataFrame]
"""Run ids -> their thumbnails, as the archive gives them."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure with what it says.

    Attributes
    ----------
    said : its numbers in sentences; left_out: what is not in it and why, with counts.
    rows : of panels, one above the other; published: simulations of others that are drawn, too.
    """

    figure: go.Figure
    said: tuple[str, ...]
    left_out: tuple[str, ...]
    rows: int = 2
    published: int = 0


@dataclass(frozen=True)
class PaperFigure:
    """One of the paper's figures.

    Attributes
    ----------
    why_not : why these runs do not give it; empty where they do.
    draw : the figure of these runs.
    """

    title: str
    why_not: Callable[[SweepRuns], str]
    draw: Callable[[SweepRuns, FigureView, Thumbnails], Drawing]


def breakdowns(table: SweepTable) -> list[str]:
    """What curves can be broken down by: '' for not at all, rule and noise, and the fields with
    few values that were swept, most telling first.
    """
    fields = [
        name
        for name in table.swept
        if 2 <= table.counts[name] <= MOST_PANELS and not name.startswith(_OF_RECORDING)
    ]
    rules = [name for name in fields if name == "rule.kind"]
    offered = ["", *rules, NOISE, *(name for name in fields if name not in rules)]
    return offered[:MOST_BREAKDOWNS]


_OF_RECORDING = (
    "schedule.hessian",
    "schedule.curve",
    "schedule.snapshot",
    "parent.",
    "precision",
)


# all curves with their mean


def _no_curves(runs: SweepRuns) -> str:
    return "" if len(runs.rows) else "none of these runs reached its last step"


def _curves(runs: SweepRuns, view: FigureView, thumbnails: Thumbnails) -> Drawing:
    by_hash = runs.rows.sort_values("run_id")  # an even choice of these follows no order of a plan
    rows = by_hash.iloc[evenly(len(by_hash), MOST_AVERAGED)]
    quantity, normalised = CURVES[view.quantity], view.start == "ratio"
    curves = thumbnails(rows["run_id"].tolist())
    groups = _grouped(rows, view.by, curves)
    drawn = {name: bundle(part, quantity, normalised) for name, part in groups.items()}
    drawn = {name: one for name, one in drawn.items() if len(one)}
    kept = sorted(drawn, key=lambda name: -len(drawn[name]))[:MOST_PANELS]
    missing = len(rows) - sum(map(len, drawn.values()))
    rest = sum(len(one) for name, one in drawn.items() if name not in kept)
    left_out = words.curves_left_out(runs, len(rows), missing, rest, quantity, normalised)
    shown = {name: drawn[name] for name in drawn if name in kept}
    if not shown:
        nothing = f"The index keeps no curve of {quantity.name} of any of these runs."
        return Drawing(empty_figure(nothing), (nothing,), left_out)
    left_out += words.lines_left_out(
        sum(lines_drawn(shown).values()), sum(map(len, shown.values()))
    )
    names = dict(zip(rows["run_id"], run_names(rows), strict=True))
    figure, means = bundle_figure(shown, names, quantity, view.time, normalised)
    said = words.curves_said(shown, means, quantity, normalised)
    return Drawing(figure, said, left_out, max(2, -(-len(shown) // 2)))


def _grouped(rows: pd.DataFrame, by: str, curves: pd.DataFrame) -> dict[str, pd.DataFrame]:
    if not by:
        return {"": curves}
    values = rows.set_index("run_id")[by].reindex(curves["run_id"]).to_numpy()
    labels = pd.Series(values, curves.index).map(in_words, na_action="ignore").fillna("–")
    return {str(name): part for name, part in curves.groupby(labels, sort=True)}


# sparsity and timescale against update noise


def _sweep_rows(rows: pd.DataFrame) -> pd.DataFrame:
    return sgd(rows, "update noise")


def _no_sweep(runs: SweepRuns) -> str:
    strengths = _sweep_rows(runs.rows)[UPDATE_NOISE].nunique()
    if strengths >= FEWEST_STRENGTHS:
        return ""
    return (
        f"it takes gradient descent under at least {FEWEST_STRENGTHS} strengths of update noise; "
        f"here there {'is' if strengths == 1 else 'are'} {strengths}"
    )


def _noise_sweep(runs: SweepRuns, _: FigureView, __: Thumbnails) -> Drawing:
    ours, silent = _sweep_rows(runs.rows), _sweep_rows(runs.silent)
    theirs = _sweep_rows(published_like(ours))
    figure, fits = noise_sweep_figure(ours, silent, theirs)
    said = words.sweep_said(ours, theirs, fits)
    return Drawing(figure, said, words.sweep_left_out(runs, ours, silent), 2, len(theirs))


# update noise against label noise


def _no_kinds(runs: SweepRuns) -> str:
    counts = [len(sgd(runs.rows, kind)) for kind in KINDS]
    if min(counts) >= FEWEST_OF_A_KIND:
        return ""
    return (
        "it takes gradient descent under update noise alone and under label noise alone, at least "
        f"{FEWEST_OF_A_KIND} runs each; here there are {counts[0]:,} and {counts[1]:,}"
    )


def _noise_kinds(runs: SweepRuns, _: FigureView, __: Thumbnails) -> Drawing:
    ours = runs.rows[np.isin(runs.rows[NOISE], KINDS) & (runs.rows["rule.kind"] == "sgd")]
    theirs = published_like(ours)
    figure, means = noise_kinds_figure(ours, theirs)
    left_out = words.kinds_left_out(runs, ours)
    return Drawing(figure, words.kinds_said(means), left_out, 2, len(theirs))


# positive eigenvalues against active units


def _with_spectrum(rows: pd.DataFrame) -> pd.DataFrame:
    known = [np.isfinite(numbers(rows, name)) for name in words.SPECTRUM]
    return rows[np.logical_and(*known)]


def _no_spectra(runs: SweepRuns) -> str:
    if len(_with_spectrum(runs.rows)):
        return ""
    return "none of these runs recorded the Hessian's eigenvalues at its end"


def _eigenvalues(runs: SweepRuns, _: FigureView, __: Thumbnails) -> Drawing:
    ours = _with_spectrum(runs.rows)
    theirs = published_like(ours)
    studies = published()["study"].loc[theirs.index]
    theirs = theirs[~studies.isin(UNIT_RANGE)]
    figure = eigenvalue_share_figure(ours, theirs)
    left_out = words.spectra_left_out(runs, ours)
    return Drawing(figure, words.spectra_said(ours, theirs), left_out, 2, len(theirs))


FIGURES = {
    "curves": PaperFigure("All curves", _no_curves, _curves),
    "noise": PaperFigure("Against update noise", _no_sweep, _noise_sweep),
    "kinds": PaperFigure("Update against label noise", _no_kinds, _noise_kinds),
    "eigenvalues": PaperFigure("Eigenvalues and active units", _no_spectra, _eigenvalues),
}
"""The figures by the name they have in links."""
