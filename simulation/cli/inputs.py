"""The configuration that the command line asks for."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from simulation.archive import Archive
from simulation.config import RunConfig
from simulation.errors import ConfigError, NotRecorded, Problem
from simulation.recipes import recipe
from simulation.running.lineage import fork


def read_config(
    recipe_name: str | None, file: Path | None, changes: list[str]
) -> tuple[RunConfig, str]:
    """The configuration, and a name for the run: the recipe's title if nothing was changed.

    Raises
    ------
    ConfigError : naming the option, file or field at fault.
    """
    title = ""
    if recipe_name is not None:
        chosen = recipe(recipe_name)
        base, title = chosen.config, chosen.title
    else:
        base = RunConfig.parse({}) if file is None else RunConfig.parse(_read_file(file))
    config = base.with_values(dict(_split(change) for change in changes)) if changes else base
    return config, title if config == base else ""


def read_fork(archive: Archive, run_id: str, step: int | None, changes: list[str]) -> RunConfig:
    """The configuration of a run from the snapshot at `step` (the last by default) of `run_id` on.

    Raises
    ------
    ConfigError : naming the option or field at fault.
    UnknownRun : the archive does not hold the run.
    NotRecorded : it has no snapshot.
    """
    run = archive.open_run(run_id)
    steps = run.snapshot_steps()
    if not len(steps):
        raise NotRecorded(
            f"Run {run_id} has no snapshot to start from.",
            subject=run_id,
            remedy="Choose another run.",
        )
    chosen = int(steps[-1]) if step is None else step
    return fork(run.config, run_id, chosen, dict(_split(change) for change in changes))


def _split(change: str) -> tuple[str, str]:
    path, equals, value = change.partition("=")
    if not (path.strip() and equals):
        problem = f"{change!r} is not FIELD=VALUE, such as seed=1"
        raise ConfigError([Problem("--set", problem)])
    return path.strip(), value.strip()


def _read_file(path: Path) -> dict[str, Any]:
    readers = {".json": json.loads, ".toml": tomllib.loads}
    if path.suffix not in readers:
        raise ConfigError([Problem("--config", f"{path} is neither a .toml nor a .json file")])
    try:
        values = readers[path.suffix](path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot read {path}: {error.strerror}"
        raise ConfigError([Problem("--config", problem)]) from None
    except ValueError as error:
        problem = f"{path} is not valid {path.suffix[1:].upper()}: {error}"
        raise ConfigError([Problem("--config", problem)]) from None
    if not isinstance(values, dict):
        raise ConfigError([Problem("--config", f"{path} does not hold an object of fields")])
    return values
