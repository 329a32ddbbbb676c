"""What all tests share: property tests have no deadline (the first example may compile)."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("driftscape", deadline=None)
settings.load_profile("driftscape")
