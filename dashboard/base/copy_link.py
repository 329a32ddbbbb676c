"""The button that copies the link of what one sees; `assets/js/base/copy_link.mjs` does it."""

from __future__ import annotations

from typing import Any

from dash import html

WORDS = "Copy link"


def copy_link() -> html.Button:
    """A button for the address as it is when it is clicked; it says that it is done."""
    mark: dict[str, Any] = {"data-copy-link": WORDS}
    return html.Button(WORDS, type="button", className="button", **mark)
