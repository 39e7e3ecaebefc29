#!/usr/bin/env python3
"""Runs clang-tidy-19 over every file of src/ that changed since it last passed, itself or through a header.
Tests are left out for speed; tools/check_rooms.py reads them.

usage: tidy.py BUILD_DIR [FILE…]      (BUILD_DIR holds compile_commands.json; FILEs: only these, whatever they are)

A file is remembered by the SHA-256 of everything of this tree that it includes, of its command and of .clang-tidy;
the memory lives in BUILD_DIR/tidy.json and may be deleted at any time.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*(?:include|embed)\s+"([^"]+)"', re.MULTILINE)


def closure(source):
    """The file and all files of this tree that it includes, directly or not."""
    seen, todo = set(), [source]
    while todo:
        file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in INCLUDE.findall(file.read_text(encoding="utf-8", errors="replace")):
            todo += [path for path in (file.parent / name, ROOT / "src" / name, ROOT / name) if path.is_file()][:1]
    return seen


def state(source, command, config):
    digest = hashlib.sha256(config + command.encode())
    for file in sorted(closure(source)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def tidy(build, source):
    run = subprocess.run(["clang-tidy-19", "--quiet", "-p", build, source], capture_output=True, text=True, check=False)
    return run.returncode == 0, run.stdout + ("" if run.stdout or run.returncode == 0 else run.stderr)


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    build, only = pathlib.Path(sys.argv[1]), {pathlib.Path(name).resolve() for name in sys.argv[2:]}
    commands = {pathlib.Path(entry["file"]).resolve(): entry["command"]
                for entry in json.loads((build / "compile_commands.json").read_text())}
    config = (ROOT / ".clang-tidy").read_bytes()
    memory_file = build / "tidy.json"
    memory = json.loads(memory_file.read_text()) if memory_file.exists() else {}
    states = {source: state(source, command, config) for source, command in commands.items()
              if source.is_relative_to(ROOT / "src") and not source.name.endswith("_test.cpp") and source.exists()}
    todo = sorted(only or (source for source in states if memory.get(str(source)) != states[source]))

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, (good, output) in zip(todo, pool.map(lambda source: tidy(build, source), todo)):
            if good:
                memory[str(source)] = states.get(source, "")
            else:
                failed += 1
                print(output.strip())
            memory_file.write_text(json.dumps(memory))
    print(f"tidy: {len(todo)} of {len(states)} files looked at, {failed} with findings")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
