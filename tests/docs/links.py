#!/usr/bin/env python3
"""Follows every relative link of the project's documents: a link leads to a file that is there."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("docs", "tests", "src", "packaging", "bench", "tools")


def documents():
    yield from ROOT.glob("*.md")
    for folder in FOLDERS:
        yield from (page for page in (ROOT / folder).rglob("*.md") if "node_modules" not in page.parts)


def main():
    dead, followed = [], 0
    for document in sorted(documents()):
        for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
            for target in re.findall(r"\]\(([^)\s#]+)", line):
                if "://" in target:
                    continue
                followed += 1
                if not (document.parent / target).exists():
                    dead.append(f"{document.relative_to(ROOT)}:{number}: {target} leads nowhere")
    print("\n".join(dead) or f"{followed} links lead somewhere")
    return 1 if dead or followed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
