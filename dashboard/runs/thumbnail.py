"""A run's curves at a glance: a small drawing that follows light and dark by itself."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.base.theme import BLUE, VERMILLION

WIDTH, HEIGHT, PAD = 240, 72, 4


def thumbnail_svg(
    steps: Sequence[int], loss: Sequence[float], active_units: Sequence[float]
) -> str:
    """Loss and share of active units over log time, each over its own height, as SVG text.

    Time counts from the first of `steps`.
    """
    x = _log_place(steps)
    lines = [
        _line(x, _between(loss), BLUE),
        _line(x, np.asarray(active_units, float), VERMILLION),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="none" fill="none" stroke-width="1.8" stroke-linejoin="round">'
        f"{''.join(lines)}</svg>"
    )


def as_image(svg: str) -> str:
    """SVG text as the source of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _log_place(steps: Sequence[int]) -> NDArray[np.float64]:
    """Steps on a log axis from 0 to 1; the first step at the left end."""
    values = np.asarray(steps, float) - (steps[0] if len(steps) else 0)
    positive = values[values > 0]
    if not len(positive):
        return np.zeros(len(values))
    zero = positive.min() / 3
    logs = np.log10(np.where(values > 0, values, zero) / zero)
    shares: NDArray[np.float64] = logs / max(logs.max(), 1e-9)
    return shares


def _between(values: ArrayLike) -> NDArray[np.float64]:
    """Values stretched to 0 to 1; a flat line in the middle."""
    numbers = np.asarray(values, float)
    known = numbers[np.isfinite(numbers)]
    span = float(np.ptp(known)) if len(known) else 0.0
    if span == 0:
        return np.where(np.isfinite(numbers), 0.5, np.nan)
    stretched: NDArray[np.float64] = (numbers - known.min()) / span
    return stretched


def _line(x: NDArray[np.float64], y: NDArray[np.float64], colour: str) -> str:
    points = [
        f"{PAD + across * (WIDTH - 2 * PAD):.1f},{HEIGHT - PAD - up * (HEIGHT - 2 * PAD):.1f}"
        for across, up in zip(x, y, strict=True)
        if np.isfinite(up)
    ]
    return (
        f'<polyline points="{" ".join(points)}" stroke="{colour}" '
        'vector-effect="non-scaling-stroke"/>'
    )
