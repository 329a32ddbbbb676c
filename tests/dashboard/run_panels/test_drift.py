"""The drift panel, and the run page of a similarity-matching run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.pages.run.layout import page_layout
from dashboard.pages.run.look import Look
from dashboard.pages.run.panels import drift, loss
from dashboard.pages.run.panels.drift import (
    DriftCurve,
    diffusion_line,
    drift_curve,
    drift_figure,
    drift_words,
)
from dashboard.pages.run.scrubbing import OUTPUTS, answer
from dashboard.runs import queries
from dashboard.runs.place_words import place_words
from dashboard.runs.store import RunStore
from simulation.archive import Archive, Run
from simulation.running.run import execute
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.small_runs import RING


@pytest.fixture(scope="module")
def ring_store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    archive = Archive.open(tmp_path_factory.mktemp("ring") / "archive", create=True)
    execute(RING, archive, name="small ring")
    return RunStore(archive)


@pytest.fixture
def ring(ring_store: RunStore) -> Run:
    return ring_store.open(RING.run_id)


def test_the_page_holds_everything_and_says_what_does_not_apply(
    ring_store: RunStore, ring: Run
) -> None:
    page = page_layout(ring_store, ring, {"unit": "3"})
    named = by_id(page)
    for name in [*(name for name, _ in OUTPUTS), drift.PANEL.id]:
        assert name in named
    unique = [part.id for part in components(page) if getattr(part, "id", None)]
    assert len(unique) == len(set(map(str, unique)))
    text = text_of(page)
    assert "Similarity mismatch" in text
    assert "descends no loss" in text
    assert "cross-validate" in text
    assert "both directions" not in text
    assert "silent network" in named[loss.PANEL.id].figure["layout"]["yaxis"]["title"]["text"]


def test_the_cursor_moves_over_it(ring_store: RunStore, ring: Run) -> None:
    limits = queries.limits(ring)
    view = limits.default_view()
    request: dict[str, Any] = {
        "seq": 1,
        "run": ring.run_id,
        "view": vars(view) | {"t": limits.steps[2]},
        "before": vars(view),
        "snapshots_before": len(limits.steps),
    }
    assert answer(ring_store, request)


def test_the_ring_closes(ring: Run) -> None:
    track = queries.track(ring, queries.limits(ring).sources[0])
    assert (track.directions, track.circular) == (1, True)


def test_the_curve_of_null_drift(ring: Run) -> None:
    curve = drift_curve(ring)
    assert isinstance(curve, DriftCurve)
    assert curve.since == ring.record["stationary_from_step"]
    assert (np.diff(curve.lags) > 0).all()
    assert curve.ceiling == pytest.approx(np.pi**2 / 3)
    line = diffusion_line(ring.record)
    assert line is not None
    words = drift_words(curve, line, ring)
    assert "rad² a step" in words
    assert f"from step {curve.since:,}" in words
    assert "95 % interval" in words
    figure = drift_figure(curve, line, place_words(ring.config.task))
    assert figure.layout.yaxis.title.text == "mean squared shift (rad²)"
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    solid = figure.data[1]
    np.testing.assert_allclose(solid.y, line.offset + 2 * line.constant * np.asarray(solid.x))


def test_without_a_position_it_says_so(store: RunStore, random_run: Run, corridor: Run) -> None:
    limits = queries.limits(random_run)
    shown = drift.PANEL.layout(Look(store, random_run, limits, limits.default_view()))
    assert text_of(shown).count("Drift") == 1
    assert "no position" in text_of(shown)
    assert drift.PANEL.id in by_id(shown)
    assert isinstance(drift_curve(corridor), DriftCurve)


def test_shipped_runs_without_centroids_say_so() -> None:
    shipped = Archive.open(Path(__file__).resolve().parents[3] / "data" / "archive")
    run = shipped.open_run("e0a959685c6b")
    assert isinstance(drift_curve(run), str)
