"""What a panel of the run page is: one object that knows everything but its place on the page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

import plotly.graph_objects as go
from dash import html, no_update

from dashboard.base.panel import absent, graph, panel, words_line
from dashboard.pages.run.look import Look


class About(NamedTuple):
    """What a panel is called, what its figure is called to a screen reader, how to read it."""

    title: str
    label: str
    caption: str


class Panel(ABC):
    """One panel.

    Attributes
    ----------
    id : of its figure; `words_id` is that of its line of words.
    redrawn_by, moved_by : keys of the view (or `snapshots`: there are more) after whose change
        `figure` draws it anew, or `moved` says what is different.
    speaks : whether its words change with it.
    grows : whether it is over training, and has new points while a run is in progress.
    choices : ids of its controls.
    clicked : what a click on it means: a `step` of the time axis, a `snapshot`, a unit by its `row`
        or its `point`; empty: nothing.
    cursor, height : see `dashboard.base.panel.graph`.
    """

    id: ClassVar[str]
    redrawn_by: ClassVar[frozenset[str]] = frozenset()
    moved_by: ClassVar[frozenset[str]] = frozenset()
    speaks: ClassVar[bool] = False
    grows: ClassVar[bool] = False
    choices: ClassVar[tuple[str, ...]] = ()
    clicked: ClassVar[str] = ""
    cursor: ClassVar[str] = ""
    height: ClassVar[str] = "curve"
    style_name: ClassVar[str] = ""

    @abstractmethod
    def about(self, look: Look) -> About:
        """Title, label and caption."""

    @abstractmethod
    def figure(self, look: Look) -> go.Figure:
        """The whole figure; asked for where nothing is `missing`."""

    def words(self, _: Look) -> Any:
        """What the figure shows, in words; None: no such line."""
        return None

    def missing(self, _: Look) -> str:
        """Why there is nothing to draw; empty where there is."""
        return ""

    def never(self, _: Look) -> bool:
        """Whether what is `missing` will never be there: it takes a line instead of a panel."""
        return False

    def controls(self, _: Look) -> list[Any]:
        """The components of `choices`."""
        return []

    def moved(self, _: Look) -> Any:
        """A patch of the figure, or all of it, where only `moved_by` has changed."""
        return no_update

    def grown(self, _: Look) -> Any:
        """A patch with the points that there are now."""
        return no_update

    @property
    def words_id(self) -> str:
        return f"{self.id}-words"

    @property
    def outputs(self) -> list[tuple[str, str]]:
        """(id, property) of what follows the view."""
        if not self.redrawn_by | self.moved_by:
            return []
        return [(self.id, "figure"), *([(self.words_id, "children")] if self.speaks else [])]

    def answer(self, look: Look, changed: set[str]) -> list[Any]:
        """A value for each of `outputs`, after these keys of the view have changed."""
        redrawn = changed & self.redrawn_by
        if not redrawn and not changed & self.moved_by:
            return self.unchanged()
        draw = self.figure if redrawn else self.moved
        figure = no_update if self.missing(look) else draw(look)
        return [figure, self.words(look)] if self.speaks else [figure]

    def unchanged(self) -> list[Any]:
        """The answer where nothing is different."""
        return [no_update] * len(self.outputs)

    def layout(self, look: Look) -> html.Section:
        """The panel as a page starts with it."""
        about, reason = self.about(look), self.missing(look)
        if self.never(look):
            said = html.P([html.Strong(f"{about.title}. "), reason], className="caption remark")
            return html.Section([said, self.placeholder()])
        return panel(
            about.title,
            absent(html.Div(id=self.id), reason=reason, height=self.height)
            if reason
            else self._graph(look, about.label),
            about.caption,
            controls=self.controls(look),
            words=self._words_line(look),
            style_name=self.style_name,
        )

    def placeholder(self) -> html.Div:
        """In place of the panel: callbacks find what they address."""
        names = [self.id, *([self.words_id] if self.speaks else []), *self.choices]
        return html.Div([html.Div(id=name) for name in names], hidden=True)

    def _graph(self, look: Look, label: str) -> html.Div:
        figure = self.figure(look)
        return graph(self.id, figure, label=label, height=self.height, cursor=self.cursor)

    def _words_line(self, look: Look) -> html.P | None:
        words = self.words(look)
        if self.speaks:
            return words_line(self.words_id, words)
        return None if words is None else html.P(words, className="words")
