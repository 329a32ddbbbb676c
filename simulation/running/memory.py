"""What a process that makes runs does with memory that it no longer needs."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

LARGE_BYTES = 16 * 2**20
"""Responses to an evaluation walk, 4 MB of 100 units, are below: to get such memory anew from the
system at every recording, page by page, takes six times as long as to compute them."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # their numbers in glibc's malloc.h


def give_back_freed_memory() -> None:
    """From now on memory of large arrays goes back to the system as soon as they are gone; of
    others at most `LARGE_BYTES` is kept for the next.

    glibc stops doing so with arrays of up to 32 MB once it has met such, and the default memory
    pool of pyarrow keeps what it took at its peak: both would last as long as the process.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # another libc may have none
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
            mallopt(_M_TRIM_THRESHOLD, LARGE_BYTES)
