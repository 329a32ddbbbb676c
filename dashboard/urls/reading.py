"""What the queries of links have in common: patterns of numbers, and how a bad value is shown."""

from __future__ import annotations

import re

COUNT = re.compile(r"[0-9]{1,10}")
DECIMAL = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,9})?")


def shown(text: str) -> str:
    """A value of a link as a message quotes it: its first 24 characters."""
    return f"“{text[:24]}{'…' if len(text) > 24 else ''}”"
