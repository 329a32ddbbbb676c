"""What this site lets a live run ask for: the configuration's own limits, lowered by settings."""

from __future__ import annotations

from typing import Any

from dashboard.settings import Settings
from simulation.config import FieldSpec, RunConfig, fields
from simulation.errors import ConfigError, Problem


def live_fields(kinds: dict[str, str], settings: Settings, first: int = 0) -> list[FieldSpec]:
    """Every field of a configuration with these kinds, with the range allowed here.

    `first` is the step the run starts from, if it starts from the snapshot of another.
    """
    caps, least = _caps(settings, first), {"schedule.steps": first + 1}
    return [
        spec.model_copy(
            update={
                "minimum": max(spec.minimum, least.get(spec.path, spec.minimum)),
                "maximum": min(spec.maximum, caps.get(spec.path, spec.maximum)),
            }
        )
        if spec.minimum is not None and spec.maximum is not None
        else spec
        for spec in fields(kinds)
    ]


def read_live(values: dict[str, Any], settings: Settings) -> RunConfig:
    """The configuration of `values`; ConfigError names each field, with the range allowed here."""
    try:
        config = RunConfig.parse(values)
    except ConfigError as error:
        allowed = live_fields(_kinds(values), settings, values.get("parent.step", 0))
        specs = {spec.path: spec for spec in allowed}
        raise ConfigError(
            [_restate(problem, values, specs) for problem in error.problems]
        ) from None
    check_limits(config, settings)
    return config


def _kinds(values: dict[str, Any]) -> dict[str, str]:
    return {path: str(value) for path, value in values.items() if path.endswith(".kind")}


def _restate(problem: Problem, values: dict[str, Any], specs: dict[str, FieldSpec]) -> Problem:
    """The same problem with the range that is allowed here, where a value is out of range."""
    spec = specs.get(problem.path)
    if spec is None or spec.maximum is None or "is not a" not in problem.message:
        return problem
    noun = "whole number" if spec.is_integer else "number"
    given = values.get(problem.path)
    return Problem(problem.path, f"{given!r} is not a {noun} from {spec.allowed}")


def check_limits(config: RunConfig, settings: Settings) -> None:
    """Raise ConfigError, naming each field, where `config` is more than this site allows."""
    values, first = config.values(), config.parent.step
    problems = [
        Problem(path, f"{values[path]:,} is more than the {cap:,} this site allows")
        for path, cap in _caps(settings, first).items()
        if values.get(path, 0) > cap
    ]
    if config.parameter_count > settings.max_live_parameters:
        problems.append(
            Problem(
                "network.hidden_units",
                f"makes {config.parameter_count:,} parameters; "
                f"this site allows {settings.max_live_parameters:,}",
            )
        )
    if problems:
        raise ConfigError(problems)


def lowered(config: RunConfig, settings: Settings) -> dict[str, int]:
    """Lengths and numbers of recordings of `config` that are more than allowed, cut to the limit.

    None of them changes a step that the run takes. What else is too much, `check_limits` says.
    """
    values = config.values()
    return {
        path: cap
        for path, cap in _caps(settings, config.parent.step).items()
        if path.startswith("schedule.") and values.get(path, 0) > cap
    }


def limits_in_words(settings: Settings) -> str:
    """The limits of a live run, in one sentence."""
    return (
        f"Up to {settings.max_live_steps:,} steps, {settings.max_live_samples:,} samples, "
        f"{settings.max_live_parameters:,} parameters and "
        f"{settings.max_live_seconds:,} seconds a run; "
        f"{settings.max_concurrent_runs:,} at once, {settings.max_queued_runs:,} more in the queue."
    )


def _caps(settings: Settings, first: int = 0) -> dict[str, int]:
    """The largest values; steps count from `first`, where the run starts."""
    return {
        "task.n_samples": settings.max_live_samples,
        "schedule.steps": first + settings.max_live_steps,
        "schedule.snapshots": settings.max_live_snapshots,
        "schedule.hessian_limit": settings.max_live_hessian,
    }
