"""/: what this is, one picture that can be moved, and the runs there are."""

from __future__ import annotations

from functools import partial
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.states import link_button
from dashboard.pages.overview.hero import hero
from dashboard.pages.overview.hero_frames import pick_run
from dashboard.runs.card import COLUMNS, run_card, running_card
from dashboard.runs.store import RunStore
from dashboard.services import Services
from dashboard.sweeps.card import plan_of, sweep_card
from dashboard.sweeps.table import SweepStore
from simulation.archive import Archive, Run
from simulation.archive.reader import config_of

LEAD = (
    "A network that has learned a task and keeps training under noise does not stand still. "
    "Its performance stays the same, yet units fall silent, the survivors become more "
    "informative, and long after that their tuning goes on wandering: representational drift. "
    "Driftscape simulates such runs, keeps everything they went through, and lets you move "
    "through it, one moment at a time."
)
SWEEPS = "Many runs that differ in a few settings on purpose, to be plotted against each other."
COLLECTIONS = {
    "paper": ("Shipped runs", "The paper's models and their controls, ready to be opened."),
    "live": ("Recent live runs", "Launched from this dashboard, newest first."),
    "runs": ("Runs from the command line", "Newest first."),
}
SHIPPED, COMPARED = "paper", "fidelity"
"""Collections that are shown whole, and on a page of their own."""
MOST_CARDS = 9
BEYOND = (
    (
        "Published and ours",
        "The paper's own table of simulations beside a sample of them run again here, with a "
        "verdict for every measure.",
        urls.FIDELITY,
    ),
    (
        "Toy landscape",
        "The simplest loss with a valley: click anywhere, add noise, and see why drift has a "
        "direction.",
        urls.LANDSCAPE,
    ),
)


def register(app: Dash, services: Services) -> None:
    """Register the page and the callbacks of its picture, which all live in the browser."""
    store = RunStore(services.archive)

    def layout(**_: Any) -> html.Div:
        return page_layout(store, services.sweeps)

    dash.register_page("overview", path=urls.OVERVIEW, title="Driftscape", layout=layout)
    _register_browser(app)


def page_layout(store: RunStore, sweeps: SweepStore) -> html.Div:
    """The page, with the runs there are now."""
    running = store.archive.running()
    counts = {name: count for name, count in store.archive.counts().items() if count}
    planned = [name for name in counts if plan_of(sweeps, name)[0]]
    others = {name: count for name, count in counts.items() if name not in planned}
    return html.Div(
        [
            _introduction(),
            *_picture(store),
            *_running(running),
            *_sweeps(sweeps, {name: counts[name] for name in planned}),
            *_collections(store.archive, others),
            _beyond(),
            *([] if counts or running else [_empty()]),
        ],
        className="overview",
    )


def _introduction() -> html.Div:
    return html.Div(
        [
            html.H1("What happens to tuning after learning is over"),
            html.Div(
                [
                    html.P(LEAD, className="lead"),
                    html.Div(
                        [link_button("Launch a live run", urls.LIVE, primary=True)],
                        className="actions",
                    ),
                ],
                className="introduction-text",
            ),
        ],
        className="introduction",
    )


def _picture(store: RunStore) -> list[Any]:
    run = pick_run(store)
    return [hero(store, run)] if run else []


def _running(runs: list[Run]) -> list[Any]:
    if not runs:
        return []
    cards = [running_card(run) for run in runs[:MOST_CARDS]]
    return [_section("Running now", "Open one to watch it.", cards)]


def _sweeps(store: SweepStore, counts: dict[str, int]) -> list[Any]:
    """A card for each collection that was made from a plan."""
    cards = [sweep_card(store, name, count) for name, count in counts.items()]
    return [_section("Sweeps", SWEEPS, cards)] if cards else []


def _collections(archive: Archive, counts: dict[str, int]) -> list[Any]:
    names = [*COLLECTIONS, *sorted(set(counts) - {*COLLECTIONS, COMPARED})]
    sections = []
    for name in (name for name in names if name in counts):
        title, text = COLLECTIONS.get(name, (name, ""))
        shown = archive.runs(COLUMNS, name, newest=None if name == SHIPPED else MOST_CARDS)
        rows = shown.to_dict("records")[:: 1 if name == SHIPPED else -1]
        if counts[name] > len(rows):
            text += f" {len(rows)} of {counts[name]:,}."
        cards = [run_card(row, config_of(row["config_json"])) for row in rows]
        sections.append(_section(title, text, cards))
    return sections


def _beyond() -> html.Section:
    links = [
        dcc.Link([html.Strong(title), html.Span(text)], href=href, className="preset")
        for title, text, href in BEYOND
    ]
    return _section("Beyond single runs", "", links)


def _section(title: str, text: str, cards: list[Any]) -> html.Section:
    return html.Section(
        [
            html.Div([html.H2(title), html.P(text, className="quiet")], className="section-head"),
            html.Div(cards, className="cards"),
        ]
    )


def _empty() -> html.Section:
    return html.Section(
        [
            html.H2("No runs here yet"),
            html.P(
                "This archive is empty. Launch a run and watch it, or make one in a terminal:",
                className="quiet",
            ),
            html.Pre(html.Code("python -m simulation run --recipe figure2")),
            html.Div(
                [link_button("Launch a live run", urls.LIVE, primary=True)], className="actions"
            ),
        ],
        className="panel empty",
    )


def _register_browser(app: Dash) -> None:
    function = partial(ClientsideFunction, "hero")

    frames = State(ids.HERO_FRAMES, "data")
    slider = Output(ids.HERO_SLIDER, "value", allow_duplicate=True)
    app.clientside_callback(
        function("show"),
        Output(ids.HERO_MOMENT, "children"),
        Input(ids.HERO_SLIDER, "value"),
        frames,
    )
    app.clientside_callback(
        function("advance"),
        slider,
        Input(ids.HERO_TICK, "n_intervals"),
        State(ids.HERO_SLIDER, "value"),
        frames,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("jump"),
        slider,
        Input(ids.HERO_CURVES, "clickData"),
        frames,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("play"),
        Output(ids.HERO_TICK, "disabled"),
        Input(ids.HERO_PLAY, "n_clicks"),
        State(ids.HERO_TICK, "disabled"),
        State(ids.HERO_SLIDER, "value"),
        frames,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        function("show_playing"),
        Output(ids.HERO_PLAY, "children"),
        Input(ids.HERO_TICK, "disabled"),
    )
