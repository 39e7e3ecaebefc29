#!/usr/bin/env bash
# Writes the pages of docs/reference that are made from the code; with --check, fails if one of them is stale.
# usage: tools/generate_reference.sh [--check] [PROPUSK]      (PROPUSK: the program to ask, any build)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
check=0 stale=0
if [[ ${1:-} == --check ]]; then
  check=1
  shift
fi
propusk=${1:-build/release/propusk}
[[ -x $propusk ]] || {
  echo "no program at $propusk: ./dev build makes it, or name another build's" >&2
  exit 1
}
made=$(mktemp)
trap 'rm -f "$made"' EXIT

page() { # page FILE COMMAND…
  local file=docs/reference/$1
  "${@:2}" >"$made"
  if ((check)); then
    diff -u --label "$file (committed)" --label "$file (from the code)" "$file" "$made" || stale=1
  else
    cp "$made" "$file"
  fi
}

page configuration.md "$propusk" config reference
page refusals.md python3 tools/refusal_table.py
if ((stale)); then
  echo "docs/reference is stale: run tools/generate_reference.sh and commit what changed" >&2
  exit 1
fi
