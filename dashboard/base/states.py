"""What a page shows instead of its content: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import urls


def message_panel(
    title: str, text: str = "", remedy: str = "", actions: Sequence[Any] | None = None
) -> html.Div:
    """A page-sized message: `title` says what happened, `remedy` what the reader can do.

    `actions` are links or buttons; without any there is one to the overview.
    """
    shown = actions if actions is not None else [link_button("Go to the overview", urls.OVERVIEW)]
    return html.Div(
        [
            html.H1(title, className="message-title"),
            *(html.P(part, className="message-text") for part in (text, remedy) if part),
            html.Div(list(shown), className="actions"),
        ],
        className="message",
        role="status",
    )


def link_button(text: str, href: str, *, primary: bool = False) -> dcc.Link:
    """A link within the dashboard that looks like a button."""
    return dcc.Link(text, href=href, className="button button-primary" if primary else "button")


def note(lines: Sequence[str], **properties: Any) -> dmc.Alert:
    """A quiet remark on top of a page that works all the same."""
    return dmc.Alert(
        [html.Div(line) for line in lines],
        color="yellow",
        variant="light",
        className="note",
        withCloseButton=True,
        closeButtonLabel="Close this note",
        **properties,
    )
