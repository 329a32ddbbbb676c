"""Links: what is written is read back, and what cannot be read is said."""

from __future__ import annotations

from dataclasses import asdict, replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import urls
from dashboard.urls import RunLimits, RunView, SweepColumns, SweepView
from dashboard.urls.sweeps import IN_FULL

STEPS = [0, 1, 10, 250, 1_000]
LIMITS = RunLimits(steps=STEPS, units=7, sources=["evaluation", "training"])

views = st.builds(
    RunView,
    t=st.sampled_from([None, *STEPS]),
    unit=st.none() | st.integers(0, 6),
    sort=st.sampled_from(["last", "now", *STEPS]),
    view=st.sampled_from(["sorted", "grid"]),
    rows=st.sampled_from(["active", "all"]),
    maps=st.sampled_from(["evaluation", "training"]),
    corr=st.sampled_from(["maps", "population"]),
    x=st.sampled_from(["log", "linear"]),
)


def query_of(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


@given(views)
def test_a_view_survives_its_link(view: RunView) -> None:
    link = urls.run_url("0123456789ab", view, LIMITS.default_view())
    assert urls.read_run_view(query_of(link), LIMITS) == (view, [])


def test_the_standard_view_has_no_query() -> None:
    assert urls.run_url("0123456789ab", RunView(), RunView()) == "/runs/0123456789ab"
    assert urls.run_url("0123456789ab") == "/runs/0123456789ab"


def test_the_standard_source_is_the_first_there_is() -> None:
    limits = RunLimits(steps=STEPS, units=7, sources=["samples"])
    assert urls.read_run_view({}, limits) == (RunView(maps="samples"), [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"t": "soon"}, "step “soon” is not a whole number"),
        ({"t": "-5"}, "step “-5” is not a whole number"),
        ({"t": "9" * 40}, "step “999999999999999999999999…” is not a whole number"),
        ({"unit": "7"}, "unit “7” is not one of this run's units 0 to 6"),
        ({"unit": "x"}, "unit “x” is not one of this run's units 0 to 6"),
        ({"view": "cube"}, "map view “cube” is not one of sorted, grid"),
        ({"maps": "samples"}, "map source “samples” is not one of evaluation, training"),
        ({"sort": "first"}, "step “first” is not a whole number"),
        ({"x": ["log", "linear"]}, "the link names time axis more than once"),
    ],
)
def test_a_bad_value_is_left_out_and_said(query: dict[str, str], said: str) -> None:
    assert urls.read_run_view(query, LIMITS) == (RunView(), [said])


def test_a_step_between_snapshots_moves_to_the_nearest_one() -> None:
    view, notes = urls.read_run_view({"t": "240", "sort": "2"}, LIMITS)
    assert (view.t, view.sort) == (250, 1)
    assert notes == [
        "step 240 has no snapshot; the nearest is step 250",
        "step 2 has no snapshot; the nearest is step 1",
    ]


def test_one_bad_value_leaves_the_others_standing() -> None:
    view, notes = urls.read_run_view({"t": "10", "unit": "99", "x": "linear"}, LIMITS)
    assert view == RunView(t=10, x="linear")
    assert len(notes) == 1


def test_foreign_keys_are_skipped_silently() -> None:
    assert urls.read_run_view({"utm_source": "mail", "run_id": "x"}, LIMITS) == (RunView(), [])


def test_before_the_first_snapshot_no_step_can_be_shown() -> None:
    view, notes = urls.read_run_view({"t": "10"}, RunLimits([], 7, []))
    assert view.t is None
    assert notes == ["step 10 is not recorded yet"]


def test_a_sweep_link_says_in_full_what_more_runs_could_change() -> None:
    standard = SweepView(x="seed", y="tau_steps", axes="seed", table="name", yscale="log")
    other = replace(standard, x="tau_steps", colour="seed", yscale="linear", fit="line")
    link = urls.sweep_url("growing", standard, standard)
    said = parse_qs(urlsplit(link).query, keep_blank_values=True)
    assert tuple(key for key in asdict(standard) if key in said) == tuple(said)
    assert set(said) == set(IN_FULL)
    columns = SweepColumns(("seed", "tau_steps"), ("seed", "tau_steps"), (), ("seed", "name"))
    query = {key: values[0] for key, values in said.items()}
    assert urls.read_sweep_view(query, columns, other) == (standard, [])
    assert urls.sweep_url("growing") == "/sweeps/growing"


def test_other_links() -> None:
    assert urls.live_url() == "/live"
    assert urls.live_url("0123456789ab") == "/live?from=0123456789ab"
    assert urls.download_url("0123456789ab") == "/download/0123456789ab.zip"
    assert urls.run_url("../../etc") == "/runs/..%2F..%2Fetc"
