"""`python -m simulation bench` under the name of its neighbours; takes its options."""

from __future__ import annotations

import sys

from simulation.cli import main

if __name__ == "__main__":
    sys.exit(main(["bench", *sys.argv[1:]]))
