#!/usr/bin/env bash
# Are the tests sharp? Every small change of the pure modules, met by their own fast tests:
#   bash tests/mutants.sh                         all modules
#   bash tests/mutants.sh diffusion phases        these
# Outside of the suite; needs the environment of tests/run.sh. What may survive, and why, is listed
# in tests/mutants.md; anything else fails.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv-tests
"$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/requirements-mutants.txt
export PATH="$PWD/$venv/bin:$PATH"
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
exec nice -n 5 python -m tests.mutants "$@"
