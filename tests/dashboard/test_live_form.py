"""The form's fields, what they accept on this site, and what it says about a configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboard.app import create_app
from dashboard.base import ids
from dashboard.jobs.limits import live_fields, read_live
from dashboard.pages.live.config_form import config_form, form_values, problems_by_field, read_form
from dashboard.pages.live.form import kept_values, kinds_after
from dashboard.pages.live.presets import PRESETS, LivePreset
from dashboard.services import Services
from dashboard.settings import read_settings
from simulation.archive import Archive
from simulation.config import RULES, TASKS, RunConfig, fields
from simulation.errors import ConfigError
from simulation.running.lineage import COMES_WITH_WEIGHTS
from tests.dashboard.fakes import FakeLauncher

SETTINGS = read_settings({})


ALL_KINDS = [
    RunConfig.parse(kinds).kinds()
    for kinds in (
        *({"task.kind": kind} for kind in TASKS),
        *({"rule.kind": kind} for kind in RULES),
    )
]


def inputs(kinds: dict[str, str], values: dict[str, Any]) -> dict[str, Component]:
    """The inputs of the form, by path."""
    form = config_form(live_fields(kinds, SETTINGS), {**kinds, **values})
    found = [item for item in form._traverse() if isinstance(getattr(item, "id", None), dict)]
    return {item.id["path"]: item for item in found if item.id["type"] == ids.LIVE_FIELD}


@pytest.mark.parametrize("kinds", ALL_KINDS, ids=lambda kinds: " ".join(kinds.values()))
def test_the_form_has_every_field_that_can_be_changed(kinds: dict[str, str]) -> None:
    expected = {spec.path for spec in fields(kinds)} - {"model", "parent.run", "parent.step"}
    if not TASKS[kinds["task.kind"]].has_position:
        expected -= {"probe.morphs"}
    assert set(inputs(kinds, {})) == expected


@pytest.mark.parametrize("kind", ["corridor", "ring"])
def test_a_fork_is_not_offered_what_comes_with_the_weights(kind: str) -> None:
    config = RunConfig.parse({"task.kind": kind})
    child = config.with_values({"parent.run": "0123456789ab", "parent.step": 5})
    hidden = set(inputs(config.kinds(), form_values(config))) - set(
        inputs(child.kinds(), form_values(child))
    )
    assert hidden == set(COMES_WITH_WEIGHTS) & config.values().keys()


def test_tasks_are_grouped_by_the_network_that_learns_them() -> None:
    groups = inputs(ALL_KINDS[0], {})["task.kind"].data
    offered = {item["value"]: group["group"] for group in groups for item in group["items"]}
    assert set(offered) == set(TASKS)
    assert offered["random"].startswith("Feedforward")
    assert offered["ring"].startswith("Similarity")


def test_a_task_of_another_model_swaps_rule_and_fields() -> None:
    feedforward = RunConfig.parse({"rule.kind": "adam"}).kinds()
    ring = kinds_after(feedforward, "ring", "adam")
    assert ring["rule.kind"] == "hebbian"
    shown = inputs(ring, {})
    assert "rule.lateral_noise" in shown
    assert not any(path.startswith("noise.") for path in shown)
    back = kinds_after(ring, "corridor", "hebbian")
    assert (back["task.kind"], back["rule.kind"]) == ("corridor", "sgd")
    assert kinds_after(back, "corridor", "sed")["rule.kind"] == "sed"
    assert kinds_after(back, "corridor", "sgd") == back


def test_what_was_typed_survives_a_swap_and_what_was_not_takes_the_new_default() -> None:
    old = RunConfig.parse({}).kinds()
    typed = {"rule.kind": "sgd", "rule.learning_rate": 0.1, "network.hidden_units": 33}
    kept = kept_values(typed, old)
    assert kept == {"network.hidden_units": 33}
    shown = inputs(kinds_after(old, "smoothed_random", "adam"), kept)
    assert shown["network.hidden_units"].value == "33"
    assert shown["rule.learning_rate"].value == "0.001"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_what_the_form_shows_is_the_configuration_it_was_made_from(preset: LivePreset) -> None:
    shown = inputs(preset.config.kinds(), form_values(preset.config))
    values = read_form(shown, (item.value for item in shown.values()))
    assert read_live(values, SETTINGS) == preset.config


def test_precision_that_was_chosen_stays_chosen() -> None:
    assert form_values(RunConfig.parse({}))["precision"] == "auto"
    chosen = RunConfig.parse({"precision": "float32"})
    assert form_values(chosen)["precision"] == "float32"


def test_the_site_lowers_the_range_that_a_field_shows() -> None:
    site = replace(SETTINGS, max_live_steps=777)
    steps = {spec.path: spec for spec in live_fields({"task.kind": "random"}, site)}[
        "schedule.steps"
    ]
    assert (steps.minimum, steps.maximum) == (1, 777)


def test_the_steps_of_a_fork_count_from_its_snapshot() -> None:
    site = replace(SETTINGS, max_live_steps=777)
    specs = live_fields({"task.kind": "random"}, site, first=5_000)
    steps = {spec.path: spec for spec in specs}["schedule.steps"]
    assert (steps.minimum, steps.maximum) == (5_001, 5_777)
    origin = {"parent.run": "0123456789ab", "parent.step": 5_000}
    assert read_live({"schedule.steps": 5_777, **origin}, site).schedule.steps == 5_777
    with pytest.raises(ConfigError, match="whole number from 5,001 to 5,777"):
        read_live({"schedule.steps": "lots", **origin}, site)
    with pytest.raises(ConfigError, match="5,777 this site allows"):
        read_live({"schedule.steps": 5_778, **origin}, site)


def test_the_limits_hold_for_similarity_matching_too() -> None:
    assert read_live({"task.kind": "ring"}, SETTINGS).task.kind == "ring"
    with pytest.raises(ConfigError, match="parameters; this site allows 100,000"):
        read_live({"task.kind": "ring", "network.hidden_units": 400}, SETTINGS)


@pytest.mark.parametrize(
    ("values", "path", "said"),
    [
        ({"schedule.steps": 800}, "schedule.steps", "777"),
        ({"schedule.steps": "lots"}, "schedule.steps", "whole number from 1 to 777"),
        ({"schedule.steps": ""}, "schedule.steps", "whole number from 1 to 777"),
        ({"schedule.steps": 2 * 10**9}, "schedule.steps", "whole number from 1 to 777"),
        ({"task.n_samples": 30_000}, "task.n_samples", "whole number from 1 to 2,000"),
        ({"task.n_samples": 2_001}, "task.n_samples", "2,000"),
        ({"network.hidden_units": 20_000}, "network.hidden_units", "520,000 parameters"),
        ({"rule.learning_rate": "fast"}, "rule.learning_rate", "'fast' is not a number"),
    ],
)
def test_a_value_that_is_refused_is_said_at_its_field(
    values: dict[str, object], path: str, said: str
) -> None:
    site = replace(SETTINGS, max_live_steps=777)
    with pytest.raises(ConfigError) as refused:
        read_live({"schedule.steps": 10, **values}, site)
    messages = problems_by_field(refused.value.problems, [path])
    assert list(messages) == [path]
    assert said in messages[path]


def test_a_problem_of_no_field_in_the_form_names_its_own() -> None:
    with pytest.raises(ConfigError) as refused:
        read_live({"model": "cortex"}, SETTINGS)
    assert "Model:" in problems_by_field(refused.value.problems, ["seed"])[""]


@pytest.mark.parametrize("writable", [True, False])
def test_a_read_only_archive_is_said_and_launches_nothing(tmp_path: Path, writable: bool) -> None:
    archive = Archive.open(tmp_path, create=True)
    archive.writable = writable
    services = Services(SETTINGS, archive, FakeLauncher())
    values = {"type": ids.LIVE_FIELD, "path": "seed"}
    errors, preview, label, disabled, _ = checked(services)(["1"], None, None, [values])
    assert errors == [None]
    assert label == "Launch"
    assert disabled is not writable
    assert ("read-only" in str(preview)) is not writable


def checked(services: Services) -> Callable[..., Any]:
    """The callback that looks at what was typed."""
    app = create_app(services)
    (key,) = (key for key in app.callback_map if key.startswith("..{") and "error" in key)
    return app.callback_map[key]["callback"].__wrapped__


def test_numbers_are_read_as_people_write_them() -> None:
    assert read_form(["a", "b", "c"], ["1e6", "0.05", "rich"]) == {
        "a": 1_000_000,
        "b": 0.05,
        "c": "rich",
    }
