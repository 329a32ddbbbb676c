"""Settings: every variable has a default and a meaning; a bad value is named, with its range."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from dashboard.settings import Setting, SettingError, all_settings, describe, read_settings

ROOT = Path(__file__).resolve().parents[2]
LIMITED = [setting for setting in all_settings() if setting.low is not None]


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_defaults_are_loopback_and_as_many_runs_as_cores() -> None:
    settings = read_settings({})
    assert settings.host == "127.0.0.1"
    assert settings.port == 8050
    assert settings.max_concurrent_runs == len(os.sched_getaffinity(0))


def test_an_empty_variable_counts_as_unset() -> None:
    assert read_settings({"PORT": " ", "DRIFTSCAPE_ARCHIVE": ""}) == read_settings({})


@pytest.mark.parametrize("setting", LIMITED, ids=lambda setting: setting.variable)
def test_limits_are_inclusive_and_named_when_passed(setting: Setting) -> None:
    assert setting.low is not None
    assert setting.high is not None
    for value in (setting.low, setting.high):
        read_settings({setting.variable: str(value)})
    for bad in (str(setting.low - 1), str(setting.high + 1), "1.5", "many"):
        with pytest.raises(SettingError) as caught:
            read_settings({setting.variable: bad})
        message = str(caught.value)
        assert setting.variable in message
        assert repr(bad) in message
        assert f"{setting.low:,} to {setting.high:,}" in message
        assert "\n" not in message


def test_the_environment_of_settings_gives_the_same_settings(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "PORT": "1234",
            "DRIFTSCAPE_ARCHIVE": str(tmp_path / "archive"),
            "DRIFTSCAPE_CACHE": str(tmp_path / "cache"),
            "DRIFTSCAPE_MAX_LIVE_STEPS": "77",
        }
    )
    assert read_settings(settings.environment()) == settings


def test_the_cache_is_in_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert read_settings({}).cache_path == Path("/somewhere/driftscape")


def test_help_names_every_variable() -> None:
    shown = start("--help")
    assert shown.returncode == 0
    for setting in all_settings():
        assert f"  {setting.variable}\n" in shown.stdout
        assert setting.default_in_words() in " ".join(describe().split())


def test_a_bad_value_ends_the_server_with_one_line() -> None:
    ended = start(PORT="eighty")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "PORT='eighty'" in ended.stderr


def test_a_busy_port_ends_the_server_with_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = start(PORT=port, DRIFTSCAPE_ARCHIVE=str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert f"PORT={port}" in ended.stderr


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        read_settings({}).port = 1  # type: ignore[misc]
