"""Dash's background callbacks share the run's job and never end it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.jobs.background import LiveManager
from dashboard.jobs.worker import simulate
from dashboard.settings import Settings, read_settings
from tests.dashboard.fakes import FakeLauncher

RUN, OTHER = "0123456789ab", "ba9876543210"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"DRIFTSCAPE_CACHE": str(tmp_path)})


@pytest.fixture
def launcher() -> FakeLauncher:
    return FakeLauncher({RUN})


@pytest.fixture
def manager(settings: Settings, launcher: FakeLauncher) -> LiveManager:
    return LiveManager(settings, launcher)


def start(manager: LiveManager, run_id: str) -> tuple[str, str]:
    """What Dash does when a tab asks: (key, handle)."""
    key = manager.build_cache_key(simulate, [run_id], [], None)
    return key, manager.call_job_fn(key, simulate, [run_id], {})


def test_two_tabs_share_the_job_of_a_run(manager: LiveManager) -> None:
    assert start(manager, RUN) == start(manager, RUN)
    assert start(manager, RUN) != start(manager, OTHER)


def test_another_launch_or_a_result_that_was_read_ends_no_run(
    manager: LiveManager, launcher: FakeLauncher
) -> None:
    _, handle = start(manager, RUN)
    manager.terminate_job(handle)
    manager.terminate_unhealthy_job(handle)
    assert manager.job_running(handle)
    assert not launcher.cancelled


def test_every_tab_reads_the_result_and_none_before_the_end(
    manager: LiveManager, launcher: FakeLauncher
) -> None:
    key, handle = start(manager, RUN)
    launcher.outcomes[RUN] = {"words": "of an earlier attempt"}
    assert manager.get_result(key, handle) is manager.UNDEFINED
    launcher.outcomes[RUN] = {"words": "of this one"}
    launcher.active.clear()
    for _ in range(2):
        assert manager.get_result(key, handle) == {"words": "of this one"}
    assert not manager.job_running(handle)


def test_a_job_of_which_nothing_is_known_is_over(
    manager: LiveManager, launcher: FakeLauncher
) -> None:
    key, handle = start(manager, RUN)
    launcher.active.clear()
    assert not manager.job_running(handle)
    assert manager.get_result(key, handle) is manager.UNDEFINED
