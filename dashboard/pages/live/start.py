"""What the form starts from: a run, dotted fields in the link, or the first preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import urls
from dashboard.pages.live.presets import PRESETS
from simulation.archive import Archive, Run
from simulation.config import RunConfig
from simulation.errors import ArchiveError, ConfigError

Query = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Start:
    """A configuration to begin with.

    Attributes
    ----------
    run : the run it was taken from, if it was.
    parent : the run it starts from, if it has one that is here.
    notes : everything in the link that could not be used, one sentence each.
    """

    config: RunConfig
    run: Run | None
    notes: list[str]
    parent: Run | None = None


def read_start(query: Query, archive: Archive) -> Start:
    """Read `/live?from=<run_id>` and `/live?noise.update_scale=0.05&...`."""
    run, notes = _read_run(query.get(urls.FROM_RUN), archive)
    changes: dict[str, Any] = {}
    for path, value in query.items():
        if isinstance(value, list):
            notes.append(f"{path} is given more than once.")
        elif path != urls.FROM_RUN:
            changes[path] = value
    if run is None and not changes:
        return Start(PRESETS[0].config, None, notes)
    config, problems = _apply(run.config if run else RunConfig.parse({}), changes)
    parent, missing = _read_run(config.parent.run or None, archive)
    return Start(config, run, notes + problems + missing, parent)


def _read_run(run_id: str | list[str] | None, archive: Archive) -> tuple[Run | None, list[str]]:
    if not isinstance(run_id, str):
        return None, []
    try:
        return archive.open_run(run_id), []
    except ArchiveError as error:
        return None, [error.message]


def _apply(config: RunConfig, changes: dict[str, Any]) -> tuple[RunConfig, list[str]]:
    """`config` with the changes that are valid, and what is wrong with the others."""
    try:
        return config.with_values(changes), []
    except ConfigError as error:
        wrong = {problem.path for problem in error.problems}
        kept = {path: value for path, value in changes.items() if path not in wrong}
        notes = [f"{problem}." for problem in error.problems]
        if len(kept) == len(changes):
            return config, notes
        config, more = _apply(config, kept)
        return config, notes + more
