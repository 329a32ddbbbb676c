"""Named randomness: every random number of a run comes from its seed and the name of its use.

Streams of different names are independent, so drawing more from one (a longer evaluation walk,
say) never changes what another gives.
"""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, stream: str) -> np.random.Generator:
    """The random generator of one stream of one seed: always the same sequence.

    Philox, a counter-based generator, keyed by a 128-bit hash of `seed` and `stream`.

    Examples
    --------
    >>> generator(0, "task").random() == generator(0, "task").random()
    True
    """
    digest = hashlib.sha256(f"{seed}:{stream}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
