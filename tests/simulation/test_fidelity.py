"""The comparison with the published simulations: what is run, how it is compared and told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulation.analysis.published_table import published
from simulation.archive import Archive, Status
from simulation.cli import main
from simulation.config import FeedforwardConfig, RunConfig
from simulation.errors import ConfigError
from simulation.fidelity import strata as strata_module
from simulation.fidelity.compare import (
    FEWEST,
    Verdict,
    compare,
    judge_stillness,
)
from simulation.fidelity.exponent import Exponent, exponent, judge_exponents
from simulation.fidelity.ranks import ks_probability, ks_statistic, signed_rank_probability
from simulation.fidelity.report import listed_loss, report
from simulation.fidelity.strata import STRATA, choose
from simulation.fidelity.stratum import Stratum
from simulation.metrics.loss import log10_normalized_loss
from simulation.sweeps.order import missing
from simulation.sweeps.pools import processes
from simulation.sweeps.reports import Report
from simulation.sweeps.runner import run_all
from simulation.sweeps.worker import Job
from simulation.tasks import make_dataset
from tests.simulation.archive_helpers import write_run

RANDOM = np.random.default_rng(3)


# what is run


@pytest.mark.parametrize("stratum", STRATA, ids=lambda stratum: stratum.name)
def test_a_stratum_plans_valid_runs_of_its_own_rows(stratum: Stratum) -> None:
    rows, plan = stratum.rows(published()), stratum.plan(published())
    assert 12 <= len(plan) == stratum.runs <= len(rows)
    assert set(plan) <= set(rows.index)
    for index, config in plan.items():
        row = rows.loc[index]
        assert isinstance(config, FeedforwardConfig)
        assert config.seed == index
        assert config.schedule.steps == row["steps"]
        assert config.schedule.curve_points == 10_000
        assert config.task.kind == row["task"]
        assert (config.task.input_dim, config.task.n_samples, config.task.output_dim) == (
            row["input_dim"],
            row["n_samples"],
            row["output_dim"],
        )
        assert config.noise.update_scale == (
            row["update_noise_scale"] * (not stratum.without_noise)
        )
        assert config.noise.label_scale == row["label_noise_scale"]


def test_strata_share_no_run_and_span_the_noise() -> None:
    ids = [config.run_id for stratum in STRATA for config in stratum.plan(published()).values()]
    assert len(ids) == len(set(ids))
    sweep = choose(["noise_sweep"])[0].sample(published())["update_noise_scale"]
    assert (sweep.min(), sweep.max()) == pytest.approx((0.01, 0.091), rel=0.01)
    assert (np.diff(sweep) > 0).all()


def test_an_unknown_stratum_is_named() -> None:
    with pytest.raises(ConfigError, match="'adamm' is not one of sgd_update"):
        choose(["adamm"])


# how it is compared


@given(
    st.lists(st.integers(-5, 5), min_size=FEWEST, max_size=40),
    st.lists(st.integers(-5, 5), min_size=FEWEST, max_size=40),
)
def test_the_distance_is_scipys(first: list[int], second: list[int]) -> None:
    ours = ks_statistic(np.array(first, float), np.array(second, float))
    assert ours == pytest.approx(stats.ks_2samp(first, second, method="asymp").statistic, abs=1e-12)


@pytest.mark.parametrize("sizes", [(8, 27), (16, 159), (45, 45), (45, 36)])
def test_the_probability_is_scipys_exact_one(sizes: tuple[int, int]) -> None:
    for shift in (0, 0.3, 0.6, 0.9, 1.2, 2.0):
        first, second = RANDOM.normal(0, 1, sizes[0]), RANDOM.normal(shift, 1, sizes[1])
        exact = stats.ks_2samp(first, second, method="exact")
        assert ks_probability(float(exact.statistic), *sizes) == pytest.approx(
            exact.pvalue, abs=1e-12
        )
    assert ks_probability(0.0, *sizes) == 1
    assert ks_probability(1.0, *sizes) < 0.001


@pytest.mark.parametrize("count", [8, 13, 45])
def test_the_signed_rank_probability_is_scipys_exact_one(count: int) -> None:
    for shift in (0, 0.4, 2):
        pairs = RANDOM.normal(shift, 1, count)
        exact = stats.wilcoxon(pairs, method="exact").pvalue
        assert signed_rank_probability(pairs) == pytest.approx(exact, abs=1e-12)
    tied = RANDOM.integers(-3, 4, count).astype(float)
    assert signed_rank_probability(tied) == signed_rank_probability(-tied)
    assert signed_rank_probability(np.zeros(count)) == 1


def test_slopes_agree_within_the_interval_of_their_difference() -> None:
    def slope(value: float, half: float) -> Exponent:
        return Exponent(20, value, value - half, value + half, 0.0)

    assert judge_exponents(slope(2, 0.3), slope(2.49, 0.4))[0] is Verdict.AGREES
    assert judge_exponents(slope(2, 0.3), slope(2.51, 0.4)) == (
        Verdict.OPEN,
        "the slopes differ by 0.51 ± 0.50 (95 % interval); why is open",
    )
    assert judge_exponents(slope(2, 0.1), slope(3, 0.1), "so")[0] is Verdict.EXPLAINED
    assert judge_exponents(slope(2, 0.1), None)[0] is Verdict.TOO_FEW


def test_a_power_law_is_recovered_with_its_interval() -> None:
    """The slope's 95 % interval holds the truth in 95 % of worlds, up to the bootstrap's habits."""
    hits = 0
    for world in range(100):
        random = np.random.default_rng(world)
        x = np.linspace(-2, -1, 16)
        found = exponent(x, 2.1 * x - 1.8 + random.normal(0, 0.2, 16))
        assert found is not None
        hits += found.low <= 2.1 <= found.high
    assert 85 <= hits <= 100
    exact = exponent(x, 2 * x + 1)
    assert exact is not None
    assert (exact.slope, exact.intercept, exact.low, exact.high) == pytest.approx((2, 1, 2, 2))


def test_an_exponent_takes_enough_pairs_that_are_numbers() -> None:
    x = np.linspace(0, 1, FEWEST)
    assert exponent(x, np.where(x > 0, x, np.nan)) is None
    assert exponent(np.zeros(20), np.zeros(20)) is None


def test_verdicts() -> None:
    theirs = np.linspace(0, 1, 101)
    nan = np.full(FEWEST, np.nan)

    def verdict(ours: float, count: int = FEWEST, why: str = "") -> tuple[Verdict, str]:
        found = compare("m", theirs, np.full(count, ours), np.full(count, np.nan), why)
        return found.verdict, found.words

    assert verdict(0.25)[0] is Verdict.AGREES
    assert verdict(0.75)[0] is Verdict.AGREES
    assert verdict(0.24) == (
        Verdict.OPEN,
        "our median lies below the published interquartile range; why is open",
    )
    assert verdict(0.8, why="so")[0] is Verdict.EXPLAINED
    assert verdict(0.8, why="so")[1].endswith("range: so")
    assert verdict(0.5, FEWEST - 1)[0] is Verdict.TOO_FEW
    nothing = compare("m", nan, nan, nan)
    assert (nothing.published, nothing.ours, nothing.ks, nothing.pair_difference) == (None,) * 4
    pairs = compare("m", theirs, np.full(FEWEST, 0.5), np.full(FEWEST, 0.4))
    assert pairs.pair_difference == pytest.approx(0.1)


def test_standing_still_means_not_moving_at_all() -> None:
    assert judge_stillness("m", np.zeros(12)).verdict is Verdict.AGREES
    moved = judge_stillness("m", [0.0] * 11 + [0.25])
    assert moved.verdict is Verdict.OPEN
    assert "1 of 12 runs still change, by up to 0.25" in moved.words
    assert judge_stillness("m", [0.25] * 8, "so").words.endswith("0.25: so")
    assert judge_stillness("m", [0.0]).verdict is Verdict.TOO_FEW


# what an archive holds


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Stratum:
    """Two runs of a stratum, cut to a hundred steps."""
    stratum = Stratum("short", "A short one", "", "update_vs_label", "sgd", "update", 2)
    plan = Stratum.plan

    def cut(self: Stratum, table: pd.DataFrame) -> dict[int, RunConfig]:
        changes = {"schedule.steps": 100, "schedule.curve_points": 20, "network.hidden_units": 6}
        return {index: config.with_values(changes) for index, config in plan(self, table).items()}

    monkeypatch.setattr(Stratum, "plan", cut)
    monkeypatch.setattr(strata_module, "STRATA", (stratum,))
    return stratum


@pytest.mark.parametrize("scale", [0.0, 0.4])
def test_the_listed_loss_is_of_the_noisy_targets(scale: float) -> None:
    config = RunConfig.parse({"noise.label_scale": scale})
    targets, random = make_dataset(config).targets, np.random.default_rng(5)
    error = np.full(targets.shape, 0.1)
    noisy = [error + random.uniform(-scale / 2, scale / 2, error.shape) for _ in range(20_000)]
    clean = log10_normalized_loss(0.01, targets)
    assert listed_loss(clean, config) == pytest.approx(np.log10(np.square(noisy).mean()), abs=5e-3)


def test_runs_are_counted_by_how_they_ended(tmp_path: Path, short: Stratum) -> None:
    archive = Archive.open(tmp_path / "archive", create=True)
    first, second = short.plan(published()).values()
    empty = report(archive, published(), [short])[0]
    assert (empty.finished, empty.missing, empty.left_out) == (0, 2, {})
    write_run(archive, first, status=Status.ALL_UNITS_SILENT)
    write_run(archive, second, status=Status.CANCELLED)
    assert [config.run_id for config in missing([first, second], archive)] == [second.run_id]
    about = report(archive, published(), [short])[0]
    assert (about.finished, about.missing, about.left_out) == (0, 1, {"all_units_silent": 1})
    assert about.runs["active_units_ratio"].isna().all()
    json.dumps(about.as_dict())


def test_an_interrupt_leaves_what_was_recorded(tmp_path: Path, short: Stratum) -> None:
    """The run under way is archived as cancelled; the next attempt makes it again."""
    archive = Archive.open(tmp_path / "archive", create=True)
    first, second = short.plan(published()).values()
    long = second.with_values({"schedule.steps": 10**9, "schedule.curve_points": 20_000})

    def interrupt(report: Report) -> None:
        if report.latest is not None:
            raise KeyboardInterrupt

    jobs = [Job(first, ""), Job(long, "")]
    with processes(1) as pool, pytest.raises(KeyboardInterrupt):
        run_all(jobs, archive, "fidelity", pool, interrupt)
    endings = set(archive.runs(["status"])["status"])
    assert Status.FINISHED in endings
    assert endings <= {Status.FINISHED, Status.CANCELLED}
    assert archive.running() == []


# the command


def test_a_dry_run_reports_on_an_archive_without_running(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "archive"
    Archive.open(folder, create=True)
    command = ["fidelity", "--archive", str(folder), "--dry-run"]
    assert main(command) == 0
    output, progress = capsys.readouterr()
    assert "112" not in progress
    assert f"{sum(stratum.runs for stratum in STRATA)} runs are missing" in progress
    assert "0 of 16 runs finished, 16 missing" in output
    assert "published: 2.06 (95 % interval" in output
    assert main([*command, "--json", "--stratum", "adam"]) == 0
    (adam,) = json.loads(capsys.readouterr().out)["strata"]
    assert adam["published_simulations"] == 27
    assert adam["metrics"][0]["published"]["median"] == pytest.approx(0.145, abs=0.001)
    assert adam["metrics"][0]["verdict"] == "too few"


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fidelity", "--archive", str(tmp_path), "--stratum", "nope"]) == 2
    assert "'nope' is not one of" in capsys.readouterr().err
    assert main(["fidelity", "--archive", str(tmp_path / "none"), "--dry-run"]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_the_command_runs_what_is_missing_once(
    tmp_path: Path, short: Stratum, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["fidelity", "--archive", str(tmp_path / "archive"), "--stratum", "short"]
    assert main(command) == 0
    output, progress = capsys.readouterr()
    assert "2 runs are missing" in progress
    assert "2 of 2: " in progress
    assert "2 of 2 runs finished" in output
    assert main(command) == 0
    assert "0 runs are missing" in capsys.readouterr().err
    archive = Archive.open(tmp_path / "archive")
    about = report(archive, published(), [short])[0]
    assert (about.finished, about.missing) == (2, 0)
    assert about.runs[["active_units_ratio", "hessian_trace_ratio"]].notna().all(axis=None)
    assert archive.collections() == ["fidelity"]
