"""Fixtures of the dashboard's tests: small real runs, and a place to write others."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.runs.store import RunStore
from simulation.archive import Archive, Run
from tests.small_runs import CORRIDOR, RANDOM, make_small_archive


@pytest.fixture(scope="session")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return make_small_archive(tmp_path_factory.mktemp("small") / "archive")


@pytest.fixture
def store(small_archive: Archive) -> RunStore:
    return RunStore(small_archive)


@pytest.fixture
def corridor(store: RunStore) -> Run:
    return store.open(CORRIDOR.run_id)


@pytest.fixture
def random_run(store: RunStore) -> Run:
    return store.open(RANDOM.run_id)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive.open(tmp_path / "archive", create=True)
