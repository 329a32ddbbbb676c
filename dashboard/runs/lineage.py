"""Where a run comes from and what was made of it, with links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.urls import RunView
from simulation.archive import Run
from simulation.config import RunConfig
from simulation.running.lineage import changes_in_words, continues

IN_SIGHT = 4
"""Children beyond this many are folded away."""


def lineage(run: Run, parent: Run | None, children: Sequence[Run]) -> list[html.Div]:
    """The parent and the children of a run; nothing without relatives."""
    lines: list[Any] = []
    if run.config.parent.run:
        both: list[Any] = [" ", _compare("Compare the two", [parent, run])] if parent else []
        lines.append(html.P([*origin(run.config, parent), *both], className="lineage-line"))
    if children:
        lines.append(_children(run, children))
    return [html.Div(lines, className="lineage")] if lines else []


def origin(config: RunConfig, parent: Run | None) -> list[Any]:
    """What `config` starts from and what it does differently, as a sentence with a link."""
    run_id, step = config.parent.run, config.parent.step
    if parent is None:
        where = f" at its step {step:,}. That run is not in this archive."
        return ["Starts from run ", html.Code(run_id), where]
    link = dcc.Link(_name(parent), href=urls.run_url(run_id, RunView(t=step)))
    if continues(parent.config, config):
        return ["Continues ", link, f" from its step {step:,} on, unchanged."]
    changes = ", ".join(changes_in_words(parent.config, config))
    return ["Forked from ", link, f" at its step {step:,}: ", html.Strong(changes), "."]


def _children(run: Run, children: Sequence[Run]) -> html.Div:
    lines = [_child(run, child) for child in children]
    count = len(lines)
    what = "run starts" if count == 1 else "runs start"
    parts: list[Any] = [
        html.P(
            [f"{count:,} {what} from here. ", _compare("Compare with this run", [run, *children])],
            className="lineage-line",
        ),
        html.Ul(lines[:IN_SIGHT]),
    ]
    if count > IN_SIGHT:
        rest = html.Summary(f"{count - IN_SIGHT:,} more")
        parts.append(html.Details([rest, html.Ul(lines[IN_SIGHT:])]))
    return html.Div(parts)


def _child(run: Run, child: Run) -> html.Li:
    step = child.config.parent.step
    changes = ", ".join(changes_in_words(run.config, child.config)) or "continued, unchanged"
    standing = "" if child.status.settled else f" ({child.status.value.replace('_', ' ')})"
    link = dcc.Link(_name(child), href=urls.run_url(child.run_id))
    return html.Li([link, html.Span(f"step {step:,}: {changes}{standing}", className="quiet")])


def _compare(text: str, runs: Sequence[Run]) -> dcc.Link:
    return dcc.Link(text, href=urls.compare_url([one.run_id for one in runs[: urls.MOST_RUNS]]))


def _name(run: Run) -> str:
    return run.name or f"Run {run.run_id}"
