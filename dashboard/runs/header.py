"""Who a run is: name, configuration, how it ended, where it came from, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls
from dashboard.base import words
from dashboard.base.copy_link import copy_link
from simulation.archive import Run, Status

_COLOURS = {
    Status.FINISHED: "teal",
    Status.QUEUED: "gray",
    Status.RUNNING: "blue",
    Status.DIVERGED: "red",
    Status.INTERRUPTED: "red",
}


def run_header(run: Run, lineage: Sequence[Any] = ()) -> html.Header:
    """The head of a run page; `lineage` is what it says of the run's relatives."""
    return html.Header(
        [
            html.Div(
                [
                    html.H1(run_name(run.name, run.run_id), className="run-name"),
                    status_badge(run.status),
                ],
                className="run-title",
            ),
            html.P(run.config.in_words(), className="run-words"),
            *([] if run.status.in_progress else [html.P(_ending(run), className="run-ending")]),
            *lineage,
            html.Div(_actions(run), className="actions"),
            _provenance(run),
        ],
        className="run-header",
    )


def run_name(name: str, run_id: str) -> str:
    """What a run is called: its name, or its id."""
    return name or f"Run {run_id}"


def status_badge(status: Status) -> dmc.Badge:
    """The status in a word, coloured."""
    return dmc.Badge(
        status.value.replace("_", " "),
        color=_COLOURS.get(status, "yellow"),
        variant="light",
        className="status",
    )


def _ending(run: Run) -> str:
    return str(run.record.get("status_reason") or run.status.words)


def _actions(run: Run) -> list[Any]:
    compare = dcc.Link("Compare", href=urls.compare_url([run.run_id]), className="button")
    change = dcc.Link(
        "Change something and run it live", href=urls.live_url(run.run_id), className="button"
    )
    if run.status.in_progress:
        return [copy_link(), compare, change]
    download = html.A("Download", href=urls.download_url(run.run_id), className="button")
    return [copy_link(), compare, download, change]


def _provenance(run: Run) -> html.Details:
    record = run.record
    return html.Details(
        [
            html.Summary("Provenance"),
            html.Dl(
                [
                    part
                    for name, value in _facts(run.run_id, record)
                    if value
                    for part in (html.Dt(name), html.Dd(value))
                ]
            ),
        ],
        className="provenance",
    )


def _facts(run_id: str, record: dict[str, Any]) -> list[tuple[str, Any]]:
    seconds = record.get("wall_seconds")
    libraries = [
        f"{name} {record[key]}"
        for key, name in (
            ("package_version", "Driftscape"),
            ("python_version", "Python"),
            ("numpy_version", "NumPy"),
            ("numba_version", "Numba"),
            ("torch_version", "PyTorch"),
        )
        if record.get(key)
    ]
    return [
        ("Run id", html.Code(run_id)),
        ("Collection", record.get("collection")),
        ("Asked for", record.get("created_at")),
        ("Archived", record.get("finished_at")),
        ("Computed in", words.duration(seconds) if seconds else None),
        ("Engine", " ".join(filter(None, map(record.get, ("engine", "engine_version"))))),
        ("Software", ", ".join(libraries)),
        ("Machine", ", ".join(filter(None, map(record.get, ("platform", "cpu"))))),
        ("Configuration", html.Code(record.get("config_json"), className="config")),
    ]
