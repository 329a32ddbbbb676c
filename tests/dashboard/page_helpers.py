"""Looking into layouts: components by id, text as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component


def parts(root: Any) -> Iterator[Any]:
    """Everything in a layout, depth first: components and texts."""
    if isinstance(root, list | tuple):
        for child in root:
            yield from parts(child)
    elif root is not None:
        yield root
        if isinstance(root, Component):
            yield from parts(getattr(root, "children", None))


def components(root: Any) -> Iterator[Component]:
    return (part for part in parts(root) if isinstance(part, Component))


def by_id(root: Any) -> dict[str, Any]:
    return {part.id: part for part in components(root) if getattr(part, "id", None)}


def text_of(root: Any) -> str:
    return " ".join(str(part) for part in parts(root) if not isinstance(part, Component))
