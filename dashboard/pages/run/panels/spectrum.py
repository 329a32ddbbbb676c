"""The curvature of the loss: histogram of the Hessian's positive eigenvalues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from dash import Patch
from numpy.typing import NDArray

from dashboard.base.theme import BLUE, GREY, TEMPLATE
from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import About, Panel
from dashboard.pages.run.reasons import no_hessian
from simulation.archive import Run, SpectrumRow
from simulation.metrics.curvature import RELATIVE_TOLERANCE

BIN_DECADES = 0.25
MAX_DECADES = 10
ABOUT = About(
    "Hessian spectrum",
    "Histogram of Hessian eigenvalues",
    "Eigenvalues of the Hessian say how curved the loss is in every direction of weight space. "
    "Update noise pushes the many small ones down towards zero: the minimum gets flatter. The "
    "grey outline is the first recorded spectrum.",
)


class HessianSpectrum(Panel):
    id = "run-spectrum"
    redrawn_by = frozenset({"snapshots"})
    moved_by = frozenset({"t"})
    speaks = True
    height = "half"

    def about(self, _: Look) -> About:
        return ABOUT

    def missing(self, look: Look) -> str:
        if len(look.run.spectrum_steps()):
            return ""
        return no_hessian(look.run.config) or "No eigenvalues were recorded in this run."

    def figure(self, look: Look) -> go.Figure:
        return spectrum_figure(*bins_and_first(look), look.of(spectrum_now))

    def moved(self, look: Look) -> Patch:
        patch = Patch()
        patch["data"][0]["y"] = bins_and_first(look)[0].counts(look.of(spectrum_now)).tolist()
        return patch

    def words(self, look: Look) -> str:
        now = look.of(spectrum_now)
        why = spectrum_note(look.run, -1 if now is None else now.step, look.step)
        low = -np.inf if self.missing(look) else bins_and_first(look)[0].edges[0]
        return spectrum_words(now, look.step, why, float(low))


def spectrum_now(look: Look) -> Spectrum | None:
    """The spectrum under the cursor."""
    return spectrum_at(look.run, look.step)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Hessian eigenvalues at the last recorded `step` at or before the cursor, by sign."""

    step: int
    log10_positive: NDArray[np.float64]
    negative: int
    exact_zeros: int
    rounded_zeros: int

    @property
    def parameters(self) -> int:
        return len(self.log10_positive) + self.negative + self.exact_zeros + self.rounded_zeros


def spectrum_at(run: Run, step: int) -> Spectrum | None:
    """The nearest spectrum at or before `step`; None when there is none."""
    steps = run.spectrum_steps()
    earlier = steps[steps <= step]
    return split_by_sign(run.spectrum(int(earlier[-1]))) if len(earlier) else None


def split_by_sign(row: SpectrumRow) -> Spectrum:
    """A recorded spectrum as logarithms and counts; what rounding cannot tell from 0 is zero."""
    values = row.eigenvalues
    rounding = RELATIVE_TOLERANCE * values.max(initial=0.0)
    positive, negative = values[values > rounding], int((values < -rounding).sum())
    return Spectrum(
        step=row.step,
        log10_positive=np.log10(positive),
        negative=negative,
        exact_zeros=row.exact_zeros,
        rounded_zeros=len(values) - len(positive) - negative,
    )


def spectrum_note(run: Run, after: int, step: int) -> str:
    """Why there are no eigenvalues between step `after` and `step`; empty if none was planned."""
    snapshots = run.snapshots()
    there = (snapshots["step"] > after) & (snapshots["step"] <= step)
    notes = snapshots.loc[there, "hessian_note"].dropna()
    if notes.empty:
        return ""
    return str(notes.iloc[0] if after < 0 else notes.iloc[-1])


@dataclass(frozen=True, eq=False)
class SpectrumBins:
    """Bins of log10 eigenvalue that hold all spectra of a run, smaller values in the first."""

    edges: NDArray[np.float64]
    highest: int

    @classmethod
    def over(cls, spectra: Sequence[Spectrum]) -> SpectrumBins:
        values = [spectrum.log10_positive for spectrum in spectra if len(spectrum.log10_positive)]
        top = max((float(part.max()) for part in values), default=0.0)
        bottom = max(min((float(part.min()) for part in values), default=-1.0), top - MAX_DECADES)
        low = np.floor(bottom / BIN_DECADES) * BIN_DECADES
        count = int(np.floor((top - low) / BIN_DECADES)) + 1
        bins = cls(low + BIN_DECADES * np.arange(count + 1), 0)
        highest = max((int(bins.counts(spectrum).max()) for spectrum in spectra), default=1)
        return cls(bins.edges, max(highest, 1))

    @property
    def centres(self) -> NDArray[np.float64]:
        return (self.edges[:-1] + self.edges[1:]) / 2

    def counts(self, spectrum: Spectrum | None) -> NDArray[np.int64]:
        """Positive eigenvalues in each bin; none without a spectrum."""
        if spectrum is None:
            return np.zeros(len(self.edges) - 1, np.int64)
        clipped = np.clip(spectrum.log10_positive, self.edges[0], None)
        return np.histogram(clipped, self.edges)[0]


def bins_and_first(look: Look) -> tuple[SpectrumBins, Spectrum]:
    """The bins that hold the run's spectra, and the first of these; it has one at least."""
    steps = look.run.spectrum_steps()

    def read() -> tuple[SpectrumBins, Spectrum]:
        spectra = [split_by_sign(look.run.spectrum(step)) for step in steps]
        return SpectrumBins.over(spectra), spectra[0]

    return look.kept("spectra", len(steps), build=read)


def spectrum_figure(bins: SpectrumBins, first: Spectrum, now: Spectrum | None) -> go.Figure:
    """The spectrum now as bars, the first recorded one as an outline."""
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_bar(
        x=bins.centres,
        y=bins.counts(now),
        width=BIN_DECADES * 0.92,
        marker={"color": BLUE, "line": {"width": 0}},
        name="here",
        hovertemplate="10<sup>%{x:.2f}</sup>: %{y:,}<extra></extra>",
    )
    figure.add_scatter(
        x=bins.centres,
        y=bins.counts(first),
        mode="lines",
        line={"color": GREY, "width": 1.5, "shape": "hvh"},
        name=f"at step {first.step:,}",
        hoverinfo="skip",
    )
    figure.update_layout(
        xaxis={
            "title": {"text": "log<sub>10</sub> eigenvalue (loss / weight²)"},
            "range": [bins.edges[0], bins.edges[-1]],
            "fixedrange": True,
        },
        yaxis={
            "title": {"text": "positive eigenvalues"},
            "range": [0, bins.highest * 1.05],
            "fixedrange": True,
        },
        bargap=0,
        showlegend=True,
    )
    return figure


def spectrum_words(now: Spectrum | None, step: int, missing: str, low: float) -> str:
    """The eigenvalues by sign; `missing` says why there is no newer spectrum, `low` is where the
    histogram's axis starts (log10)."""
    why = f" {missing[0].upper()}{missing[1:].rstrip('.')}." if missing else ""
    if now is None:
        return f"No eigenvalues were recorded at or before step {step:,}.{why}"
    nearest = "" if now.step == step else ", the last recorded before the cursor"
    positive = len(now.log10_positive)
    zeros = f"{now.exact_zeros:,} exactly zero (weights of silent units, unused input directions)"
    rounded = f" and {now.rounded_zeros:,} zero up to rounding" if now.rounded_zeros else ""
    tiny = int((now.log10_positive < low).sum())
    first = f" The first bar holds {tiny:,} that are smaller still." if tiny else ""
    return (
        f"Step {now.step:,}{nearest}: of {now.parameters:,} eigenvalues {positive:,} are positive "
        f"({positive / now.parameters:.1%}), {now.negative:,} negative, {zeros}{rounded}."
        f"{first}{why}"
    )


PANEL = HessianSpectrum()
