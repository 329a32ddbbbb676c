"""How Dash's background callbacks reach the launcher of live runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import diskcache
from dash import DiskcacheManager

from dashboard.jobs.launcher import Launcher
from dashboard.settings import Settings


class LiveManager(DiskcacheManager):
    """Background callbacks whose one argument is the id of a run, worked on by the launcher.

    The run owns the job, not the tab: its key and its handle are the run's id, so any number of
    tabs share it; a tab that launches something else, is reloaded or closed ends nothing (a run
    is cancelled through its record alone); and every tab that waits for the result gets it.
    Nothing is kept under keys of its own that would have to expire; the disk cache holds the
    secret that signs Dash's handles.
    """

    def __init__(self, settings: Settings, launcher: Launcher) -> None:
        super().__init__(diskcache.Cache(str(settings.cache_path / "callbacks")))
        self._launcher = launcher

    def build_cache_key(
        self, _function: object, args: Sequence[str], _ignored: object, _triggered: object
    ) -> str:
        return args[0]

    def make_job_fn(self, fn: Callable[..., Any], *_: object) -> Callable[..., Any]:
        return fn

    def call_job_fn(self, _key: str, _job: object, args: Sequence[str], _context: object) -> str:
        """The handle of the run's job, which the launcher has started or queued already."""
        return args[0]

    def job_running(self, job: str) -> bool:
        return self._launcher.is_active(job)

    def terminate_job(self, job: str | None) -> None:
        pass

    def terminate_unhealthy_job(self, _job: str | None) -> bool:
        return False

    def get_result(self, _key: str, job: str | None) -> Any:
        if job is None or self._launcher.is_active(job):
            return self.UNDEFINED
        outcome = self._launcher.outcome(job)
        return self.UNDEFINED if outcome is None else outcome
