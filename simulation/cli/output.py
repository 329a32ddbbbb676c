"""What the commands print: for people, or one JSON object for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulation.archive import Archive, Run
from simulation.archive.runs_columns import PROVENANCE_COLUMNS, SUMMARY_COLUMNS
from simulation.archive.schema import RUNS
from simulation.cli.formats import print_json, short
from simulation.cli.lineage import describe_lineage, print_lineage
from simulation.models import model_of
from simulation.models.activations import ACTIVATIONS

if TYPE_CHECKING:
    from simulation.recipes import Recipe

_FOR_DRAWING = {name for name in RUNS.schema().names if name.startswith("fit_")} | {"phases_rule"}
_SUMMARY = [*(column.name for column in SUMMARY_COLUMNS), "wall_seconds", "engine"]


def describe(run: Run, archive: Archive) -> dict[str, Any]:
    """A run as one JSON object; what is unknown is null, with its reason in `reasons`."""
    record = run.record
    summary = {name: record.get(name) for name in _SUMMARY}
    reasons = run.reasons
    if "reasons_json" not in record:
        unknown = (name for name, value in summary.items() if value is None)
        reasons = dict.fromkeys(unknown, "the run has not been archived yet")
    return {
        "run_id": run.run_id,
        "status": run.status.value,
        "status_reason": record.get("status_reason") or run.status.words,
        "name": run.name,
        "collection": run.collection,
        "created_at": record["created_at"],
        "finished_at": record.get("finished_at"),
        "steps_reached": record.get("steps_reached"),
        "config": run.config.values(),
        "derived": run.config.derived() | {"parameter_count": run.config.parameter_count},
        "lineage": describe_lineage(run, archive),
        "summary": summary,
        "reasons": reasons,
        "provenance": {column.name: record.get(column.name) for column in PROVENANCE_COLUMNS},
    }


def print_run(run: Run, archive: Archive, *, as_json: bool) -> None:
    """One run, complete; `archive` is where its relatives are."""
    about = describe(run, archive)
    if as_json:
        print_json(about)
        return
    print(f"run {run.run_id}  {about['status']}: {about['status_reason']}")
    print(f"{run.name or '(no name)'}, collection {run.collection}")
    print(run.config.in_words())
    print(f"active: {ACTIVATIONS[model_of(run.config).activation].active_words}")
    print_lineage(about["lineage"])
    if progress := run.progress:
        print(f"step {progress.step:,} of {progress.steps:,}")
    shown = {name: value for name, value in about["summary"].items() if name not in _FOR_DRAWING}
    _print_known(shown)
    _print_unknown({name: why for name, why in about["reasons"].items() if name in shown})
    _print_known(about["provenance"])


def _print_known(values: Mapping[str, Any]) -> None:
    width = max(map(len, values))
    print()
    for name, value in values.items():
        if value is not None:
            print(f"  {name:<{width}}  {short(value)}")


def _print_unknown(reasons: Mapping[str, str]) -> None:
    """Each reason once, with everything that is unknown for it."""
    names: dict[str, list[str]] = {}
    for name, why in reasons.items():
        names.setdefault(why, []).append(name)
    for why, unknown in names.items():
        print(f"  unknown, because {why}: {', '.join(unknown)}")


def print_recipes(recipes: Sequence[Recipe], *, as_json: bool) -> None:
    """Every recipe, with what it shows and what it runs."""
    if as_json:
        described = {
            item.name: {
                "title": item.title,
                "figure": item.figure,
                "description": item.description,
                "run_id": item.config.run_id,
                "config": item.config.values(),
            }
            for item in recipes
        }
        print_json({"recipes": described})
        return
    for item in recipes:
        print(f"{item.name}: {item.title} ({item.figure}, run {item.config.run_id})")
        print(f"  {item.description}")
        print(f"  {item.config.in_words()}\n")
