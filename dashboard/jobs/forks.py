"""What can be tried from a moment of a run with one click, and the links that fill in the form."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from dashboard import urls
from dashboard.jobs.limits import lowered
from dashboard.settings import Settings
from simulation.archive import Run
from simulation.config import RunConfig
from simulation.models import model_of
from simulation.running.lineage import LAST_STEP, changes_in_words, fork

NAME_LENGTH = 80


@dataclass(frozen=True)
class Fork:
    """A run that starts from one snapshot of another.

    Attributes
    ----------
    key : names it among those of a moment.
    title : what it does, in a few words.
    changes : what differs from the parent, in words; empty: it merely goes on.
    link : to the form of a live run, filled in with it.
    """

    key: str
    title: str
    config: RunConfig
    changes: str
    link: str


def forks_of(run: Run, step: int, settings: Settings) -> list[Fork]:
    """What is offered at the snapshot at `step` of `run`, recorded as this site allows."""
    if step >= LAST_STEP:
        return []
    return [
        _fork(run, step, settings, key, title, changes)
        for key, title, changes in [*_offers(run.config), _longer(run, step)]
    ]


def free_link(run: Run, step: int, settings: Settings) -> str:
    """The link to the form with a fork in which nothing has been changed yet."""
    return _fork(run, step, settings, "free", "", {}).link


def run_title(fork: Fork, run: Run) -> str:
    """What a launched fork is called."""
    text = f"{fork.title} from step {fork.config.parent.step:,} of {run.name or run.run_id}"
    return textwrap.shorten(text, NAME_LENGTH, placeholder="…")


def _fork(
    run: Run, step: int, settings: Settings, key: str, title: str, changes: dict[str, Any]
) -> Fork:
    asked = fork(run.config, run.run_id, step, changes)
    less = lowered(asked, settings)
    config = asked.with_values(less)
    link = urls.fork_url(
        run.run_id, step, changes | less | {"schedule.steps": config.schedule.steps}
    )
    return Fork(key, title, config, ", ".join(changes_in_words(run.config, config)), link)


def _longer(run: Run, step: int) -> tuple[str, str, dict[str, Any]]:
    """Going on: to twice the length of a run that has ended as it would, else to its end."""
    planned = run.config.schedule.steps
    goes_on = run.status.in_progress or run.status.settled or step >= planned
    steps = min(2 * planned, LAST_STEP) if goes_on else planned
    return "longer", "Continue", {"schedule.steps": steps}


def _offers(config: RunConfig) -> list[tuple[str, str, dict[str, Any]]]:
    """(key, title, changes) of every change of noise that makes sense for this run."""
    model, values = model_of(config), config.values()
    on = {path: values[path] for path in model.noise_fields if values[path]}
    offers = []
    if on:
        offers += [
            ("off", "Noise off", dict.fromkeys(on, 0)),
            ("half", "Half the noise", {path: scale / 2 for path, scale in on.items()}),
        ]
    silence, instead = dict.fromkeys(on, 0), "instead" if on else "on"
    return offers + [
        (noise.key, f"{noise.title} {instead}", silence | noise.strengths)
        for noise in model.noise_offers
        if not on.keys() & noise.strengths
    ]
