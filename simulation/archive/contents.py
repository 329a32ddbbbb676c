"""What an index holds: its parts, and the state of the folders that they were read from.

On the disk that is `<collection>/index/contents.json`, beside the files of the parts. It is
replaced as a whole and parts never change, so a reader sees one state or the next; files that are
no longer named are kept for a while, for those who have just read the names.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from simulation.archive import files
from simulation.archive.parts import Part
from simulation.archive.store import Place
from simulation.errors import ArchiveError

_NAME = "contents.json"
_GRACE_SECONDS = 60.0


@dataclass(frozen=True)
class Contents:
    """An index as it is at one time.

    Attributes
    ----------
    folder : names the state of the folders of runs and packs; empty: one was just changing.
    columns : of the runs table that the parts have.
    """

    folder: str = ""
    columns: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()

    @classmethod
    def load(cls, place: Place) -> Contents:
        """Those at `place`; none where there are none, or they cannot be read."""
        try:
            found = files.read_json(place / _NAME)
            parts = tuple(Part.at(place, *part) for part in found["parts"])
            return cls(found["folder"], frozenset(found["columns"]), parts)
        except (OSError, ArchiveError, KeyError, TypeError):
            return cls()

    def save(self, place: Place, replaced: Contents) -> None:
        """Put them in place of `replaced`, and tidy up. ArchiveError: they cannot be written."""
        parts = [
            (part.name, part.rows, sorted(part.dropped), sorted(part.hidden)) for part in self.parts
        ]
        content = {"folder": self.folder, "columns": sorted(self.columns), "parts": parts}
        named = {_NAME, *(file for part in self.parts for file in part.files)}
        with suppress(OSError):  # another process tidies up as well
            for part in replaced.parts:
                for file in part.files - named:
                    place.store.touch((place / file).key)
        files.write_json(place / _NAME, content, durable=False)
        with suppress(OSError):
            place.store.sweep(place.key, seconds=_GRACE_SECONDS)
            for file in {*place.names()} - named:
                if place.store.age((place / file).key) > _GRACE_SECONDS:
                    (place / file).delete()
