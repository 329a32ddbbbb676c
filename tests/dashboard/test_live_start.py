"""What the form of a live run starts from."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.pages.live.presets import PRESETS, LivePreset
from dashboard.pages.live.start import read_start
from dashboard.urls import live_url
from simulation.archive import Archive, Status
from simulation.config import RunConfig


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path, create=True)


def query(link: str) -> dict[str, str | list[str]]:
    return dict(parse_qsl(urlsplit(link).query))


def test_without_a_query_it_is_the_first_preset(archive: Archive) -> None:
    start = read_start({}, archive)
    assert start.config == PRESETS[0].config
    assert not start.notes


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_the_link_of_a_preset_gives_its_configuration(preset: LivePreset, archive: Archive) -> None:
    start = read_start(query(live_url(values=preset.values)), archive)
    assert start.config == preset.config
    assert not start.notes


def test_a_run_is_taken_over_and_changed(archive: Archive) -> None:
    config = RunConfig.parse({"noise.label_scale": 0.2, "schedule.steps": 500, "seed": 4})
    archive.writer(config, collection="live", name="mine").finish(Status.FINISHED)
    link = live_url(config.run_id, {"seed": 5})
    start = read_start(query(link), archive)
    assert start.config == config.with_values({"seed": 5})
    assert start.run is not None
    assert start.run.name == "mine"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"from": "0123456789ab"}, "No run 0123456789ab"),
        ({"from": "../../etc"}, "is not a run id"),
        ({"noise.update_scal": "1"}, "did you mean noise.update_scale?"),
        ({"seed": "-1"}, "from 0 to"),
        ({"task.kind": "maze"}, "not one of corridor"),
        ({"task": "corridor"}, "task"),
        ({"task.kind.deep": "1"}, "task.kind"),
        ({"seed": ["1", "2"]}, "more than once"),
        ({"utm_source": "mail"}, "utm_source: unknown field"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_rest_is_used(
    given: dict[str, str | list[str]], said: str, archive: Archive
) -> None:
    start = read_start({**given, "network.hidden_units": "33"}, archive)
    assert any(said in note for note in start.notes), start.notes
    assert start.config == RunConfig.parse({"network.hidden_units": 33})
