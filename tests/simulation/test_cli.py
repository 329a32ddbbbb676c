"""The command line as its users meet it: output, errors and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulation.archive import Archive, Status
from simulation.cli import main
from simulation.cli.parser import make_parser
from simulation.config import RunConfig
from simulation.recipes import recipe_names

SMALL = [
    "--set=network.hidden_units=8",
    "--set=schedule.steps=100",
    "--set=schedule.curve_points=25",
    "--set=schedule.snapshots=3",
    "--set=schedule.hessian_snapshots=2",
]
SUMMARY = [
    "final_log10_normalized_loss",
    "active_fraction_initial",
    "active_fraction_final",
    "active_fraction_ratio",
    "active_units_initial",
    "active_units_final",
    "active_units_ratio",
    "mean_spatial_information_initial",
    "mean_spatial_information_final",
    "log10_sparsification_rate",
    "tau_steps",
    "tau_steps_low",
    "tau_steps_high",
    "hessian_trace_ratio",
    "hessian_max_ratio",
    "positive_eigenvalue_fraction",
    "wall_seconds",
    "engine",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive's folder that does not exist yet, set in the environment."""
    path = tmp_path / "archive"
    monkeypatch.setenv("DRIFTSCAPE_ARCHIVE", str(path))
    return path


class Shell:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What the command prints; its exit code must be `code`."""
        try:
            ended = main(arguments)
        except SystemExit as leave:  # argparse
            ended = int(str(leave.code or 0))
        output, self.error = self._capsys.readouterr()
        assert ended == code, self.error
        return output

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        content = json.loads(self(*arguments, "--json", code=code))
        assert isinstance(content, dict)
        return content

    def fails(self, *arguments: str, code: int = 2) -> str:
        """The one line a failing command writes on standard error."""
        assert self(*arguments, code=code) == ""
        assert self.error.startswith("error: ")
        assert self.error.count("\n") == 1
        return self.error


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], folder: Path) -> Shell:
    assert not folder.exists()
    return Shell(capsys)


def test_run_then_show(shell: Shell, folder: Path) -> None:
    ran = shell.json("run", *SMALL, "--name", "A name", "--collection", "mine")
    assert ran["status"] == "finished"
    assert (ran["name"], ran["collection"]) == ("A name", "mine")
    assert set(SUMMARY) <= set(ran["summary"])
    for name, value in ran["summary"].items():
        assert (value is None) == (name in ran["reasons"])
    assert RunConfig.parse(ran["config"]).run_id == ran["run_id"]
    assert ran["provenance"]["python_version"]
    assert shell.json("show", ran["run_id"]) == ran
    assert Archive.open(folder).open_run(ran["run_id"]).status is Status.FINISHED
    text = shell("show", ran["run_id"])
    assert "Ran to its last step" in text
    assert "active_units_ratio" in text
    assert "unknown, because the task has no position: mean_spatial_information_initial" in text


def test_run_again_is_not_computed_again(shell: Shell) -> None:
    first = shell.json("run", *SMALL)
    assert "not computed again" not in shell.error
    second = shell.json("run", *SMALL, "--name", "other")
    assert first == second
    assert "not computed again" in shell.error


def test_progress_goes_to_standard_error(shell: Shell) -> None:
    shell("run", *SMALL)
    assert "step 100 of 100" in shell.error
    assert "active units" in shell.error


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.toml", '[task]\nkind = "random"\nn_samples = 4\n[schedule]\nsteps = 20\n'),
        ("c.toml", 'task.kind = "random"\ntask.n_samples = 4\nschedule.steps = 20\n'),
        ("c.json", '{"task.kind": "random", "task.n_samples": 4, "schedule": {"steps": 20}}'),
    ],
)
def test_a_configuration_from_a_file(shell: Shell, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    ran = shell.json("run", "--config", str(tmp_path / name), *SMALL[:1], *SMALL[2:])
    assert (ran["config"]["task.kind"], ran["config"]["task.n_samples"]) == ("random", 4)
    assert (ran["config"]["schedule.steps"], ran["config"]["network.hidden_units"]) == (20, 8)


def test_the_configuration_of_a_result_runs_again(shell: Shell, tmp_path: Path) -> None:
    changed = [*SMALL, "--set=task.kind=corridor", "--set=task.n_samples=20"]
    ran = shell.json("run", *changed)
    (tmp_path / "again.json").write_text(json.dumps(ran["config"]))
    again = shell.json("run", "--config", str(tmp_path / "again.json"))
    assert again["run_id"] == ran["run_id"]


def test_a_changed_recipe_loses_its_title(shell: Shell) -> None:
    ran = shell.json("run", "--recipe", "noise_s003", *SMALL)
    assert ran["name"] == ""
    assert ran["config"]["noise.update_scale"] == 0.03


def test_continue_and_fork(shell: Shell) -> None:
    parent = shell.json("run", *SMALL, "--set=noise.update_scale=0.05")
    run_id = parent["run_id"]
    assert parent["lineage"] == {"parent": None, "children": []}
    longer = shell.json("run", "--from", run_id)
    assert longer["config"]["parent.step"] == 100, "the last snapshot"
    assert longer["config"]["schedule.steps"] == 200, "as many steps again"
    assert longer["lineage"]["parent"]["continues"] is True
    fork = shell.json("run", "--from", run_id, "--at", "0", "--set", "noise.update_scale=0")
    assert (fork["config"]["parent.step"], fork["config"]["schedule.steps"]) == (0, 100)
    assert fork["lineage"]["parent"]["changes"] == ["update noise s 0.05 → 0"]
    children = shell.json("show", run_id)["lineage"]["children"]
    assert [child["run_id"] for child in children] == [longer["run_id"], fork["run_id"]]
    assert f"starts from run {run_id} at its step 0" in shell("show", fork["run_id"])
    assert f"continued at step 100 by run {longer['run_id']}" in shell("show", run_id)


def test_a_parent_that_is_elsewhere_is_said(shell: Shell, tmp_path: Path) -> None:
    run_id = shell.json("run", *SMALL)["run_id"]
    child = shell.json("run", "--from", run_id)["run_id"]
    other = str(tmp_path / "other")
    shell("export", child, "--to", other)
    assert "not in this archive" in shell("show", child, "--archive", other)
    assert shell.json("show", child, "--archive", other)["lineage"]["parent"]["name"] is None


def test_list(shell: Shell, folder: Path) -> None:
    Archive.open(folder, create=True)
    assert "No runs" in shell("list")
    empty = {"archive": str(folder), "runs": [], "older_runs_left_out": 0}
    assert shell.json("list") == empty
    ran = shell.json("run", *SMALL)
    waiting = Archive.open(folder).writer(RunConfig.parse({}), collection="live", name="Next")
    done, queued = shell.json("list")["runs"]
    assert (done["run_id"], done["status"]) == (ran["run_id"], "finished")
    assert (queued["run_id"], queued["status"]) == (waiting.run_id, "queued")
    assert done["tau_steps"] is None
    lines = shell("list").splitlines()
    assert lines[0].startswith("run_id")
    assert len(lines) == 3
    shown = shell.json("show", waiting.run_id)
    assert shown["status"] == "queued"
    assert set(shown["reasons"].values()) == {"the run has not been archived yet"}
    waiting.release()


def test_list_leaves_out_older_runs_and_says_so(shell: Shell, folder: Path) -> None:
    archive = Archive.open(folder, create=True)
    for seed in range(3):
        config = RunConfig.parse({"seed": seed})
        collection = "ab"[seed % 2]
        last = archive.writer(config, collection=collection, name="").finish(Status.CANCELLED)
    listed = shell.json("list", "--limit", "1")
    assert [run["run_id"] for run in listed["runs"]] == [last.run_id]
    assert listed["older_runs_left_out"] == 2
    listed = shell.json("list", "--collection", "a", "--limit", "0")
    assert (len(listed["runs"]), listed["older_runs_left_out"]) == (2, 0)
    assert "There are: a, b" in shell.fails("list", "--collection", "c", code=1)
    assert len(shell("list", "--limit", "2").splitlines()) == 3
    assert "1 older runs are not listed" in shell.error


def test_recipes(shell: Shell) -> None:
    text = shell("recipes")
    described = shell.json("recipes")["recipes"]
    assert set(described) == set(recipe_names())
    for name in recipe_names():
        assert name in text
        assert RunConfig.parse(described[name]["config"]).run_id == described[name]["run_id"]


def test_verify_reindex_and_export(shell: Shell, folder: Path, tmp_path: Path) -> None:
    run_id = shell.json("run", *SMALL)["run_id"]
    assert "1 runs checked, 0 problems" in shell("verify")
    assert "1 runs indexed" in shell("reindex")
    other = tmp_path / "other"
    assert run_id in shell("export", run_id, "--to", str(other))
    assert shell.json("show", run_id, "--archive", str(other))["status"] == "finished"
    curves = folder / "runs" / "curves" / f"{run_id}.parquet"
    curves.unlink()
    assert str(curves) in shell("verify", code=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--set", "noise.updat_scale=1"], "did you mean noise.update_scale?"),
        (["run", "--set", "noise.update_scale=99"], "not a number from 0 to 10"),
        (["run", "--set", "seed"], "not FIELD=VALUE"),
        (["run", "--recipe", "figure3"], "did you mean figure2?"),
        (["run", "--config", "missing.toml"], "cannot read missing.toml"),
        (["run", "--config", "config.yaml"], "neither a .toml nor a .json"),
    ],
)
def test_bad_input(shell: Shell, arguments: list[str], words: str) -> None:
    assert words in shell.fails(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["run", "--engine", "abacus"],
        ["run", "--time-limit", "-1"],
        ["show", "not-an-id"],
        ["show", "../../etc/passwd"],
        ["export", "0" * 12],
        ["run", "--collection", "../up"],
        ["run", "--from", "../up"],
        ["run", "--from", "0" * 12, "--at", "soon"],
        ["run", "--from", "0" * 12, "--recipe", "figure2"],
    ],
)
def test_wrong_usage(shell: Shell, arguments: list[str]) -> None:
    assert shell(*arguments, code=2) == ""
    assert "usage:" in shell.error


def test_a_broken_configuration_file(shell: Shell, tmp_path: Path) -> None:
    for name, text in (("a.json", "{"), ("b.toml", "= 1"), ("c.json", "[1]")):
        (tmp_path / name).write_text(text)
        assert name in shell.fails("run", "--config", str(tmp_path / name))


def test_a_fork_that_cannot_be(shell: Shell) -> None:
    run_id = shell.json("run", *SMALL)["run_id"]
    assert "nearest snapshots are at step" in shell.fails("run", "--from", run_id, "--at", "7")
    misfit = ["run", "--from", run_id, "--set", "network.hidden_units=9"]
    assert "network.hidden_units: means 9" in shell.fails(*misfit)
    assert "No run 000000000000" in shell.fails("run", "--from", "0" * 12)
    assert "--at: needs --from" in shell.fails("run", "--at", "7")


def test_archive_problems(shell: Shell, folder: Path) -> None:
    assert "not an archive" in shell.fails("list", code=1)
    Archive.open(folder, create=True)
    assert "No run 000000000000" in shell.fails("show", "0" * 12)
    (folder / "archive.json").write_text('{"format":"driftscape-archive","schema_version":7}')
    assert "schema version 7" in shell.fails("list", code=1)


def test_endings_have_exit_codes(shell: Shell) -> None:
    diverging = shell.json("run", *SMALL, "--set", "rule.learning_rate=9", code=3)
    assert diverging["status"] == "diverged"
    endless = ["--set", "schedule.steps=1e9", "--set", "schedule.hessian_snapshots=0"]
    limited = shell.json("run", *SMALL, *endless, "--time-limit", "0.3", code=3)
    assert limited["status"] == "time_limit"


def test_help_tells_the_exit_codes(shell: Shell) -> None:
    for arguments in (["--help"], ["run", "--help"]):
        text = shell(*arguments)
        for code in ("0", "1", "2", "3", "130"):
            assert f"\n  {code} " in text
    for command in ("show", "list", "recipes", "verify", "reindex", "export"):
        assert "usage:" in shell(command, "--help")


def test_a_reader_that_stops_reading_is_no_error(folder: Path) -> None:
    Archive.open(folder, create=True)
    command = f"set -o pipefail; {sys.executable} -m simulation recipes | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_light_commands_load_neither_torch_nor_numba_nor_scipy() -> None:
    script = (
        "import sys, simulation.archive, simulation.recipes, simulation.cli; "
        "print([name for name in ('torch', 'numba', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_default_archive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_parser().parse_args(["list"]).archive == folder
    monkeypatch.delenv("DRIFTSCAPE_ARCHIVE")
    assert str(make_parser().parse_args(["list"]).archive) == "data/archive"
