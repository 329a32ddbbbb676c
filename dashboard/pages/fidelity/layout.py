"""The page: choose a stratum and a quantity, see both distributions; all verdicts; all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base import ids
from dashboard.base.aria import aria
from dashboard.base.copy_link import copy_link
from dashboard.base.empty import empty_figure
from dashboard.base.panel import absent, graph, panel, words_line
from dashboard.base.states import note
from dashboard.pages.fidelity import sentences
from dashboard.pages.fidelity.figures import strips_figure, sweep_figure
from dashboard.pages.fidelity.reports import WORDS, of_name
from dashboard.pages.fidelity.tables import runs_table, verdicts_table
from dashboard.urls import FidelityView
from simulation.analysis.published_table import SOURCE
from simulation.fidelity.report import StratumReport

LEAD = (
    "The paper comes with a table of its simulations. Here a sample of them is run again with "
    "this software, from the same configurations and other random numbers, and both are "
    "measured in the same way. If the code does what the paper did, the two distributions agree."
)
STRIPS_CAPTION = (
    " Each point is a simulation; the box holds the middle half of each group, the heavy line is "
    "the median. A click on one of ours opens its run; the table below has the links too."
)
SWEEP_CAPTION = (
    "Noise in the update pushes the weights towards flatter places, at a speed that grows with "
    "the variance of the noise (Blanc et al. 2020). So the rate should grow as the square of s: "
    "a straight line of slope 2 on these axes (dotted). Runs that end before their units have "
    "fallen silent flatten the fitted line at weak noise."
)


def page_layout(reports: Sequence[StratumReport], query: Mapping[str, Any]) -> html.Div:
    """The page for a link's query."""
    choices = {about.stratum.name: about.stratum.metrics for about in reports}
    view, notes = urls.read_fidelity_view(query, choices)
    about = of_name(reports, view.stratum)
    return html.Div(
        [
            html.Div(
                [html.H1("Do the published numbers come out?"), copy_link()],
                className="page-title",
            ),
            html.P(LEAD, className="lead"),
            *([note(notes, title="Not everything in the link could be used")] if notes else []),
            *([] if any(item.finished for item in reports) else [_nothing_yet()]),
            html.Div(
                [_strata(reports, view), _comparison(about, view)], className="fidelity-columns"
            ),
            verdicts_table(reports, view),
            _sweep(reports, about),
            runs_table(about, view),
            _credit(),
            dcc.Location(id=ids.FIDELITY_GO, refresh="callback-nav"),
        ],
        className="fidelity",
    )


def _nothing_yet() -> html.Section:
    return html.Section(
        [
            html.H2("None of these simulations is in this archive yet"),
            html.P(
                "What was published is drawn below. This command runs the sample and puts it "
                "beside; it can be stopped and goes on where it was:",
                className="quiet",
            ),
            html.Pre(html.Code("python -m simulation fidelity")),
        ],
        className="panel empty",
    )


def _strata(reports: Sequence[StratumReport], view: FidelityView) -> html.Nav:
    links = []
    for about in reports:
        stratum = about.stratum
        metric = view.metric if view.metric in stratum.metrics else stratum.metrics[0]
        links.append(
            html.A(
                [stratum.title, html.Small(sentences.tally(about))],
                href=urls.fidelity_url(stratum.name, metric),
                **_current(stratum.name == view.stratum),
            )
        )
    return html.Nav(links, className="fidelity-strata", **aria(label="Groups of simulations"))


def _comparison(about: StratumReport, view: FidelityView) -> html.Section:
    stratum, words = about.stratum, WORDS[view.metric]
    comparison = next(item for item in about.comparisons if item.metric == view.metric)
    metrics = html.Nav(
        [
            html.A(
                WORDS[name].name,
                href=urls.fidelity_url(stratum.name, name),
                **_current(name == view.metric),
            )
            for name in stratum.metrics
        ],
        className="fidelity-metrics",
        **aria(label="Quantities"),
    )
    label = f"{words.name}: published simulations and ours, {stratum.title}"
    frame = graph(
        ids.FIDELITY_STRIPS, strips_figure(about, view.metric), label=label, height="strips"
    )
    if comparison.published is None and comparison.ours is None:
        hidden = graph(ids.FIDELITY_STRIPS, empty_figure(""), label="")
        reason = "There is nothing to draw yet: nothing was published, and no run is here."
        frame = absent(hidden, reason=reason, height="strips")
    body = html.Div([html.P(stratum.about, className="caption"), metrics, frame])
    return panel(
        stratum.title,
        body,
        words.about + STRIPS_CAPTION,
        words=words_line(ids.FIDELITY_WORDS, sentences.comparison(about, comparison)),
        style_name="fidelity-detail",
    )


def _current(here: bool) -> dict[str, Any]:
    return aria(current="true") if here else {}


def _sweep(reports: Sequence[StratumReport], chosen: StratumReport) -> html.Section:
    sweeps = [about for about in reports if about.exponents]
    about = chosen if chosen.exponents else sweeps[0]
    return panel(
        "How the rate grows with the noise",
        graph(
            ids.FIDELITY_SWEEP,
            sweep_figure(about),
            label="Rate of falling silent against update noise",
            height="square",
        ),
        SWEEP_CAPTION,
        words=words_line(ids.FIDELITY_SWEEP_WORDS, sentences.exponents(about)),
    )


def _credit() -> html.P:
    return html.P(
        [
            "Published simulations: ",
            html.A("DriftReg", href=SOURCE, rel="noopener"),
            ", the code and tables of Ratzon, Derdikman & Barak (eLife 12:RP90069), Apache "
            "License 2.0. Left out there, and here: runs in which every unit fell silent or the "
            "loss exceeded 10. Smoothed autoencoders are not compared: the width of the filter "
            "that smoothed them is not a field of ours.",
        ],
        className="quiet",
    )
