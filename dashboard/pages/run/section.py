"""What a section of the run page is: a heading over a few panels, or why it is not there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from dash import html

from dashboard.pages.run.look import Look
from dashboard.pages.run.panel import Panel


class Section(ABC):
    """A section of the page with these panels, in order."""

    def __init__(self, *panels: Panel) -> None:
        self.panels = panels

    @abstractmethod
    def head(self, look: Look) -> list[Any]:
        """What stands above the panels."""

    def applies(self, _: Look) -> bool:
        """Whether the run has anything to show here."""
        return True

    def remark(self, _: Look) -> list[Any]:
        """What is said in its place where it does not apply."""
        return []

    def arranged(self, look: Look) -> list[Any]:
        """The panels side by side; those that never have anything to show in a line each."""
        cards = [panel for panel in self.panels if not panel.never(look)]
        lines = [panel for panel in self.panels if panel.never(look)]
        grid = html.Div(
            [panel.layout(look) for panel in cards], className=f"grid grid-{len(cards)}"
        )
        return [grid, *(panel.layout(look) for panel in lines)]

    def layout(self, look: Look) -> html.Section | html.Div:
        """The section as a page starts with it."""
        if self.applies(look):
            return html.Section([*self.head(look), *self.arranged(look)])
        placeholders = html.Div([panel.placeholder() for panel in self.panels], hidden=True)
        remark = self.remark(look)
        return html.Section([*remark, placeholders]) if remark else placeholders

    def answer(self, look: Look, changed: set[str]) -> list[Any]:
        """A value for each output of its panels."""
        applies = self.applies(look)
        answers = (
            panel.answer(look, changed) if applies else panel.unchanged() for panel in self.panels
        )
        return [value for values in answers for value in values]

    def standing(self, look: Look) -> list[bool]:
        """Which panels have something to draw; the page is laid out anew when this changes."""
        applies = self.applies(look)
        return [applies and not panel.missing(look) for panel in self.panels]
