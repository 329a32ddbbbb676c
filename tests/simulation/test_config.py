"""The run configuration: identity, validation, precision, kinds."""

import itertools
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.config import (
    MODELS,
    TASKS,
    FeedforwardConfig,
    Network,
    RunConfig,
    SimilarityConfig,
    fields,
    in_sentence,
)
from simulation.config.reading import flatten, nest, read_scalar
from simulation.config.rules import SgdRule
from simulation.errors import ConfigError

FIGURE_2 = {
    "task.kind": "corridor",
    "task.n_samples": 150,
    "network.hidden_units": 500,
    "network.init": "lazy",
    "noise.update_scale": 0.01389,
    "schedule.steps": 1_000_000,
}
FEW_MAPS = {"network.hidden_units": 20, "schedule.snapshots": 2}
NEED_ANOTHER_FIELD = ("parent.step", "probe.morphs")
PINNED = [
    ({}, "d81570479fae"),
    (FIGURE_2, "3ddb5689fff1"),
    ({"noise.update_scale": 0.03, "schedule.steps": 2_000_000}, "e0a959685c6b"),
    ({"task.kind": "random", "seed": 7}, "dcc1863eed75"),
    ({"task.kind": "abstract_predictive", "precision": "float32"}, "bb8416cf3315"),
]


@st.composite
def configurations(draw: st.DrawFn, given: dict[str, str] | None = None) -> RunConfig:
    """Any allowed configuration, of the given kinds."""
    kinds = given or {"model": draw(st.sampled_from(sorted(MODELS)))}
    for spec in fields(kinds):
        if spec.path.endswith(".kind") and spec.path not in kinds:
            kinds = kinds | {spec.path: draw(st.sampled_from(spec.choices))}
    specs = [
        spec
        for spec in fields(kinds)
        if spec.path not in kinds
        and not spec.path.startswith(("parent.", "probe.", "task.environments"))
    ]
    values: dict[str, Any] = dict(kinds)
    for spec in draw(st.lists(st.sampled_from(specs), max_size=6, unique_by=lambda s: s.path)):
        if spec.choices:
            values[spec.path] = draw(st.sampled_from(spec.choices))
        elif spec.is_integer:
            values[spec.path] = draw(st.integers(int(spec.minimum), int(spec.maximum)))
        else:
            values[spec.path] = draw(st.floats(spec.minimum, spec.maximum))
    assume(not RunConfig.recorded(values).excesses())
    return RunConfig.parse(values)


def message(values: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as raised:
        RunConfig.parse(values)
    return str(raised.value)


# --- identity


@pytest.mark.parametrize(("values", "run_id"), PINNED)
def test_run_ids_are_pinned(values: dict[str, Any], run_id: str) -> None:
    """Runs are found by these ids for ever: a change here breaks every link and archive."""
    assert RunConfig.parse(values).run_id == run_id


class WiderNetwork(Network):
    dropout: float = 0.25


class LaterRule(SgdRule):
    momentum: float = 0.9


class LaterConfig(FeedforwardConfig):
    """The configuration of a later version, with more fields."""

    network: Network = WiderNetwork()
    rule: SgdRule = LaterRule()
    weight_decay: float = 0.0


@given(configurations({"model": "feedforward", "rule.kind": "sgd"}))
def test_a_field_added_later_changes_no_earlier_id(config: RunConfig) -> None:
    earlier = config.values()
    expected = config.run_id
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODELS, "feedforward", LaterConfig)
        later = LaterConfig.parse(
            {"network": WiderNetwork().model_dump(), "rule": LaterRule().model_dump()}
            | nest(earlier)
        )
        assert "weight_decay" in later.values()
        assert later.run_id == expected
        changed = LaterConfig.parse(nest(earlier) | {"weight_decay": 0.1})
        assert changed.run_id != expected


@given(configurations())
def test_a_configuration_survives_being_written_down(config: RunConfig) -> None:
    for written in (config.values(), nest(config.values()), config.model_dump()):
        again = RunConfig.parse(written)
        assert again == config
        assert again.run_id == config.run_id
    assert type(config).model_validate_json(config.model_dump_json()) == config


def test_how_a_value_is_written_does_not_matter() -> None:
    ids = {
        RunConfig.parse(values).run_id
        for values in (
            {"noise.update_scale": 1, "network.hidden_units": 100},
            {"noise": {"update_scale": 1.0}, "seed": 0},
            {"noise.update_scale": 1.0, "precision": "auto"},
            {"noise.update_scale": 1.0, "precision": "float32"},
        )
    }
    assert len(ids) == 1


def test_different_configurations_have_different_ids() -> None:
    variants = [
        {},
        {"seed": 1},
        {"task.kind": "random"},
        {"task.kind": "corridor"},
        {"precision": "float32"},
        {"noise.update_scale": 0.01},
        {"noise.update_scale": 0.01, "precision": "float64"},
        {"noise.label_scale": 0.01},
        {"schedule.curve_points": 100},
    ]
    ids = [RunConfig.parse(variant).run_id for variant in variants]
    assert len(set(ids)) == len(variants)
    assert all(len(run_id) == 12 and int(run_id, 16) >= 0 for run_id in ids)


def test_a_configuration_is_frozen() -> None:
    config = RunConfig.parse({})
    with pytest.raises(ValidationError):
        config.seed = 3
    with pytest.raises(ValidationError):
        config.noise.update_scale = 0.1


# --- precision


@pytest.mark.parametrize(
    ("noise", "expected"),
    [
        ({}, "float64"),
        ({"noise.update_scale": 0.01}, "float32"),
        ({"noise.label_scale": 0.1}, "float32"),
        ({"noise.input_scale": 0.1}, "float32"),
        ({"noise.label_distribution": "gaussian"}, "float64"),
    ],
)
def test_precision_is_resolved_from_the_noise(noise: dict[str, Any], expected: str) -> None:
    assert RunConfig.parse(noise).precision == expected
    for precision in ("float32", "float64"):
        assert RunConfig.parse(noise | {"precision": precision}).precision == precision


def test_precision_follows_a_change_of_noise_unless_it_was_set() -> None:
    noisy = RunConfig.parse({"noise.update_scale": 0.01})
    assert noisy.with_values({"noise.update_scale": 0}).precision == "float64"
    chosen = RunConfig.parse({"noise.update_scale": 0.01, "precision": "float64"})
    assert chosen.with_values({"noise.update_scale": 0.02}).precision == "float64"
    assert noisy.with_values({"precision": "float64"}).precision == "float64"


# --- errors


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"noise.update_scale": -1}, ["noise.update_scale", "-1", "0 to 10"]),
        ({"noise.update_scale": "high"}, ["noise.update_scale", "'high'", "0 to 10"]),
        ({"noise.update_scale": float("nan")}, ["noise.update_scale", "nan", "0 to 10"]),
        (
            {"network.hidden_units": 0},
            ["network.hidden_units", "whole number", "1 to 20,000 units"],
        ),
        ({"schedule.steps": 1.5}, ["schedule.steps", "1.5", "whole number", "1,000,000,000 steps"]),
        (
            {"network.init": "richh"},
            ["network.init", "'richh'", "rich, lazy", "did you mean rich?"],
        ),
        ({"task.kind": "corridr"}, ["task.kind", "'corridr'", "did you mean corridor?"]),
        ({"model": "hebbian"}, ["model", "'hebbian'", "feedforward"]),
        ({"network.hiden_units": 5}, ["network.hiden_units", "mean network.hidden_units?"]),
        ({"learning_rate": 5}, ["unknown field", "did you mean rule.learning_rate?"]),
        ({"task.kind": "corridor", "task.rayz": 5}, ["task.rayz", "did you mean task.rays?"]),
        ({"task.kind": "corridor", "task.input_dim": 5}, ["task.input_dim", "task.rays + 1"]),
        ({"task.kind": "random", "task.rays": 5}, ["task.rays", "unknown field"]),
        ({"seed.x": 1, "seed": 2}, ["seed"]),
        ({"quite_something_else": 1}, ["quite_something_else: unknown field."]),
    ],
)
def test_an_error_names_field_value_range_and_nearest_name(
    values: dict[str, Any], parts: list[str]
) -> None:
    text = message(values)
    for part in parts:
        assert part in text


def test_every_problem_is_listed() -> None:
    with pytest.raises(ConfigError) as raised:
        RunConfig.parse({"seed": -1, "task.n_samples": 0, "networks.init": "rich"})
    paths = [problem.path for problem in raised.value.problems]
    assert sorted(paths) == ["networks", "seed", "task.n_samples"]
    assert raised.value.subject == ", ".join(paths)


@pytest.mark.parametrize("kind", sorted(TASKS))
def test_limits_are_inclusive_and_enforced(kind: str) -> None:
    for spec in fields({"task.kind": kind}):
        if spec.minimum is None or spec.maximum is None or spec.path in NEED_ANOTHER_FIELD:
            continue
        for limit in (spec.minimum, spec.maximum):
            config = RunConfig.parse({"task.kind": kind, **FEW_MAPS, spec.path: limit})
            assert config.values()[spec.path] == limit
        for beyond in (spec.minimum - 1, spec.maximum + 1):
            assert spec.path in message({"task.kind": kind, spec.path: beyond})


# --- fields and kinds


@pytest.mark.parametrize("kind", sorted(TASKS))
def test_every_field_is_described_and_its_default_is_the_default(kind: str) -> None:
    config = RunConfig.parse({"task.kind": kind})
    specs = {spec.path: spec for spec in fields({"task.kind": kind})}
    assert set(specs) == set(config.values())
    for path, value in config.values().items():
        spec = specs[path]
        assert spec.label
        if path == "precision":
            assert spec.default == "auto"
        else:
            assert spec.default == value
        limited = spec.minimum is not None and spec.maximum is not None
        assert spec.choices or limited or path == "parent.run"
        assert spec.help or path.endswith(".kind")


def test_the_public_names_are_there() -> None:
    names = {
        "model", "task.kind", "task.n_samples", "task.input_dim", "network.hidden_units",
        "rule.kind", "rule.learning_rate", "schedule.steps", "parent.run", "parent.step", "seed",
        "precision",
    }  # fmt: skip
    feedforward = {
        "task.output_dim", "network.init", "network.activation", "noise.update_scale",
        "noise.label_scale", "noise.input_scale", "probe.morphs",
    }  # fmt: skip
    for kind in TASKS:
        config = RunConfig.parse({"task.kind": kind})
        expected = names | (feedforward if isinstance(config, FeedforwardConfig) else set())
        assert expected <= set(config.values()) | set(config.derived())


def test_the_task_tells_the_model() -> None:
    assert isinstance(RunConfig.parse({"task.kind": "ring"}), SimilarityConfig)
    assert isinstance(RunConfig.parse({"rule.kind": "hebbian"}), SimilarityConfig)
    assert isinstance(RunConfig.parse({}), FeedforwardConfig)
    assert "hebbian" in message({"task.kind": "random", "rule.kind": "hebbian"})
    assert "did you mean feedforward" in message({"model": "feedfoward"})


def test_another_model_keeps_what_both_have() -> None:
    config = RunConfig.parse({"seed": 4, "schedule.steps": 500, "noise.update_scale": 0.1})
    ring = config.with_values({"task.kind": "ring"})
    assert ring == RunConfig.parse({"task.kind": "ring", "seed": 4, "schedule.steps": 500})


def test_every_rule_has_its_precision() -> None:
    """Rounding acts as noise where there is none; Adam and RMSprop amplify it."""
    for rule, noise, expected in (
        ("sgd", 0.0, "float64"),
        ("sgd", 0.1, "float32"),
        ("adam", 0.0, "float64"),
        ("adam", 0.1, "float64"),
        ("rmsprop", 0.1, "float64"),
        ("sed", 0.0, "float32"),
    ):
        config = RunConfig.parse({"rule.kind": rule, "noise.update_scale": noise})
        assert config.precision == expected


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"parent.run": "xyz"}, ["parent.run", "12 characters"]),
        ({"parent.step": 5}, ["parent.step", "parent.run"]),
        (
            {"parent.run": "d81570479fae", "parent.step": 50, "schedule.steps": 50},
            ["schedule.steps", "50"],
        ),
        ({"probe.morphs": 3}, ["probe.morphs", "scenery"]),
    ],
)
def test_fields_that_do_not_fit_each_other(values: dict[str, Any], parts: list[str]) -> None:
    text = message(values)
    for part in parts:
        assert part in text


def test_sizes_are_derived() -> None:
    config = RunConfig.parse(FIGURE_2)
    assert config.derived() == {"task.input_dim": 18, "task.output_dim": 17}
    assert config.parameter_count == 500 * (18 + 1 + 17)


def test_a_change_of_kind_keeps_what_was_set_and_still_applies() -> None:
    random = RunConfig.parse(
        {"task.kind": "random", "task.n_samples": 12, "task.output_dim": 9, "seed": 4}
    )
    smoothed = random.with_values({"task.kind": "smoothed_random"})
    assert (smoothed.task.n_samples, smoothed.task.output_dim, smoothed.seed) == (12, 9, 4)
    corridor = random.with_values({"task.kind": "corridor"})
    assert (corridor.task.n_samples, corridor.task.rays) == (12, 17)
    default = RunConfig.parse({}).with_values({"task.kind": "corridor"})
    assert default == RunConfig.parse({"task.kind": "corridor"})


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(sorted(TASKS), 2)))
def test_every_change_of_kind_is_possible_and_can_be_undone(old: str, new: str) -> None:
    start = RunConfig.parse({"task.kind": old})
    there = start.with_values({"task.kind": new})
    assert there.task.kind == new
    assert there.with_values({"task.kind": old}) == start


def test_a_change_to_the_same_kind_changes_nothing() -> None:
    config = RunConfig.parse({"task.kind": "random", "task.n_samples": 12})
    assert config.with_values({"task.kind": "random"}) == config


def test_changes_are_read_as_numbers() -> None:
    config = RunConfig.parse({}).with_values(
        {"schedule.steps": "2e6", "noise.update_scale": "0.03", "network.init": "lazy", "seed": "7"}
    )
    assert config.schedule.steps == 2_000_000
    assert (config.noise.update_scale, config.network.init, config.seed) == (0.03, "lazy", 7)
    with pytest.raises(ConfigError, match=r"schedule\.steps"):
        config.with_values({"schedule.steps": "many"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1e6", 1_000_000),
        ("1_000", 1_000),
        ("0.5", 0.5),
        ("-3", -3),
        ("lazy", "lazy"),
        ("", ""),
        (2.0, 2.0),
        ("nan", None),
        ("inf", None),
    ],
)
def test_reading_scalars(text: Any, value: Any) -> None:
    read = read_scalar(text)
    if value is None:
        assert isinstance(read, float)
    else:
        assert read == value
        assert type(read) is type(value)


names = st.text("abc", min_size=1, max_size=3)
trees = st.dictionaries(
    names, st.one_of(st.integers(), st.dictionaries(names, st.integers(), min_size=1)), max_size=4
)


@given(trees)
def test_flattening_and_nesting_are_inverse(tree: dict[str, Any]) -> None:
    assert nest(flatten(tree)) == tree


@pytest.mark.parametrize("values", [{"a": 1, "a.b": 2}, {"a.b": 2, "a": 1}])
def test_a_value_cannot_also_be_a_section(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        nest(values)


@given(configurations())
def test_words_name_the_noise(config: RunConfig) -> None:
    words = config.in_words()
    assert ("no noise" in words) == config.is_noise_free
    assert f"seed {config.seed}" in words


def test_labels_within_a_sentence() -> None:
    labels = ("Update noise s", "R² of the fit", "Hessian trace", "SED", "Seed", "Precision, end")
    assert [in_sentence(label) for label in labels] == [
        "update noise s",
        "R² of the fit",
        "Hessian trace",
        "SED",
        "seed",
        "precision, end",
    ]
