"""Where runs in progress are: `<folder>/<collection>/.running/`, always on a disk of this machine.

By default the folder is that of the archive itself. They are not kept in the archive's store, since
what they need is just what an object store cannot do: rows are flushed several times a second, a
heartbeat is touched every two, and a run changes hands by renaming a folder, which succeeds for one
process only. Of an archive elsewhere the folder is one that all who write runs into it share; what
has ended is in the store, and in nothing else.
"""

from __future__ import annotations

from pathlib import Path

RUNNING = ".running"


def has_spools(folder: Path) -> bool:
    """Whether any run is in progress, or was when its process died."""
    return any(folder.glob(f"*/{RUNNING}/*"))
