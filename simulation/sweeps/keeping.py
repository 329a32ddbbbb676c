"""The plan of a collection, kept beside its runs: `<collection>/plan.toml`."""

from __future__ import annotations

from dataclasses import replace

from simulation.archive import Archive
from simulation.archive.store import Place
from simulation.errors import ArchiveError, ConfigError
from simulation.sweeps.plan import Plan
from simulation.sweeps.reading import parse_plan

_NAME = "plan.toml"


def kept_plan(archive: Archive, collection: str) -> Plan | None:
    """The plan that the runs of a collection were made from; None where no sweep made them.

    Raises
    ------
    ArchiveError : there is one, but it cannot be read.
    """
    place = _place(archive, collection)
    try:
        plan = parse_plan(place.read().decode())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, ConfigError) as error:
        raise ArchiveError(
            f"{place} cannot be read: {error}",
            subject=str(place),
            remedy="Restore it from a copy, or delete it and run the sweep's plan again.",
        ) from None
    return replace(plan, collection=collection)


def keep_plan(archive: Archive, collection: str, plan: Plan) -> None:
    """Keep `plan` with its collection, in place of one that it contains.

    A collection has one plan, which says of each run why it is there: so a plan may grow, or be
    reworded, but not give way to another.

    Raises
    ------
    ArchiveError : a plan is kept there with runs that this one lacks.
    """
    kept = kept_plan(archive, collection)
    if kept is not None:
        if kept.text == plan.text:
            return
        ours = {config.run_id for config in plan.configs()}
        lost = sum(config.run_id not in ours for config in kept.configs())
        if lost:
            raise ArchiveError(
                f"Collection {collection} holds the sweep '{kept.title}', and this plan lacks "
                f"{lost:,} of its runs.",
                subject=collection,
                remedy="Choose another folder with --collection, or a plan that adds to that one.",
            )
    with _place(archive, collection).write() as file:
        file.write(plan.text.encode())


def _place(archive: Archive, collection: str) -> Place:
    return archive.root / collection / _NAME
