"""`python -m simulation`: see `--help`."""

import sys

from simulation.cli import main

sys.exit(main())
