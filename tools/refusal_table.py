#!/usr/bin/env python3
"""Prints docs/reference/refusals.md: every refusal, and what each dialect answers, read from the code.

Reads the enum of src/core/refusal.hpp and the one switch of each src/dialects/<name>/errors.cpp and of src/web/errors.cpp.
"""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
INTRODUCTION = """<!-- Made by tools/generate_reference.sh from src/core/refusal.hpp, src/dialects/*/errors.cpp and src/web/errors.cpp. -->
# Refusals and what they look like on the wire

A refusal is the product saying no. The core knows nothing but the name; each dialect has one switch that turns it into its
own answer: `djoser` the field that the sentence stands beside (`detail`: beside none), `envelope` its code, `oauth` its `error`, `web` a page with that status. `limited` and `overloaded` carry `Retry-After`. What is no
refusal: an outage is 503, a bug of ours is 500.
"""


def refusals():
    """(group, name, meaning) in the order of the enum."""
    text = (ROOT / "src/core/refusal.hpp").read_text(encoding="utf-8")
    body = re.search(r"enum class Refusal\b[^{]*\{(.*?)\n\};", text, re.DOTALL)[1]
    group = ""
    for line in body.splitlines():
        if comment := re.fullmatch(r"\s*// (.*)", line):
            group = comment[1]
        elif entry := re.match(r"\s*(\w+),?\s*(?:///< (.*))?$", line):
            yield group, entry[1], entry[2] or ""


def answers(errors_cpp):
    """name -> what the dialect returns for it."""
    text = re.sub(r"//[^\n]*", "", errors_cpp.read_text(encoding="utf-8"))
    found = {}
    for labels, value in re.findall(r"((?:case\s+(?:core::)?Refusal::\w+\s*:\s*)+)return\s*\{(.*?)\};", text, re.DOTALL):
        parts = [part.strip() for part in value.split(",", 1)]
        told = parts[0] if parts[0].isdigit() else "`" + parts[0].replace("settings.", "") + "` (setting)"
        body = parts[1] if len(parts) > 1 and not parts[1].startswith("Text::") else ""
        if quoted := re.match(r'"((?:[^"\\\\]|\\\\.)*)"', body):
            body = quoted[1]
        if place := re.match(r"Place::(\w+)", body):
            body = place[1]
        for name in re.findall(r"Refusal::(\w+)", labels):
            found[name] = told + (f" `{body}`" if body else "")
    return found


def main():
    dialects = {file.parent.name: answers(file) for file in [*sorted(ROOT.glob("src/dialects/*/errors.cpp")), ROOT / "src/web/errors.cpp"]}
    print(INTRODUCTION)
    print("| refusal | means | " + " | ".join(f"`{name}`" for name in dialects) + " |")
    print("|---|---|" + "---|" * len(dialects))
    for group, name, meaning in refusals():
        told = [table.get(name) for table in dialects.values()]
        if None in told:
            raise SystemExit(f"refusal_table: a dialect's errors.cpp does not say what {name} looks like in a form I can read")
        print(f"| `{name}` | {meaning or group} | " + " | ".join(told) + " |")


if __name__ == "__main__":
    main()
