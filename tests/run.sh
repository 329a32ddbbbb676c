#!/usr/bin/env bash
# Everything that must hold, in one command: environment, style, types, layers, tests.
#   bash tests/run.sh              all of it
#   bash tests/run.sh tests/simulation -k curvature      the same, these tests only
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv-tests
python=${PYTHON:-python3}
stamp=$venv/.requirements
if ! cat requirements*.txt | cmp -s - "$stamp"; then
  echo "== environment"
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r requirements-dev.txt
  cat requirements*.txt > "$stamp"
fi
export PATH="$PWD/$venv/bin:$PATH"
frontend=tests/frontend
if ! cmp -s "$frontend/package-lock.json" "$frontend/node_modules/.lock"; then
  npm ci --prefix "$frontend" --silent
  cp "$frontend/package-lock.json" "$frontend/node_modules/.lock"
fi
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1  # many processes share the cores already
unset PYTHONDONTWRITEBYTECODE  # and load the same sources: these are compiled once

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
if ((${#missing[@]})); then
  echo "== installing ${missing[*]}"
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi

echo "== ruff"
ruff check .
ruff format --check .
echo "== mypy"
mypy
echo "== layers"
lint-imports
echo "== browser code"
"$frontend/node_modules/.bin/tsc" --project "$frontend"
node --test --test-reporter=dot "$frontend/*.test.mjs"
echo "== shipped archive"
python -m simulation verify --archive data/archive
echo "== tests"
exec python -m pytest -n 2 --dist worksteal "$@"
