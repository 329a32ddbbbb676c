"""The part of a sweep's link that says which of the paper's figures is shown, and how.

    curves:units,log,raw,rule-kind

Dots of column names are written as hyphens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True)
class FigureView:
    """Which figure, and how its curves are drawn.

    Attributes
    ----------
    figure : curves, noise, kinds or eigenvalues.
    quantity : of the curves; time: their axis, `log` or `share` (of the run).
    start : the curves as they are (`raw`) or over their first value (`ratio`).
    by : column that they are broken down by; empty: none.
    """

    figure: str = "curves"
    quantity: str = "units"
    time: str = "log"
    start: str = "raw"
    by: str = ""


def figure_text(view: FigureView) -> str:
    """How a link says it; empty: the standard view."""
    if view == FigureView():
        return ""
    figure, *rest = astuple(view)
    if view.figure != "curves":
        return str(figure)
    return f"{figure}:{','.join(rest)}".replace(".", "-")


def read_figure(text: str, choices: Mapping[str, Sequence[str]]) -> FigureView:
    """The figure that a link asks for; what it cannot mean here is as in the standard view.

    `choices`: what each field can be.
    """
    figure, _, rest = text.partition(":")
    given = [figure, *(part.replace("-", ".") for part in rest.split(","))]
    names = [field.name for field in fields(FigureView)]
    chosen = {
        name: part
        for name, part in zip(names, given, strict=False)
        if part and part in choices[name]
    }
    return FigureView(**chosen)
