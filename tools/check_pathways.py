#!/usr/bin/env python3
"""Has every route that opens a credential its row in the table of pathways?

usage: check_pathways.py [ROOT]

A verb of the core that takes a CredentialDraft or a RefreshPresented, alone or inside another struct, opens credentials:
the headers of src/core are read for them, so a new one is noticed. Whatever outside the core calls one is followed up to
the handlers that its routes.cpp names; each must have a row with its dialect and name in tests/scenarios/pathways.hpp,
and each row its route. Prints `path:line: what, and what to do`; exit 1 if any.
"""
import collections
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True
from check_rooms import Source, closing, scopes  # noqa: E402 (beside this file)

TABLE = "tests/scenarios/pathways.hpp"
OPENERS = {"CredentialDraft", "RefreshPresented"}
# verbs that take one of these and give nothing: name -> why
GIVES_NOTHING = {
    "revoke_token": "ends what it is shown",
    "look_at_refresh_token": "says whether a token would be exchanged, and reads alone",
}

Finding = collections.namedtuple("Finding", "path line message")
Verb = collections.namedtuple("Verb", "name pattern path line")  # `pattern`: what a call of it looks like
Function = collections.namedtuple("Function", "name source begin end")


def sources(root, folder, suffix="?pp"):
    return [Source(root, path) for path in sorted((root / folder).rglob("*." + suffix))]


def structs(source):
    """(name, begin, end) of every class and struct with a body."""
    for match in re.finditer(r"\b(?:class|struct)\s+(\w+)\s*(?:final\s*)?(?::[^;{]*)?\{", source.logic):
        yield match[1], match.end(), closing(source.logic, match.end() - 1, "{", "}")


def members(body):
    """What a class holds: its body without functions and what they take, and without initialisers."""
    for pattern in (r"\{[^{}]*\}", r"\{[^{}]*\}", r"\([^()]*\)", r"\([^()]*\)"):
        body = re.sub(pattern, ";", body)
    return body


def carriers(headers):
    """The types that hold what a credential is opened from."""
    found, grown = set(OPENERS), True
    while grown:
        grown = False
        for source in headers:
            holders = [(name, members(source.logic[begin:end])) for name, begin, end in structs(source)]
            holders += re.findall(r"\busing\s+(\w+)\s*=([^;]*);", source.logic)
            for name, held in holders:
                if name not in found and re.search(r"\b(?:" + "|".join(found) + r")\b", held):
                    found.add(name)
                    grown = True
    return found


def called(name):
    """What naming a free function looks like: who takes its address calls it later."""
    return rf"(?<![\w.>]){name}\b(?!\s*::)"


def verbs(headers):
    """Every function of the core's headers with a parameter of a carrier."""
    types = r"\b(?:" + "|".join(sorted(carriers(headers))) + r")\b"
    for source in headers:
        classes = list(structs(source))
        for match in re.finditer(r"\b(\w+)\s*\(", source.logic):
            end = closing(source.logic, match.end() - 1, "(", ")")
            before = source.logic[:match.start()].rstrip()
            is_declaration = re.match(r"\s*(?:const|noexcept|override|final|\s)*[;{]", source.logic[end + 1:]) and \
                re.search(r"[\w>&*]$", before) and not re.search(r"\b(?:return|co_return|co_await|new)$", before)
            if not is_declaration or not re.search(types, source.logic[match.end():end]):
                continue
            owner = [name for name, begin, close in classes if begin <= match.start() < close][-1:]
            statement = max(before.rfind(char) for char in ";{}:")
            if not owner:
                pattern = called(match[1])
            elif re.search(r"\bstatic\b", before[statement + 1:]):
                pattern = rf"\b{owner[0]}\s*::\s*{match[1]}\b"
            else:
                pattern = rf"(?:\.|->)\s*{match[1]}\s*\("
            yield Verb("::".join(owner + [match[1]]), pattern, source.path, source.line(match.start()))


def functions(source):
    """The functions of a file: each with its name, and from the end of its head to its own."""
    for kind, begin, end in scopes(source.logic):
        if kind != "function":
            continue
        head = source.logic[begin:end].split("{")[0]
        name = re.search(r"(?:\w+::)*(~?\w+)\s*\(", re.sub(r"<[^<>]*>", "", head))
        if name:
            yield Function(name[1], source, begin + len(head), end)


def place_of(pattern, function):
    """The offset of a call in the body of a function; None if there is none."""
    found = re.search(pattern, function.source.logic[function.begin:function.end])
    return found and function.begin + found.start()


def routes(root):
    """{(dialect, handler): (path, line)} of whatever outside the core reaches a verb."""
    opening = [verb for verb in verbs(sources(root, "src/core", "hpp"))
               if verb.name.split("::")[-1] not in GIVES_NOTHING]
    folders = collections.defaultdict(list)
    for source in sources(root, "src"):
        if source.room != "core" and not source.is_test:
            folders[source.folder or source.room].append(source)
    found = {}
    for folder, files in folders.items():
        table = "".join(source.logic for source in files if source.path.endswith("/routes.cpp"))
        inside = [function for source in files for function in functions(source)]
        wanted, seen = [verb.pattern for verb in opening], set()
        while wanted:
            pattern = wanted.pop()
            for function in inside:
                at = place_of(pattern, function)
                if at is None or function in seen:
                    continue
                seen.add(function)
                if re.search(rf"\b{function.name}\b", table):
                    found[folder.split("/")[-1], function.name] = (function.source.path, function.source.line(at))
                    continue
                wanted.append(called(function.name))
                if not any(place_of(called(function.name), other) for other in inside if other is not function):
                    found[folder.split("/")[-1], function.name] = (function.source.path, function.source.line(at))
    return opening, found


def rows(root):
    """{(dialect, handler): line} of the table."""
    file = root / TABLE
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    pattern = r'\.dialect\s*=\s*"(\w+)"\s*,\s*\.handler\s*=\s*"(\w+)"'
    return {(match[1], match[2]): text.count("\n", 0, match.start()) + 1 for match in re.finditer(pattern, text)}


def look(root):
    """All findings, the verbs, and the routes that reach them."""
    opening, reached = routes(root)
    listed = rows(root)
    findings = [Finding(path, line, f"`{handler}` of {dialect} opens credentials and has no row in {TABLE}: say there what "
                                    "it answers in each state of an account")
                for (dialect, handler), (path, line) in reached.items() if (dialect, handler) not in listed]
    findings += [Finding(TABLE, line, f"`{handler}` of {dialect} opens no credentials: remove its row")
                 for (dialect, handler), line in listed.items() if (dialect, handler) not in reached]
    names = {verb.name.split("::")[-1] for verb in verbs(sources(root, "src/core", "hpp"))}
    findings += [Finding("tools/check_pathways.py", 1, f"`{name}` is no verb of the core any more: forget it")
                 for name in GIVES_NOTHING if name not in names]
    return sorted(findings), opening, reached


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    findings, opening, reached = look(root)
    for path, line, message in findings:
        print(f"{path}:{line}: {message}")
    print(f"pathways: {len(reached)} routes reach {len({verb.name for verb in opening})} verbs that open credentials")
    raise SystemExit(1 if findings else 0)


if __name__ == "__main__":
    main()
