"""Arrays in plotly's compact form, for partial updates of figures."""

from __future__ import annotations

import base64
from typing import Any

from numpy.typing import NDArray

_TYPES = {"uint8": "u1", "float32": "f4", "float64": "f8"}


def packed(values: NDArray[Any]) -> dict[str, Any]:
    """`values` (bytes or floats) as plotly's typed array."""
    spec = {
        "dtype": _TYPES[values.dtype.name],
        "bdata": base64.b64encode(values.tobytes()).decode(),
    }
    if values.ndim > 1:
        spec["shape"] = ", ".join(map(str, values.shape))
    return spec
