"""What a check of an archive finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class Finding:
    """One thing wrong with an archive.

    Attributes
    ----------
    run_id : whose it is; of a pack whose runs cannot be known, its name.
    """

    run_id: str
    path: PurePath
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.run_id}: {self.message} ({self.path}) {self.remedy}"
