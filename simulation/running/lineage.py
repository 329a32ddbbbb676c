"""Runs that start from a snapshot of another: what they start with, and how the two are related.

Steps count on from the snapshot, and noise is keyed by absolute step: a run that changes nothing
but its length takes the very steps that its parent would have taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

import numpy as np

from simulation.archive import Archive, Run
from simulation.config import (
    MODELS,
    RULES,
    TASKS,
    RunConfig,
    fields,
    in_sentence,
)
from simulation.errors import ConfigError, NotRecorded, Problem, UnknownRun
from simulation.models.model import Model, State

LAST_STEP = 1_000_000_000
"""No run counts further."""

_SIZES = {
    "task.input_dim": "values in an input",
    "task.output_dim": "values in a target",
    "network.hidden_units": "hidden units",
}
_STARTS = ("network.init", "network.weight_scale")
COMES_WITH_WEIGHTS = ("network.hidden_units", *_STARTS, "network.activation")
"""Fields that a run has from its parent, because its weights have."""
_OWN = ("parent.", "schedule.", "precision", "model")
"""What two runs of the same trajectory may differ in, or what is compared by other words."""


def check_parent(config: RunConfig, archive: Archive) -> Run:
    """The parent of a run that has one, once it is sure that the run can start from it.

    Raises
    ------
    UnknownRun : the archive does not hold the parent.
    NotRecorded : it has no snapshot at this step.
    ConfigError : the snapshot's weights do not fit, naming every field at fault.
    """
    run_id, step = config.parent.run, config.parent.step
    try:
        parent = archive.open_run(run_id)
    except UnknownRun as error:
        raise UnknownRun(
            f"The parent run {run_id} is not in {archive.path}.",
            subject=run_id,
            remedy="Copy it there with `python -m simulation export`, or choose another parent.",
        ) from error
    if problems := _misfits(config, parent):
        raise ConfigError(problems)
    steps = parent.snapshot_steps()
    if step not in steps:
        raise NotRecorded(
            f"Run {run_id} has no snapshot at step {step:,} to start from.",
            subject="parent.step",
            remedy=_nearest_in_words(steps.tolist(), step),
        )
    return parent


def parent_state(model: Model[State], archive: Archive) -> State:
    """The network at the snapshot that a run of `model` starts from, in its own precision.

    What the learning rule remembers comes along if the rule is of the same kind; else it starts
    at zero. The start of a stretch of steps (`simulation.models.memory`) comes along if the same
    trajectory goes on. Raises what `check_parent` does.
    """
    config = model.config
    parent = check_parent(config, archive)
    state: State = _cast(parent.weights(config.parent.step), config.precision)
    same = continues(parent.config, config) and parent.config.precision == config.precision
    return state if same else model.taken_over(state)


def continues(parent: RunConfig, child: RunConfig) -> bool:
    """Whether `child` goes on as `parent` would have: they differ in length or recording alone."""
    return not _differing(parent, child)


def changes_in_words(parent: RunConfig, child: RunConfig) -> list[str]:
    """What `child` does differently, a phrase a field: 'update noise s 0.03 → 0'.

    Its length, and how it is recorded, are left out: they change no step that both take.
    """
    return [_change(path, parent, child) for path in _differing(parent, child)]


def fork(parent: RunConfig, run_id: str, step: int, changes: Mapping[str, Any]) -> RunConfig:
    """The configuration of a run from the snapshot at `step` of run `run_id` on, with `changes`.

    Unless `changes` say otherwise it ends where its parent does, or trains as many steps again as
    lie before the snapshot, if that is longer.

    Raises
    ------
    ConfigError : naming the fields at fault.
    """
    steps = min(max(parent.schedule.steps, 2 * step), LAST_STEP)
    origin = {"parent.run": run_id, "parent.step": step}
    return parent.with_values({"schedule.steps": steps, **origin, **changes})


def _misfits(config: RunConfig, parent: Run) -> list[Problem]:
    """Why the weights of `parent` cannot be those of `config`, by field."""
    run_id, theirs = parent.run_id, parent.config
    if config.model != theirs.model:
        here, there = MODELS[config.model].label, MODELS[theirs.model].label
        return [Problem("model", f"is {here}, but run {run_id} is {there}")]
    own, other = config.values() | config.derived(), theirs.values() | theirs.derived()
    problems = [
        Problem(path, f"means {own[path]:,} {what}, but run {run_id} has {other[path]:,}")
        for path, what in _SIZES.items()
        if own.get(path) != other.get(path)
    ]
    path = "network.activation"
    if own.get(path) != other.get(path):
        problems.append(Problem(path, f"{own[path]!r}, but run {run_id} has {other[path]}"))
    return problems + [
        Problem(
            path,
            f"has no effect, because the weights are those of run {run_id}: "
            f"leave it at {other[path]}",
        )
        for path in _STARTS
        if own.get(path) != other.get(path)
    ]


def _nearest_in_words(steps: list[int], step: int) -> str:
    before = [known for known in steps if known < step][-1:]
    after = [known for known in steps if known > step][:1]
    nearest = [f"{known:,}" for known in (*before, *after)]
    if not nearest:
        return "It has none yet: wait for its first."
    return f"Its nearest snapshot{'s are' if len(nearest) > 1 else ' is'} at step " + (
        " and ".join(nearest) + "."
    )


def _cast(state: State, precision: str) -> State:
    """The same state with every array of real numbers in `precision`."""
    values = {field.name: getattr(state, field.name) for field in fields_of(state)}  # type: ignore[arg-type]
    cast = {
        name: _cast_value(value, precision)
        for name, value in values.items()
        if isinstance(value, np.ndarray | Mapping)
    }
    return replace(state, **cast)  # type: ignore[type-var]


def _cast_value(value: Any, precision: str) -> Any:
    if isinstance(value, Mapping):
        return {name: array.astype(precision) for name, array in value.items()}
    return value.astype(precision)


def _differing(parent: RunConfig, child: RunConfig) -> list[str]:
    """Fields that both have, with other values, in the order of forms.

    Precision counts where it was chosen: where it only follows from the rest, the rest says it.
    """
    here, there = child.values(), parent.values()
    shared = [spec.path for spec in fields(child.kinds()) if spec.path in there]
    differing = [path for path in shared if here[path] != there[path] and not path.startswith(_OWN)]
    chosen = child.precision != child.default_precision()
    return (
        [*differing, "precision"] if chosen and child.precision != parent.precision else differing
    )


def _change(path: str, parent: RunConfig, child: RunConfig) -> str:
    spec = next(spec for spec in fields(child.kinds()) if spec.path == path)
    old, new = (value_in_words(path, config.values()[path]) for config in (parent, child))
    return f"{in_sentence(spec.label)} {old} → {new}"


def value_in_words(path: str, value: Any) -> str:
    """The value of a field as readers are shown it: 'Gradient descent (SGD)', '1,000', '0.03'."""
    if path in ("task.kind", "rule.kind"):
        return str({**TASKS, **RULES}[value].label)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
