"""Numbers in words, as every page writes them."""

from __future__ import annotations

from typing import Any

import numpy as np


def whole(value: float) -> str:
    """About three significant digits, no decimals: 1,234,567 -> 1,230,000."""
    if not np.isfinite(value) or value == 0:
        return "0" if value == 0 else "unknown"
    digits = 2 - int(np.floor(np.log10(abs(value))))
    return f"{round(value, min(digits, 0)):,.0f}"


def minus(value: float, decimals: int) -> str:
    """A number with a true minus sign."""
    return f"{value:.{decimals}f}".replace("-", "−")


def count(number: int, noun: str) -> str:
    """'1 unit', '2 units'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """'0.8 s', '12 s', '3 min 5 s'."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def known(value: Any) -> bool:
    """Whether a value of the runs table is a number."""
    return value is not None and bool(np.isfinite(value))
