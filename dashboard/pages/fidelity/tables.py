"""The tables of the page: every verdict, and every run of a stratum with its published twin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import urls
from dashboard.base.panel import panel
from dashboard.pages.fidelity.reports import WORDS, number
from dashboard.urls import FidelityView
from simulation.fidelity.compare import Comparison
from simulation.fidelity.report import StratumReport
from simulation.fidelity.stratum import LOSS, METRICS, NORMALIZED_LOSS

VERDICTS_CAPTION = (
    "Published median → our median. “agrees”: ours lies within the middle half of the published "
    "values. “explained”: it does not, and the reason is known. “open”: it does not, and the "
    "reason is not. “unpublished”: nothing was published of this rule; on the left stands its "
    "nearest relative. Numbers are links to the distributions."
)
RUNS_CAPTION = (
    "Every published simulation that was run again, with its own value beside ours. The random "
    "numbers differ, so the two need not be equal; on average they should be."
)


def verdicts_table(reports: Sequence[StratumReport], view: FidelityView) -> html.Section:
    """One row a stratum, one column a quantity."""
    head = html.Tr([html.Th("Simulations"), *(html.Th(WORDS[name].name) for name in METRICS)])
    compared = [about for about in reports if not about.stratum.without_noise]
    rows = [_verdicts_row(about) for about in compared]
    rows += [_still_row(about) for about in reports if about not in compared]
    return panel(
        "All verdicts",
        _table(head, rows, f"All verdicts; now shown: {view.stratum}"),
        VERDICTS_CAPTION,
        style_name="fidelity-verdicts",
    )


def _verdicts_row(about: StratumReport) -> html.Tr:
    found = {NORMALIZED_LOSS if item.metric == LOSS else item.metric: item
             for item in about.comparisons}  # fmt: skip
    cells = [
        _cell(about, found[name])
        if name in found
        else html.Td("–", className="quiet", **_label(name))
        for name in METRICS
    ]
    return html.Tr([html.Th(about.stratum.title, scope="row"), *cells])


def _still_row(about: StratumReport) -> html.Tr:
    """The control, whose quantities are its own."""
    worst = next((item for item in about.comparisons if item.verdict != "agrees"), None)
    shown = worst or about.comparisons[0]
    link = html.A(shown.words, href=urls.fidelity_url(about.stratum.name, shown.metric))
    cell = html.Td([_verdict(shown), ": ", link], colSpan=len(METRICS))
    return html.Tr([html.Th(about.stratum.title, scope="row"), cell])


def _cell(about: StratumReport, found: Comparison) -> html.Td:
    published, ours = (
        number(found.metric, spread.median if spread else float("nan"))
        for spread in (found.published, found.ours)
    )
    numbers = html.Span(f"{published} → {ours}", className="fidelity-numbers")
    href = urls.fidelity_url(about.stratum.name, found.metric)
    return html.Td(html.A([_verdict(found), numbers], href=href), **_label(found.metric))


def _label(metric: str) -> dict[str, Any]:
    """The column's name beside its value, for windows too narrow for columns."""
    return {"data-label": WORDS[metric].name}


def _verdict(found: Comparison) -> html.Span:
    kind = found.verdict.value.replace(" ", "-")
    return html.Span(found.verdict.value, className=f"verdict verdict-{kind}")


def runs_table(about: StratumReport, view: FidelityView) -> html.Section:
    """One row a planned run."""
    head = [html.Th("Published row"), html.Th("Configuration")]
    head += [html.Th("Published"), html.Th("Ours")]
    return panel(
        f"Run by run: {WORDS[view.metric].name.lower()}",
        _table(
            html.Tr(head),
            [_run_row(about, index, view.metric) for index in about.runs.index],
            "Runs of this group",
        ),
        RUNS_CAPTION,
    )


def _run_row(about: StratumReport, index: int, metric: str) -> html.Tr:
    row, run = about.published.loc[index], about.runs.loc[index]
    published = number(metric, row[metric]) if metric in row.index else "–"
    return html.Tr(
        [
            html.Td(f"{index}"),
            html.Td(_configuration(row, about.stratum.without_noise)),
            html.Td(published),
            html.Td(_ours(run, metric)),
        ]
    )


def _ours(run: Any, metric: str) -> Any:
    if not run["status"]:
        return "not run yet"
    status = run["status"].replace("_", " ")
    value = number(metric, run[metric]) if status == "finished" else status
    return dcc.Link(value, href=urls.run_url(run["run_id"]), className="run-link")


def _configuration(row: Any, without_noise: bool) -> str:
    sizes = f"N={row['n_samples']} D={row['input_dim']} O={row['output_dim']}"
    noise = ""
    if without_noise:
        noise = ", noise off"
    elif row["update_noise_scale"]:
        noise = f", s={row['update_noise_scale']:.3g}"
    elif row["label_noise_scale"]:
        noise = f", label noise {row['label_noise_scale']:.3g}"
    return f"{row['task'].replace('_', ' ')}, {sizes}, {row['init']}{noise}"


def _table(head: html.Tr, rows: Sequence[html.Tr], label: str) -> html.Div:
    table = html.Table([html.Caption(label), html.Thead(head)])
    table.children.append(html.Tbody(list(rows)))
    return html.Div(table, className="fidelity-scroll", tabIndex="0")
