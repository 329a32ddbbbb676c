"""The curvature of the loss: histogram of the Hessian's positive eigenvalues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.base.theme import BLUE, GREY, TEMPLATE
from dashboard.runs.queries import Spectrum

BIN_DECADES = 0.25
MAX_DECADES = 10


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


def bins_and_first(spectra: Sequence[Spectrum]) -> tuple[SpectrumBins, Spectrum]:
    """What the spectra of a run have in common, and the one they are compared with."""
    return SpectrumBins.over(spectra), spectra[0]


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
