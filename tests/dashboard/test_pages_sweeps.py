"""The sweep explorer's page: what it says and draws in any view, its table and its files."""

from __future__ import annotations

import io
from typing import Any, cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pyarrow.parquet as parquet
import pytest
from dash import dcc, html
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import urls
from dashboard.base import ids
from dashboard.pages.sweeps.files import written
from dashboard.pages.sweeps.grid import column_defs, ordered, rows_of
from dashboard.pages.sweeps.histogram import histogram_figure
from dashboard.pages.sweeps.layout import drawn, page_layout
from dashboard.pages.sweeps.listing import listing_layout
from dashboard.pages.sweeps.narrowing import narrowing
from dashboard.pages.sweeps.parallel import parallel_figure
from dashboard.pages.sweeps.reading import read_view
from dashboard.pages.sweeps.scatter import scatter_figure
from dashboard.sweeps.scene import Scene, scene
from dashboard.sweeps.table import SweepStore
from simulation.config import RunConfig
from tests.dashboard.page_helpers import by_id, components, text_of
from tests.sweep_runs import COLLECTION, MadeUpArchive, made_up_runs

NOISE, RATE = "noise.update_scale", "log10_sparsification_rate"
COUNT = 120
STORE = SweepStore(cast(Any, MadeUpArchive(made_up_runs(COUNT))))


def view_of(**query: str) -> Scene:
    return scene(*read_view(STORE, query | {"collection": COLLECTION}), STORE.archive)


def page(**query: str) -> Any:
    return page_layout(STORE, COLLECTION, query)


columns = STORE.table(COLLECTION).columns
views = st.fixed_dictionaries(
    {
        "x": st.sampled_from(columns.axes),
        "y": st.sampled_from(columns.axes),
        "colour": st.sampled_from(["", *columns.axes]),
        "symbol": st.sampled_from(["", *columns.groups]),
        "facet": st.sampled_from(["", *columns.groups]),
        "xscale": st.sampled_from(["linear", "log"]),
        "yscale": st.sampled_from(["linear", "log"]),
        "fit": st.sampled_from(["none", "line", "power"]),
        "fitby": st.sampled_from(["all", "colour"]),
        "mean": st.sampled_from(["none", "sd", "ci"]),
        "group": st.sampled_from(["seeds", *columns.groups]),
        "published": st.sampled_from(["no", "yes"]),
        "ended": st.sampled_from(["finished", "all"]),
        "hist": st.sampled_from(["", *columns.axes]),
        "where": st.sampled_from(
            ["", "seed:1..2", "rule.kind:=sgd", "rule.kind:=none", f"{NOISE}:5..6", "status:~fin",
             f"{NOISE},{RATE}:@gl 0.01 -8 0.1 -8 0.1 -2"]
        ),
    }
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(views)
def test_any_view_is_drawn_and_told(query: dict[str, str]) -> None:
    found = view_of(**query)
    scatter, words, frame, _, lines, line_words, bars, bar_words, bar = drawn(found)
    assert all(isinstance(figure, go.Figure) for figure in (scatter, lines, bars))
    assert f"{int(found.shown.sum()):,} run" in words
    assert frame.startswith("sweep-scatter")
    assert line_words
    assert bar_words
    assert text_of(bar)
    points = [trace for trace in scatter.data if trace.customdata is not None]
    assert sum(len(trace.x) for trace in points) == int(found.drawn.mask.sum()) or found.panels


def test_points_carry_their_run_and_others_are_grey_behind() -> None:
    found = view_of(where="seed:1..1")
    figure = scatter_figure(found)
    names = [trace.name for trace in figure.data]
    assert names == ["not selected", "SGD", "Adam"]
    front = {run for trace in figure.data[1:] for run in trace.customdata}
    seeds = found.table.frame.set_index("run_id")["seed"]
    assert set(seeds[list(front)]) == {1}


def test_panels_hold_the_runs_of_their_class() -> None:
    found = view_of(facet="task.n_samples")
    figure = scatter_figure(found)
    titles = [note.text for note in figure.layout.annotations]
    assert titles == [f"Training samples N: {n}" for n in (5, 10, 15)]
    samples = found.table.frame.set_index("run_id")["task.n_samples"]
    for trace in figure.data:
        panel = int(trace.xaxis[1:] or 1)
        assert set(samples[list(trace.customdata)]) == {5 * panel}


def test_fits_and_theory_are_drawn_and_said() -> None:
    found = view_of(fit="power", published="yes")
    figure = scatter_figure(found)
    names = [trace.name or "" for trace in figure.data]
    assert "theory, exponent 2" in names
    assert any(name.startswith("fit, exponent") for name in names)
    assert "published (DriftReg)" in names
    said = drawn(found)[1]
    assert "95 % interval" in said
    assert "Theory gives the exponent 2" in said
    assert "published simulations as open diamonds" in said


def test_bars_add_up_and_carry_their_range() -> None:
    found = view_of(hist=NOISE, where="rule.kind:=sgd")
    everything, chosen = histogram_figure(found).data
    assert sum(everything.y) == int((found.table.frame["status"] == "finished").sum())
    assert sum(chosen.y) == int(found.chosen.sum())
    for bar, (low, high) in zip(everything.y, everything.customdata, strict=True):
        inside = view_of(where=f"{NOISE}:{low}..{high}").chosen.sum()
        assert inside >= bar  # both ends belong to a range, one to a bar


def test_ranges_on_the_axes_are_shown_there_and_others_take_lines_away() -> None:
    figure = parallel_figure(view_of(axes=f"{NOISE},rule.kind", where=f"{NOISE}:0.02..0.05"))
    noise, rule = figure.data[0].dimensions
    assert noise.constraintrange == (0.02, 0.05)
    assert rule.constraintrange is None
    assert len(noise["values"]) == int((made_up_runs(COUNT)["status"] == "finished").sum())
    fewer = parallel_figure(view_of(axes=f"{NOISE},rule.kind", where="seed:1..1"))
    assert len(fewer.data[0].dimensions[0]["values"]) < len(noise["values"])


def test_rows_come_in_order_a_part_at_a_time_and_unknown_last() -> None:
    found = view_of(sort=f"{RATE}:desc")
    answer = rows_of(found.table, found.view, {"start": "0", "end": "30"})
    rates = [row[RATE] for row in answer["rows"]]
    assert len(rates) == 30
    assert rates == sorted(rates, reverse=True)
    assert answer["count"] == int((found.table.frame["status"] == "finished").sum())
    last = rows_of(found.table, found.view, {"start": "110", "end": "99999"})["rows"]
    assert last[-1][RATE] is None
    assert len(rows_of(found.table, found.view, {"start": "x", "end": "100000"})["rows"]) <= 200


def test_names_are_pressed_by_value_and_by_words() -> None:
    for where in ("rule.kind:=sgd", "rule.kind:=SGD", "rule.kind:=SGD|nothing"):
        shown = components(narrowing(view_of(colour="rule.kind", where=where)))
        buttons = [
            part.to_plotly_json()["props"] for part in shown if isinstance(part, html.Button)
        ]
        pressed = {props["data-sweep-value"]: props["aria-pressed"] for props in buttons}
        assert pressed == {"adam": "false", "sgd": "true"}


def test_ends_say_what_they_showed() -> None:
    found = view_of(x="seed", where=f"seed:1.0000000001..;{NOISE}:0.01..0.5")
    shown = [part.to_plotly_json()["props"] for part in components(narrowing(found))]
    ends = {p["data-sweep-range"]: p["data-sweep-ends"] for p in shown if "data-sweep-range" in p}
    assert ends["seed"] == "1.."
    assert ends[RATE] == ".."


def test_the_table_has_the_columns_of_the_view() -> None:
    found = view_of(table=f"{NOISE},status", sort="status:asc")
    defs = column_defs(found.table, found.view)
    assert [column["field"] for column in defs] == ["run_id", NOISE, "status"]
    assert defs[0]["cellRenderer"] == "SweepRun"
    assert defs[2]["sort"] == "asc"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_hold_the_selection_with_every_column(kind: str) -> None:
    found = view_of(where="rule.kind:=adam", sort=f"{NOISE}:desc")
    content = io.BytesIO(written(found.table, ordered(found.table, found.view), kind))
    frame = pd.read_csv(content) if kind == "csv" else parquet.read_table(content).to_pandas()
    assert len(frame) == int(found.chosen.sum())
    assert set(frame["rule.kind"]) == {"adam"}
    assert set(frame["rule.learning_rate"]) == {0.1}
    assert frame[NOISE].is_monotonic_decreasing
    np.testing.assert_allclose(frame[NOISE].max(), found.table.numbers(NOISE)[found.chosen].max())


def test_parquet_says_what_its_columns_are() -> None:
    found = view_of()
    schema = parquet.read_schema(io.BytesIO(written(found.table, np.arange(3), "parquet")))
    about = schema.field(RATE).metadata
    assert about[b"unit"] == "log₁₀(1/steps)".encode()
    assert about[b"meaning"].startswith(b"log10 |slope|")


def test_the_page_has_a_place_for_everything_and_says_what_it_ignored() -> None:
    shown = page(y="nonsense", where="seed:1..1;nothing:1..2")
    parts = by_id(shown)
    for name in (ids.SWEEP_SCATTER, ids.SWEEP_PARALLEL, ids.SWEEP_HISTOGRAM, ids.SWEEP_TABLE):
        assert name in parts
    said = text_of(shown)
    assert "There is no column “nonsense” here for the vertical axis" in said
    assert "selects by “nothing”, which does not vary here" in said
    assert parts[ids.SWEEP_VIEW].data["where"] == "seed:1..1"
    links = [part.href for part in components(shown) if isinstance(part, dcc.Link)]
    compared = next(link for link in links if link.startswith(urls.COMPARE))
    assert len(compared.split("=")[1].split(",")) == urls.MOST_RUNS
    assert f"Compare (first {urls.MOST_RUNS} of " in said
    assert "The same in all runs" in said


def test_collections_are_listed_with_what_varies() -> None:
    shown = listing_layout(STORE)
    assert urls.sweep_url(COLLECTION) in [
        part.href for part in components(shown) if isinstance(part, dcc.Link)
    ]
    said = text_of(shown)
    assert f"{COUNT} runs: 117 finished, 3 diverged." in said
    assert "Rate of falling silent against update noise s, coloured by rule" in said
    assert "What varies: update noise s, training samples N, rule and seed." in said


def test_a_collection_without_anything_to_plot_leads_to_its_runs() -> None:
    config_json = RunConfig.parse({}).canonical_json()
    alike = made_up_runs(1).assign(config_json=config_json)
    one = page_layout(SweepStore(cast(Any, MadeUpArchive(alike))), COLLECTION, {})
    assert "One run so far" in text_of(one)
    links = [part.href for part in components(one) if isinstance(part, dcc.Link)]
    assert links == [urls.SWEEPS, urls.OVERVIEW, urls.run_url("000000000000")]
    none = page_layout(SweepStore(cast(Any, MadeUpArchive(alike.iloc[:0]))), COLLECTION, {})
    assert "has ended yet" in text_of(none)


def test_an_unknown_collection_offers_those_there_are() -> None:
    shown = page_layout(STORE, "nonsense", {})
    assert "This archive has no collection “nonsense”." in text_of(shown)
    links = [part.href for part in components(shown) if isinstance(part, dcc.Link)]
    assert links == [urls.sweep_url(COLLECTION)]
