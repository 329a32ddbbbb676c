"""Plans of sweeps: what is written, which runs it means, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.archive import Archive
from simulation.config import FeedforwardConfig
from simulation.errors import ArchiveError, ConfigError
from simulation.sweeps import keep_plan, kept_plan, plan_names, read_plan, reading
from simulation.sweeps.axes import drawn, listed
from simulation.sweeps.order import spread
from simulation.sweeps.reading import parse_plan

HEAD = 'title = "T"\ncollection = "c"\n'


def values_of(text: str, *paths: str) -> list[tuple[object, ...]]:
    """These fields of every run of a plan, in its order."""
    return [
        tuple(config.values()[path] for path in paths)
        for config in parse_plan(HEAD + text).configs()
    ]


def test_the_documented_example_is_a_plan() -> None:
    text = str(reading.__doc__)
    example = text[text.index("  title") : text.index("Each part may")]
    plan = parse_plan(example.replace("seeds = 3", ""))
    assert plan.count == 2 * 50 * 2 * 20 == len(plan.configs())
    assert plan.swept[:2] == ("task.kind", "noise.update_scale")
    assert plan.swept[-1] == "seed"


def test_a_grid_is_every_combination_the_last_fastest() -> None:
    text = 'seeds = 2\n[grid]\ntask.kind = ["random", "ring"]\nschedule.steps = [5, 7]'
    found = values_of(text, "task.kind", "schedule.steps", "seed")
    assert found == [
        (kind, steps, seed) for kind in ("random", "ring") for steps in (5, 7) for seed in (0, 1)
    ]


def test_lists_side_by_side_and_draws_cross_the_grid() -> None:
    text = (
        "[grid]\nnetwork.hidden_units = [4, 5]\n"
        "[together]\nnoise.update_scale = [0.03, 0]\nnoise.label_scale = [0, 1.0]\n"
        "[random]\ndraws = 3\nnoise.input_scale = { uniform = [0, 1] }"
    )
    found = values_of(
        text, "network.hidden_units", "noise.update_scale", "noise.label_scale", "noise.input_scale"
    )
    draws = [row[3] for row in found[:3]]
    noises = ((0.03, 0), (0, 1.0))
    assert found == [(units, *noise, x) for units in (4, 5) for noise in noises for x in draws]


def test_blocks_add_to_what_is_shared() -> None:
    text = (
        "base.seed = 3\n[grid]\nnoise.update_scale = [0.1, 0.2]\n"
        '[[block]]\ngrid.task.kind = ["random"]\ngrid.task.output_dim = [5, 6]\n'
        '[[block]]\nbase.task.kind = "abstract_predictive"\n'
    )
    plan = parse_plan(HEAD + text)
    assert [block.count for block in plan.blocks] == [4, 2]
    assert {config.seed for config in plan.configs()} == {3}
    assert plan.swept == ("noise.update_scale", "task.kind", "task.output_dim")


def test_equal_runs_are_made_once() -> None:
    plan = parse_plan(HEAD + "[grid]\nseed = [1, 2, 1]\nrule.learning_rate = [0.1, 0.10]")
    assert (plan.count, [config.seed for config in plan.configs()]) == (6, [1, 2])


def test_ranges() -> None:
    assert listed({"linear": [0, 1], "count": 5}, whole=False) == [0, 0.25, 0.5, 0.75, 1]
    assert listed({"log": [1e3, 1e6], "count": 4}, whole=True) == [1000, 10_000, 100_000, 1_000_000]
    noise = listed({"log": [0.01, 0.1], "count": 50}, whole=False)
    assert (noise[0], noise[1], noise[-1]) == (0.01, 0.0104811, 0.1)
    assert np.diff(np.log10(noise)) == pytest.approx(1 / 49, abs=1e-5)


@given(st.floats(0, 1, exclude_max=True))
def test_draws_stay_within_their_limits(share: float) -> None:
    shares = np.array([share])
    assert 0.9 <= drawn({"uniform": [0.9, 1]}, False, shares)[0] <= 1
    assert 0.01 <= drawn({"log_uniform": [0.01, 0.1]}, False, shares)[0] <= 0.1
    assert drawn({"integers": [1, 3]}, True, shares)[0] in (1, 2, 3)
    assert drawn(["a", "b"], False, shares)[0] in ("a", "b")


def test_draws_are_even() -> None:
    shares = (np.arange(600) + 0.5) / 600
    assert np.bincount(drawn({"integers": [0, 2]}, True, shares)).tolist() == [200] * 3
    logs = np.log10(drawn({"log_uniform": [0.01, 0.1]}, False, shares))
    assert np.histogram(logs, 4, (-2, -1))[0] == pytest.approx([150] * 4, abs=1)


def test_more_draws_keep_the_earlier_ones_and_fields_are_independent() -> None:
    text = "[random]\ndraws = {}\nnoise.update_scale = {{ uniform = [0, 1] }}\n{}"
    paths = ("noise.update_scale",)
    few, many = (values_of(text.format(draws, ""), *paths) for draws in (3, 9))
    assert few == many[:3]
    other = "noise.label_scale = { uniform = [0, 1] }"
    both = values_of(text.format(3, other), *paths, "noise.label_scale")
    assert [row[:1] for row in both] == few
    assert all(first != second for first, second in both)
    assert values_of(text.format(3, "draws_seed = 1"), *paths) != few


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= 1", "not valid TOML"),
        ("gird.seed = [1]", "gird: unknown part of a plan (did you mean grid?)"),
        ("[grid]\nnoise.updat_scale = [1]", "grid.noise.updat_scale: unknown field (did you mean"),
        ("[[block]]\n[[block]]\ngrid.sed = [1]", "block 2: grid.sed: unknown field (did you mean"),
        ("[grid]\nseed = 1", "grid.seed: 1 is one value; write [a, b, ...]"),
        ("[grid]\nseed = []", "empty list"),
        ("[grid]\nseed = { lin = [1, 2], count = 2 }", "'lin' is not known here (did you mean lin"),
        ("[grid]\nseed = { uniform = [1, 2] }", "'uniform' is not known here"),
        ("[grid]\nseed = { linear = [1, 2] }", "needs count"),
        ("[grid]\nnoise.update_scale = { log = [0, 1], count = 3 }", "lies above 0"),
        ("[grid]\nseed = { linear = [1], count = 3 }", "needs two numbers"),
        ("[random]\ndraws = 2\nseed = { integers = [1, inf] }", "needs two numbers"),
        ("[base]\nseed = [1, 2]", "base.seed: has several values; put it into [grid]"),
        ("base.seed = 1\n[grid]\nseed = [1]", "grid.seed: is set by base.seed already"),
        ("seeds = 2\n[base]\nseed = 1", "seeds: base.seed sets the seed; keep one"),
        ("seeds = 0", "0 is not a whole number from 1"),
        ("[together]\nseed = [1]\nschedule.steps = [1, 2]", "together: lists of different lengths"),
        ("[random]\nseed = { integers = [1, 2] }", "random.draws: how many draws"),
        ("[random]\ndraws = 2\nseed = { integers = [2, 1] }", "goes from 2 down to 1"),
        ("[random]\ndraws = 2", "names no field to draw"),
        ("grid = 3", "grid: is a table of fields"),
        ("block = 3", "block: is written [[block]]"),
        (
            "seeds = 2_000\n[grid]\nschedule.steps = { linear = [1, 9_999], count = 1_000 }",
            "the plan has 2,000,000 runs; 1,000,000 at most",
        ),
    ],
)
def test_what_is_wrong_is_named(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_plan(text if text == "= 1" else HEAD + text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('collection = "c"', "title: is missing"),
        ('title = "T"\ncollection = "../up"', "collection: "),
        ('title = 3\ncollection = "c"', "title: is text"),
    ],
)
def test_a_plan_says_what_it_is(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        parse_plan(text)


def test_runs_that_cannot_be_are_named_and_counted() -> None:
    """No combination is left out in silence."""
    text = "[grid]\nseed = [1, 2]\nnoise.update_scale = [0.1, 99, 98]"
    with pytest.raises(ConfigError) as caught:
        parse_plan(HEAD + text).configs()
    assert str(caught.value) == (
        "noise.update_scale: 99 is not a number from 0 to 10 gradient (in the run with seed = 1, "
        "noise.update_scale = 99; 3 more refused, of 6 planned)."
    )
    drawn = '[random]\ndraws = 40\ntask.kind = ["random", "ring"]\ntask.output_dim = [4, 5]'
    with pytest.raises(ConfigError, match=r"more refused, of 40 planned"):
        parse_plan(HEAD + drawn).configs()


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(ConfigError, match="did you mean figure4_noise"):
        read_plan("figure4_nois")


def test_the_shipped_plans_never_change() -> None:
    """Same plan, same runs, in the same order, on any machine."""
    digests = {}
    for name in plan_names():
        plan = read_plan(name)
        ids = [config.run_id for config in plan.configs()]
        assert plan.count == len(ids)
        assert len(plan.about) > 100
        assert plan.collection == name
        digests[name] = (len(ids), hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12])
    assert digests == {
        "activations": (15, "45fe490ae2f6"),
        "figure4_noise": (180, "7ae12974a509"),
        "figure4_random": (112, "60e7d5cf0a5a"),
        "figure5_update_vs_label": (216, "4cf970d89224"),
        "sed_random": (16, "af4a9b1cd5cf"),
    }


def test_the_shipped_plans_are_the_published_experiments() -> None:
    noise = read_plan("figure4_noise").configs()
    scales = sorted({config.values()["noise.update_scale"] for config in noise})
    assert (len(scales), scales[0], scales[-1]) == (30, 0.01, 0.1)
    assert {config.schedule.steps for config in noise} == {10_000_000}
    versus = read_plan("figure5_update_vs_label").configs()
    noises = {(c.values()["noise.update_scale"], c.values()["noise.label_scale"]) for c in versus}
    assert noises == {(0.03, 0.0), (0.0, 1.0)}
    for config in read_plan("sed_random").configs():
        assert isinstance(config, FeedforwardConfig)
        assert config.rule.kind == "sed"
        assert 0.9 <= config.rule.learning_rate <= 1
        assert 5 <= config.task.n_samples <= 14
        assert config.task.output_dim >= 11


@given(st.integers(2, 2000), st.floats(0.05, 1))
def test_every_beginning_spans_the_sweep(count: int, share: float) -> None:
    done = spread(range(count))
    assert sorted(done) == list(range(count))
    beginning = sorted(done[: max(int(share * count), 1)])
    gaps = np.diff([-1, *beginning, count])
    assert gaps.max() <= 3 * count / len(beginning) + 2


def test_a_plan_is_kept_with_its_collection(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path / "archive", create=True)
    assert kept_plan(archive, "other") is None
    plan = parse_plan(HEAD + "seeds = 2")
    keep_plan(archive, "other", plan)
    kept = kept_plan(archive, "other")
    assert kept is not None
    assert (kept.title, kept.collection, kept.text) == ("T", "other", plan.text)
    assert archive.verify() == []
    grown = parse_plan(HEAD + 'seeds = 3\nabout = "More."')
    keep_plan(archive, "other", grown)
    assert kept_plan(archive, "other") is not None
    with pytest.raises(ArchiveError, match="holds the sweep 'T', and this plan lacks 1 of its"):
        keep_plan(archive, "other", plan)
    (tmp_path / "archive" / "other" / "plan.toml").write_text("= 1")
    with pytest.raises(ArchiveError, match=r"plan.toml cannot be read"):
        kept_plan(archive, "other")
