"""Where a run comes from and what was made of it, for `show`."""

from __future__ import annotations

from typing import Any

from simulation.archive import Archive, Run
from simulation.config import RunConfig
from simulation.errors import UnknownRun
from simulation.running.lineage import changes_in_words, continues


def describe_lineage(run: Run, archive: Archive) -> dict[str, Any]:
    """The parent (null without one) and the children of a run; `changes` are the child's."""
    return {"parent": _parent(run, archive), "children": _children(run, archive)}


def print_lineage(lineage: dict[str, Any]) -> None:
    """The same in lines; none without relatives."""
    if parent := lineage["parent"]:
        relation = "continues" if parent["continues"] else "starts from"
        here = "" if parent["name"] is not None else ", which is not in this archive"
        print(f"{relation} run {parent['run_id']} at its step {parent['step']:,}{here}")
        _print_changes(parent)
    for child in lineage["children"]:
        relation = "continued" if child["continues"] else "forked"
        print(f"{relation} at step {child['step']:,} by run {child['run_id']} ({child['status']})")
        _print_changes(child)


def _print_changes(relative: dict[str, Any]) -> None:
    for change in relative["changes"] or ():
        print(f"  {change}")


def _parent(run: Run, archive: Archive) -> dict[str, Any] | None:
    """What is known of the parent: only its id and step where it is not in this archive."""
    origin = run.config.parent
    if not origin.run:
        return None
    about = {"run_id": origin.run, "step": origin.step}
    try:
        parent = archive.open_run(origin.run)
    except UnknownRun:
        return about | {"name": None, "status": None, "continues": None, "changes": None}
    return about | _relation(parent, parent.config, run.config)


def _children(run: Run, archive: Archive) -> list[dict[str, Any]]:
    return [
        {"run_id": child.run_id, "step": child.config.parent.step}
        | _relation(child, run.config, child.config)
        for child in archive.children(run.run_id)
    ]


def _relation(relative: Run, parent: RunConfig, child: RunConfig) -> dict[str, Any]:
    return {
        "name": relative.name,
        "status": relative.status.value,
        "continues": continues(parent, child),
        "changes": changes_in_words(parent, child),
    }
