"""A sweep at a glance: its first view as a small drawing of points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.base.evenly import evenly
from dashboard.sweeps.colouring import Classes, colouring
from dashboard.sweeps.colours import PALETTE, colour_of
from dashboard.sweeps.scene import positions
from dashboard.sweeps.selection import finished
from dashboard.sweeps.table import SweepTable
from dashboard.urls import SweepView

WIDTH, HEIGHT, PAD = 300, 100, 5
MOST_POINTS = 400


def sweep_picture(table: SweepTable, view: SweepView) -> str:
    """Finished runs as points on the axes of `view`, coloured as there, as SVG text.

    Of more than 400, an even sample.
    """
    across, up = (
        _seen(positions(table, name), scale)
        for name, scale in ((view.x, view.xscale), (view.y, view.yscale))
    )
    rows = np.flatnonzero(finished(table) & np.isfinite(across) & np.isfinite(up))
    rows = rows[evenly(len(rows), MOST_POINTS)]
    x = PAD + _stretched(across[rows]) * (WIDTH - 2 * PAD)
    y = HEIGHT - PAD - _stretched(up[rows]) * (HEIGHT - 2 * PAD)
    colour = colouring(table, view.colour)
    paths = []
    if isinstance(colour, Classes):
        for name, mask in colour.masks():
            paths.append(_points(x[mask[rows]], y[mask[rows]], colour_of(colour, name)))
    else:
        paths.append(_points(x, y, PALETTE[0]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" '
        f'stroke-width="4" stroke-linecap="round" stroke-opacity="0.75">{"".join(paths)}</svg>'
    )


def _seen(values: NDArray[np.float64], scale: str) -> NDArray[np.float64]:
    if scale != "log":
        return values
    return np.log10(values, out=np.full(len(values), np.nan), where=values > 0)


def _stretched(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values stretched to 0 to 1; equal ones in the middle."""
    if not len(values) or values.max() == values.min():
        return np.full(len(values), 0.5)
    stretched: NDArray[np.float64] = (values - values.min()) / np.ptp(values)
    return stretched


def _points(x: NDArray[np.float64], y: NDArray[np.float64], colour: str) -> str:
    """Each point is a line of no length with round ends."""
    dots = "".join(f"M{left:.1f} {top:.1f}h0" for left, top in zip(x, y, strict=True))
    return f'<path d="{dots}" stroke="{colour}"/>' if dots else ""
