"""Colours, symbols and logarithmic ticks of the sweep explorer's figures."""

from __future__ import annotations

import numpy as np
from plotly.colors import sample_colorscale

from dashboard.base.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION
from dashboard.sweeps.colouring import OTHER, UNKNOWN, Classes

PALETTE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE)
"""Okabe & Ito (2008): told apart with any colour vision. One for each class that has a colour."""
SYMBOLS = ("circle", "square", "triangle-up", "cross", "x", "star")
_SHARES = [index / 15 for index in range(16)]
NUMBER_SCALE = [
    [share, colour]
    for share, colour in zip(
        _SHARES, sample_colorscale("Viridis", [0.1 + 0.84 * share for share in _SHARES]),
        strict=True,
    )
]  # fmt: skip
"""Perceptually uniform; the ends that would vanish on dark and on white are left out."""


def colour_of(colour: Classes, name: str) -> str:
    """The colour of a class; what is not known, and what is put together, is grey."""
    if name in (OTHER, UNKNOWN):
        return GREY
    named = [other for other in colour.names if other not in (OTHER, UNKNOWN)]
    return PALETTE[named.index(name)]


def ticks_of(low: float, high: float) -> tuple[list[float], list[str]]:
    """log10 places of round numbers from `low` to `high`, and how they are written."""
    digits = (1, 2, 5) if high / low < 300 else (1,)
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    values = [digit * 10.0**power for power in powers for digit in digits]
    values = [value for value in values if low * 0.999 <= value <= high * 1.001]
    return [float(np.log10(value)) for value in values], [short(value) for value in values]


def short(value: float) -> str:
    """0.01, 5, 20k, 1M: a number on a tick."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
