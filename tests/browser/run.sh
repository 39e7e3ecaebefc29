#!/usr/bin/env bash
# Runs the browser tests; installs the locked packages first if they are missing or stale.
# usage: PROPUSK=path/to/propusk tests/browser/run.sh [FILE.test.mjs…]
set -euo pipefail
PROPUSK=$(realpath -e "${PROPUSK:?names the binary to test}")
export PROPUSK
cd "$(dirname "${BASH_SOURCE[0]}")"
(
  flock 9  # test runners start several of us at once
  if [[ ! -f node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  fi
) 9<package.json
(($#)) || set -- *.test.mjs
exec node --test "$@"
