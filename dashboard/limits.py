"""What this site lets a live run ask for: the configuration's own limits, lowered by settings."""

from __future__ import annotations

from typing import Any

from dashboard.settings import Settings
from simulation.config import FieldSpec, RunConfig, fields
from simulation.errors import ConfigError, Problem


def live_fields(task: str, settings: Settings) -> list[FieldSpec]:
    """Every field of a configuration with this kind of task, with the range allowed here."""
    caps = _caps(settings)
    return [
        spec.model_copy(update={"maximum": min(spec.maximum, caps[spec.path])})
        if spec.path in caps and spec.maximum is not None
        else spec
        for spec in fields({"task.kind": task})
    ]


def read_live(values: dict[str, Any], settings: Settings) -> RunConfig:
    """The configuration of `values`; ConfigError names each field, with the range allowed here."""
    try:
        config = RunConfig.parse(values)
    except ConfigError as error:
        raise ConfigError(
            [_restate(problem, values, settings) for problem in error.problems]
        ) from None
    check_limits(config, settings)
    return config


def _restate(problem: Problem, values: dict[str, Any], settings: Settings) -> Problem:
    cap = _caps(settings).get(problem.path)
    if cap is None or problem.path not in values:
        return problem
    given = values[problem.path]
    return Problem(problem.path, f"{given!r} is not a whole number up to {cap:,}")


def check_limits(config: RunConfig, settings: Settings) -> None:
    """Raise ConfigError, naming each field, where `config` is more than this site allows."""
    values = config.values()
    problems = [
        Problem(path, f"{values[path]:,} is more than the {cap:,} this site allows")
        for path, cap in _caps(settings).items()
        if values[path] > cap
    ]
    if config.parameter_count > settings.max_live_parameters:
        problems.append(
            Problem(
                "network.hidden_units",
                f"makes {config.parameter_count:,} parameters, H (D + 1 + O); "
                f"this site allows {settings.max_live_parameters:,}",
            )
        )
    if problems:
        raise ConfigError(problems)


def limits_in_words(settings: Settings) -> str:
    """The limits of a live run, in one sentence."""
    return (
        f"Up to {settings.max_live_steps:,} steps, {settings.max_live_samples:,} samples, "
        f"{settings.max_live_parameters:,} parameters and "
        f"{settings.max_live_seconds:,} seconds a run; "
        f"{settings.max_concurrent_runs:,} at once, {settings.max_queued_runs:,} more in the queue."
    )


def _caps(settings: Settings) -> dict[str, int]:
    return {
        "task.n_samples": settings.max_live_samples,
        "schedule.steps": settings.max_live_steps,
        "schedule.snapshots": settings.max_live_snapshots,
        "schedule.hessian_limit": settings.max_live_hessian,
    }
