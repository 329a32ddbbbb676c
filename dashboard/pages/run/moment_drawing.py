"""A run at one moment: figure and words of every panel, for layouts and for updates."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import Patch

from dashboard.base.empty import empty_figure
from dashboard.base.evenly import evenly
from dashboard.base.packed import packed
from dashboard.pages.run import words
from dashboard.pages.run.panels import correlation, population, rate_maps, spectrum, unit
from dashboard.runs import fits, queries
from dashboard.runs.frames import Frame
from dashboard.runs.place_words import place_words
from dashboard.runs.store import RunStore
from dashboard.runs.tuning import (
    Bytes,
    Order,
    grid_moments,
    peak_order,
    silent,
    sorted_grid,
    to_bytes,
)
from dashboard.urls import RunLimits, RunView
from simulation.archive import Run

RANGE_FRAMES = 8


class MomentDrawing:
    """What the page shows of the moment under the cursor, and of the unit that is followed."""

    def __init__(self, store: RunStore, run: Run, limits: RunLimits, view: RunView) -> None:
        self.store, self.run, self.limits, self.view = store, run, limits, view
        self.step = limits.steps[-1] if view.t is None else view.t
        self.called = place_words(run.config.task)

    def _some_steps(self, most: int) -> list[int]:
        steps = self.limits.steps
        return [steps[index] for index in evenly(len(steps), most)]

    def _frame(self, step: int) -> Frame:
        return self.store.frame(self.run, step, self.view.maps)

    @cached_property
    def frame(self) -> Frame:
        return self._frame(self.step)

    @cached_property
    def places(self) -> pd.DataFrame:
        return self.run.places(self.view.maps)

    @property
    def sort_step(self) -> int:
        """The snapshot whose peaks order the maps."""
        if self.view.sort == "now":
            return self.step
        return self.limits.steps[-1] if self.view.sort == "last" else int(self.view.sort)

    @cached_property
    def sorted_cells(self) -> tuple[Bytes, Order]:
        """The maps' bytes, a row a unit, and which units these are."""
        reference = self._frame(self.sort_step).shown
        order = peak_order(reference)
        if self.view.rows == "active":
            order = order[~(silent(reference) & silent(self.frame.shown))[order]]
        return to_bytes(self.frame.shown[order]), order

    def maps(self) -> tuple[go.Figure, str]:
        if self.view.view == "grid":
            return self._grid()
        cells, order = self.sorted_cells
        figure = rate_maps.rate_map_figure(cells, order, self.places, self.view.unit, self.called)
        return figure, self._maps_words()

    def _maps_words(self) -> str:
        return words.maps_shown(
            self.frame, self.sort_step, len(self.sorted_cells[1]), self.called.noun
        )

    def _grid(self) -> tuple[go.Figure, str]:
        learned = fits.phases(self.run).learning_end
        moments = grid_moments(self.limits.steps, self.step, learned)
        always = self.view.rows == "active"
        grid = sorted_grid([self._frame(step).shown for step in moments], always=always)
        figure = rate_maps.sorted_grid_figure(grid, moments, self.view.unit)
        return figure, words.grid_shown(grid, len(moments), always)

    def scrubbed_maps(self) -> tuple[go.Figure | Patch, str]:
        """The maps when the cursor alone has moved."""
        if self.view.view == "grid":
            return self._grid()
        cells, order = self.sorted_cells
        patch = Patch()
        patch["data"][0]["z"] = packed(cells)
        patch["data"][0]["y"] = rate_maps.row_names(order)
        patch["layout"]["shapes"] = rate_maps.marks(order, self.places, self.view.unit)
        patch["layout"]["yaxis"]["title"]["text"] = rate_maps.rows_title(order)
        return patch, self._maps_words()

    def population(self) -> tuple[go.Figure, str]:
        key = ("population", self.run.run_id, self.view.maps, *self._version)
        axes = self.store.remember(
            key,
            lambda: population.PopulationRange.over(
                [self._frame(step) for step in self._some_steps(RANGE_FRAMES)]
            ),
        )
        figure = population.population_figure(self.frame, axes, self.view.unit)
        return figure, words.population(self.frame, self.called.noun)

    def scrubbed_population(self) -> tuple[Patch, str]:
        patch = Patch()
        groups = (
            population.population_points(self.frame),
            population.followed_point(self.frame, self.view.unit),
        )
        for index, points in enumerate(groups):
            for key, values in points.items():
                patch["data"][index][key] = values
        return patch, words.population(self.frame, self.called.noun)

    @property
    def _version(self) -> tuple[str, int]:
        """Changes when there is more to draw."""
        return str(self.run.record["created_at"]), len(self.limits.steps)

    @cached_property
    def _spectra(self) -> tuple[spectrum.SpectrumBins, queries.Spectrum] | None:
        """The bins that hold the run's spectra, and the first of these."""
        steps = self.run.spectrum_steps()
        if not len(steps):
            return None
        key = ("spectra", self.run.run_id, *self._version, len(steps))
        return self.store.remember(
            key,
            lambda: spectrum.bins_and_first(
                [queries.split_by_sign(self.run.spectrum(step)) for step in steps]
            ),
        )

    def spectrum(self) -> tuple[go.Figure, str]:
        now = queries.spectrum_at(self.run, self.step)
        if self._spectra is None:
            return empty_figure("no eigenvalues recorded"), self._spectrum_words(now)
        figure = spectrum.spectrum_figure(*self._spectra, now)
        return figure, self._spectrum_words(now)

    def scrubbed_spectrum(self) -> tuple[Patch, str]:
        now = queries.spectrum_at(self.run, self.step)
        patch = Patch()
        if self._spectra is not None:
            patch["data"][0]["y"] = self._spectra[0].counts(now).tolist()
        return patch, self._spectrum_words(now)

    def _spectrum_words(self, now: queries.Spectrum | None) -> str:
        missing = queries.spectrum_note(self.run, -1 if now is None else now.step, self.step)
        low = self._spectra[0].edges[0] if self._spectra else -np.inf
        return words.spectrum(now, self.step, missing, float(low))

    def correlation(self) -> go.Figure:
        matrix = queries.correlation_matrix(self.run, self.view.corr, self.view.maps)
        return correlation.correlation_figure(matrix)

    def unit(self) -> tuple[go.Figure, str]:
        number = self.view.unit
        if number is None:
            return empty_figure("Click a unit to follow it here"), ""
        steps = self._some_steps(queries.MAX_HISTORY_SNAPSHOTS)
        key = ("unit", self.run.run_id, self.view.maps, number, *self._version)
        history = self.store.remember(
            key,
            lambda: self.store.unit_history(self.run, number, steps, self.view.maps),
        )
        figure = unit.unit_figure(history, self.places, self.called)
        return figure, words.unit_followed(number, self.frame, history)
