"""The Hessian's trace over training: what is recorded, and why there is none."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.pages.run.look import Look
from dashboard.pages.run.panels import trace
from dashboard.pages.run.panels.trace import trace_figure
from dashboard.runs import queries
from dashboard.runs.over_time import Origin
from dashboard.runs.store import RunStore
from simulation.archive import Archive, Run
from tests.dashboard.figure_samples import ALL_PHASES, CURVES, LOG
from tests.dashboard.page_helpers import by_id, text_of
from tests.simulation.archive_helpers import write_run
from tests.small_runs import RING

TRACED = CURVES.assign(hessian_trace=[80.0, 70.0, 20.0, 8.0, np.nan])


def look_at(store: RunStore, run: Run) -> Look:
    limits = queries.limits(run)
    return Look(store, run, limits, limits.default_view())


def test_what_is_recorded_is_drawn_with_its_unit(store: RunStore, corridor: Run) -> None:
    figure = by_id(trace.PANEL.layout(look_at(store, corridor)))[trace.PANEL.id].figure
    np.testing.assert_array_equal(figure.data[0].y, corridor.curves()["hessian_trace"])
    assert figure.layout.yaxis.title.text == "trace (loss / weight²)"
    assert figure.layout.yaxis.rangemode == "tozero"


def test_the_parents_trace_lies_behind_it() -> None:
    own, parent = trace_figure(TRACED, LOG, ALL_PHASES, Origin(10, TRACED)).data
    assert (own.name, parent.name) == ("this run", "parent")
    np.testing.assert_array_equal(parent.y, TRACED["hessian_trace"])


def test_new_points_replace_the_line(store: RunStore, corridor: Run) -> None:
    look = look_at(store, corridor)
    operations = {
        tuple(operation["location"]): operation["params"]["value"]
        for operation in trace.PANEL.grown(look).to_plotly_json()["operations"]
    }
    figure = trace.PANEL.figure(look).to_plotly_json()
    assert operations["data", 0, "y"]["bdata"] == figure["data"][0]["y"]["bdata"]
    assert operations["data", 0, "x"]["bdata"] == figure["data"][0]["x"]["bdata"]


def test_a_network_without_a_loss_has_no_trace(archive: Archive) -> None:
    run = write_run(archive, RING, steps=())
    reason = trace.PANEL.missing(look_at(RunStore(archive), run))
    assert reason.startswith("This network descends no loss")
    assert reason in text_of(trace.PANEL.layout(look_at(RunStore(archive), run)))


@pytest.mark.parametrize("steps", [(0, 1, 2), ()])
def test_a_run_without_recorded_traces_says_so(archive: Archive, steps: tuple[int, ...]) -> None:
    look = look_at(RunStore(archive), write_run(archive, steps=steps))
    expected = "No trace was recorded in this run." if steps else "Nothing was recorded."
    assert trace.PANEL.missing(look) == expected
    assert trace.PANEL.id in by_id(trace.PANEL.layout(look))
