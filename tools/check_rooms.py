#!/usr/bin/env python3
"""Would a line of code know its room? Checks the dependency rule, the bans and the budgets of this tree.

usage: check_rooms.py [ROOT]

Rules and reasons: ARCHITECTURE.md. An exception is a line `rule path reason…` in tools/rooms_allow.txt; a line that is
not needed, or has no reason, is itself an error. Prints `path:line: rule: what, and what to do instead`; exit 1 if any.
"""
import bisect
import pathlib
import re
import statistics
import sys

# the dependency rule: room -> what it may include, as prefixes of the path below src/
EVERYTHING = ("",)
PORTS = ("core/refusal.hpp", "core/passwords/password_hasher.hpp", "core/outbox/mailer.hpp",
         "core/keys/key_ring.hpp", "core/keys/signing_key.hpp", "providers/fetch.hpp", "providers/public_keys.hpp")
MAY_INCLUDE = {
    "base": ("base/",),
    "config": ("config/", "base/"),
    "core": ("core/", "base/"),
    "http": ("http/", "base/"),
    "stores": ("stores/", "core/", "base/"),
    "platform": ("platform/", "base/", *PORTS),
    "providers": ("providers/", "core/social/", "base/"),
    "browser": ("browser/", "core/sessions/", "http/", "base/"),
    "dialects": ("browser/", "core/", "http/", "base/"),  # and its own folder
    "web": ("web/", "browser/", "core/", "http/", "base/"),
    "cli": EVERYTHING,
    "main.cpp": EVERYTHING,
}
# inside core, includes go down this list only; folders of one line do not know each other
CORE_ORDER = [
    {"refusal"},
    {"accounts"},
    {"links", "clients"},
    {"audit", "limits"},
    {"outbox", "keys"},
    {"sessions"},
    {"passwords", "tokens", "mfa", "verification"},
    {"sign_in"},
    {"social"},
    {"registration", "recovery", "activation", "profile", "oidc", "admin", "upkeep"},
]
CORE_RANK = {name: rank for rank, names in enumerate(CORE_ORDER) for name in names}
# a dialect may also include what it shares with another one (ADR 0026)
SHARED_BY_DIALECTS = {"djoser": "dialects/drf/", "oauth": "dialects/drf/"}
DIALECTS = {"mobile", "envelope", "djoser", "oauth", "native"}

SQL = r"\b(?:SELECT\b|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)"
STATUS = r"\bstatus\w*\s*(?:=|==|\(|\{|:)\s*[1-5]\d\d\b|\b(?:40[1345679]|41[0-8]|42[0-9]|431|50[1-5])\b(?!\s*[.'])"
CLOCKS = (r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b|\brandom_device\b|\b(?:secure_)?getenv\b"
          r"|\bsleep_(?:for|until)\b|\b(?:u|nano)sleep\s*\(|\bsleep\s*\(")

# the bans: (rule, rooms, where to look, pattern, what to do instead); `text` keeps strings, `code` blanks them
BANS = [
    ("core-http", {"core"}, "text", STATUS, "the core says a Refusal; the dialect's errors.cpp turns it into a status"),
    ("core-http", {"core"}, "text", r"(?i)\w*(?:cookie|header|json)\w*", "bytes on the wire belong to dialects/ or http/"),
    ("core-sql", {"core"}, "text", SQL, "ask a store port; SQL lives in stores/sql"),
    ("core-threads", {"core"}, "code", r"\bco_spawn\b|\bstd::j?thread\b|<thread>", "only http/ and platform/ start work"),
    ("dialect-sql", {"dialects", "web"}, "text", SQL, "call the core; SQL lives in stores/sql"),
    ("dialect-crypto", {"dialects", "web"}, "code", r"\b(?:EVP_|crypto_|HMAC)\w*|(?i:\bargon2\w*)|\bhasher\w*\s*(?:\.|->)",
     "hashing and signing are the core's"),
    ("dialect-policy", {"dialects", "web"}, "code", r"\b(?:PasswordPolicy|LimitSettings|Allowance)\s*(?:\w+\s*)?\{",
     "policy comes from the core's settings"),
    ("store-http", {"stores"}, "text", STATUS, "a store knows rows, not wire codes"),
    ("store-now", {"stores"}, "strings", r"(?i)\bnow\s*\(|\bcurrent_time(?:stamp)?\b|'now'", "time is a parameter"),
    ("store-policy", {"stores"}, "code", r"\bPasswordPolicy\b|\bis_common_password\b|(?i:\w*lock_?out\w*)|\bmin_length\b",
     "policy is the core's"),
    ("http-word", {"http"}, "text", r"(?i)\w*(?:account|password|session)\w*", "http/ knows no account"),
    ("provider-session", {"providers"}, "code", r"\bopen_session\b|\bSessionGrant\b|\bAccountStore\b|\bCredentialStore\b",
     "a provider vouches; the core opens sessions and writes accounts"),
    ("clock", set(MAY_INCLUDE) - {"platform"}, "code", CLOCKS, "take a Clock, Random or deadline as a parameter"),
    ("clock", {"tests"}, "code", r"\bsleep_(?:for|until)\b|\b(?:u|nano)sleep\s*\(|\bsleep\s*\(", "wait for a condition"),
]
FOR_TESTS_TOO = {"clock"}  # a test may name anything of any room; real time and chance it may not use
LOG = r"\bspdlog::|\b(?:fmt|std)::(?:print|println|format|format_to)\b|\bstd::(?:cout|cerr|clog)\b|\bf?printf\s*\(|\bOutage\s*\(" \
      r"|(?:\.|->)(?:trace|debug|info|warn|warning|error|critical|event)\s*\(|\blog\w*\s*(?:\(|\.|->)"
BAD_WHOLE_NAMES = {"common", "shared", "info", "data", "base"}
BAD_SUFFIXES = r"(?:^|_)(?:managers?|helpers?|utils?|misc|processors?)$"
BAD_TYPES = r"\b(?:class|struct)\s+(\w*(?:Manager|Helper|Utils?|Misc|Processor|Info|Data|Base))\b\s*(?:final\s*)?[:{]"

FILE_LIMIT, TEST_FILE_LIMIT, FUNCTION_LIMIT = 500, 800, 60  # hard stops of STYLE.md §3

TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^\s()\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z_])\'(?:\\.|[^\'\\\n])+\'',
                    re.DOTALL)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One file in views of equal length: whole, text (no comments), code (no strings either), logic (no directives
    either), strings."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.whole = path.read_text(encoding="utf-8", errors="replace")
        self.lines = [0] + [m.end() for m in re.finditer("\n", self.whole)]
        parts = self.path.split("/")
        self.room = parts[1] if parts[0] == "src" else parts[0]
        self.folder = "/".join(parts[1:-1])
        self.is_header = self.path.endswith(".hpp")
        self.is_test = self.room == "tests" or self.path.endswith("_test.cpp") or "/testing/" in self.path or \
            "/contract/" in self.path
        self.text = TOKENS.sub(lambda m: blank(m[0]) if m[0][0] == "/" else m[0], self.whole)
        self.code = TOKENS.sub(lambda m: blank(m[0]), self.whole)
        self.logic = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: blank(m[0]), self.code, flags=re.MULTILINE)
        self.strings = "".join(t if t != c else (" " if t != "\n" else t) for t, c in zip(self.text, self.code)) \
            if self.room == "stores" else ""
        self.scopes = list(scopes(self.logic))
        self.functions = [(begin, self.line(end) - self.line(begin) + 1) for kind, begin, end in self.scopes
                          if kind == "function"]
        self.includes = [(m[1], m.start(1)) for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', self.text, re.MULTILINE)]

    def line(self, offset):
        return bisect.bisect_right(self.lines, offset)


def view(source, where):
    """`text` without the include lines: the name of an included file is the include rule's matter."""
    if where != "text":
        return getattr(source, where)
    return re.sub(r'^[ \t]*#[ \t]*include[ \t]+"[^"]+"', lambda m: blank(m[0]), source.text, flags=re.MULTILINE)


# rules: each yields (rule, offset, message)
def includes(source):
    if source.is_test or source.room not in MAY_INCLUDE:
        return
    allowed = MAY_INCLUDE[source.room]
    if source.room == "dialects":
        shared = SHARED_BY_DIALECTS.get(source.folder.split("/")[1])
        allowed += (source.folder + "/",) + ((shared,) if shared else ())
    for name, at in source.includes:
        if not name.startswith(allowed):
            yield "include", at, f"{source.room}/ may not include {name}; it may include {', '.join(allowed)}"
        elif "/testing/" in name:
            yield "include", at, f"only tests include {name}"


def core_order(source):
    if source.is_test or source.room != "core":
        return
    mine = source.path.split("/")[2].split(".")[0]
    for name, at in source.includes:
        if not name.startswith("core/"):
            continue
        other = name.split("/")[1].split(".")[0]
        if other in (mine, "store"):  # store.hpp gathers the ports: everybody may use it
            continue
        if mine == "store":
            if not re.search(r"_store\.hpp$|/audit\.hpp$|/effects\.hpp$|/refusal\.hpp$", name):
                yield "core-order", at, f"core/store.hpp gathers ports and vocabulary only, not {name}"
            continue
        for folder in (mine, other):
            if folder not in CORE_RANK:
                yield "core-order", at, f"core/{folder} has no place in the order yet: add it to CORE_ORDER in tools/check_rooms.py"
        if CORE_RANK.get(other, 0) >= CORE_RANK.get(mine, 99):
            yield "core-order", at, f"core/{mine} may not include {name}: the order of core goes the other way"


def bans(source):
    for rule, rooms, where, pattern, advice in BANS:
        if source.room in rooms and (not source.is_test or rule in FOR_TESTS_TOO) and "/testing/" not in source.path:
            for match in re.finditer(pattern, view(source, where)):
                yield rule, match.start(), f"`{match[0].strip()}`: {advice}"


def other_dialects(source):
    if source.room == "dialects" and not source.is_test:
        others = DIALECTS - {source.folder.split("/")[1]}
        for match in re.finditer(r"\b(" + "|".join(sorted(others)) + r")\b", view(source, "text")):
            yield "other-dialect", match.start(), f"`{match[0]}`: a dialect knows no other dialect"


def closing(text, start, opener, closer):
    """The offset of the bracket that closes the one at `start`, or -1."""
    depth = 0
    for match in re.finditer(re.escape(opener) + "|" + re.escape(closer), text[start:]):
        depth += 1 if match[0] == opener else -1
        if depth == 0:
            return start + match.start()
    return -1


def lambdas(code):
    """(start, captures, return type, body) of every lambda."""
    for match in re.finditer(r"(?:^|[(,{=;:&|?!<>+]|\breturn|\bco_return|\bco_await|\bco_yield)\s*\[(?!\[)", code):
        start = match.end() - 1
        end = closing(code, start, "[", "]")
        rest = end + 1
        rest += len(re.match(r"\s*", code[rest:])[0])
        if code[rest:rest + 1] == "<":
            rest = closing(code, rest, "<", ">") + 1
            rest += len(re.match(r"\s*", code[rest:])[0])
        if code[rest:rest + 1] == "(":
            rest = closing(code, rest, "(", ")") + 1
        head = re.match(r"[^{};()\]]*(?:\([^()]*\)[^{};()\]]*)?\{", code[rest:])
        if end < 0 or not head:
            continue
        body = rest + head.end() - 1
        body_end = closing(code, body, "{", "}")
        yield start, code[start + 1:end].strip(), head[0], (body, body_end)


def capturing_coroutines(source):
    if "[" not in source.code or not re.search(r"\bco_|\bTask<|awaitable<", source.code):
        return
    found = list(lambdas(source.code))
    for start, captures, returns, (begin, end) in found:
        body = source.code[begin:end]
        for _, _, _, (inner, inner_end) in found:  # what an inner lambda awaits is not ours
            if begin < inner and inner_end < end:
                body = body[:inner - begin] + " " * (inner_end - inner) + body[inner_end - begin:]
        if captures and (re.search(r"\bco_(?:await|return|yield)\b", body) or re.search(r"->.*(?:Task|awaitable)\b", returns)):
            yield "capturing-coroutine", start, "its captures die before it resumes: pass them as parameters, or make it a function"


def scopes(code):
    """Walks the braces: yields (kind, start, end) of every statement of a namespace or class and of every function."""
    stack, begin = ["namespace"], 0
    functions = []
    parens = 0
    for match in re.finditer(r"[{}();]", code):
        char, at = match[0], match.start()
        if char in "()":
            parens += 1 if char == "(" else -1
            continue
        if char == "{":
            head = code[begin:at].strip()
            if re.match(r"[\w>]", code[at - 1:at]):  # name{…} is a value; a body's brace stands after a space
                kind = "value"
            elif parens > 0 or stack[-1] in ("function", "value"):
                kind = "function" if stack[-1] == "function" or ")" in head else "value"
            elif re.match(r"(?:inline\s+)?namespace\b|extern\s*$", head):
                kind = "namespace"
            elif re.search(r"\b(?:class|struct|union|enum)\b[^()=]*$", head) and not re.search(r"=\s*$", head):
                kind = "class"
            elif ")" in head and not re.search(r"=\s*\w*[\w:<>, ]*$", head):
                kind = "function"
                functions.append((len(stack), begin + len(code[begin:at]) - len(code[begin:at].lstrip())))
            else:
                kind = "value"
            stack.append(kind)
            if kind in ("namespace", "class"):
                begin = at + 1
        elif char == "}":
            kind = stack.pop() if len(stack) > 1 else "namespace"
            if kind == "function" and functions and functions[-1][0] == len(stack):
                yield "function", functions.pop()[1], at
                begin = at + 1
            elif kind in ("namespace", "class"):
                begin = at + 1
        elif parens == 0 and stack[-1] in ("namespace", "class"):
            yield stack[-1], begin, at
            begin = at + 1


NOT_A_VARIABLE = re.compile(r"\b(?:using|typedef|friend|static_assert|extern|operator|concept|constexpr|constinit|consteval)\b"
                            r"|^(?:template|class|struct|enum|union|namespace|public|private|protected)\b")


def static_objects(source):
    for kind, begin, end in source.scopes:
        text = re.sub(r"\b(?:public|private|protected)\s*:(?!:)", lambda m: blank(m[0]), source.logic[begin:end])
        at = begin + len(text) - len(text.lstrip())
        statement = text.strip()
        if kind == "function":
            if source.is_test:
                continue
            for match in re.finditer(r"(?<=[{};])\s*(?:static\s+(?!constexpr|constinit|const\s+constexpr)[^;{}()=]*?\w\s*[;={(])",
                                     source.logic[begin:end]):
                yield "static-object", begin + match.end() - 1, "a static inside a function is a singleton: make it a parameter or constexpr"
            continue
        if not statement or NOT_A_VARIABLE.search(statement.split("=")[0].split("{")[0]):
            continue
        declaration = re.split(r"[={]", statement)[0]
        if kind == "class" and not re.match(r"(?:inline\s+)?static\b", statement):
            continue
        if "(" in re.sub(r"<[^<>]*>", "", re.sub(r"\[\[.*?\]\]", "", declaration)):  # a function, or a macro call of a test
            continue
        if re.search(r"[\w>&*\]]\s+[*&]?\w+(?:\[\w*\])?\s*$", declaration):
            yield "static-object", at, "a namespace-scope or static object: make it constexpr, constinit or a parameter"


def secrets_in_logs(source):
    for match in re.finditer(r"\breveal\s*\(", source.code):
        begin = max(source.code.rfind(char, 0, match.start()) for char in ";{}")
        end = source.code.find(";", match.start())
        if re.search(LOG, source.code[begin + 1:end]):
            yield "secret-in-log", match.start(), "a Secret never reaches a log line, a text or an Outage"


def form(source):
    if source.room == "tests" and not source.path.endswith((".cpp", ".hpp")):
        return
    if not source.whole.startswith("// "):
        yield "first-line", 0, "the first line says in a comment why this file exists"
    if source.is_header and "#pragma once" not in source.code:
        yield "pragma-once", 0, "a header starts with #pragma once"
    for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", source.code, re.MULTILINE):
        if match[1] not in ("CO_TRY", "TRY"):
            yield "macro", match.start(1), f"`{match[1]}`: only CO_TRY and TRY are macros"
    if source.is_header:
        for match in re.finditer(r"\busing\s+namespace\b", source.code):
            yield "using-namespace", match.start(), "not in a header"
    for match in re.finditer(r"\b(?:TODO|FIXME|XXX|HACK)\b", source.whole):
        yield "todo", match.start(), "finish it, or open an issue"
    for match in re.finditer(BAD_TYPES, source.code):
        yield "name", match.start(1), f"`{match[1]}` says nothing: name what it is or does"
    parts = [pathlib.PurePosixPath(part).stem for part in source.path.split("/")[1:]]
    for depth, part in enumerate(parts):
        if (part in BAD_WHOLE_NAMES and (part, depth) != ("base", 0)) or re.search(BAD_SUFFIXES, part):
            yield "name", 0, f"`{part}` is a drawer: name what is in it"


def budgets(source):
    limit = TEST_FILE_LIMIT if source.is_test else FILE_LIMIT
    if len(source.lines) - 1 > limit:
        yield "file-length", 0, f"{len(source.lines) - 1} lines, the hard stop is {limit}"
    if source.is_test:
        return
    for start, length in source.functions:
        if length > FUNCTION_LIMIT:
            yield "function-length", start, f"{length} lines, the hard stop is {FUNCTION_LIMIT}"


RULES = [includes, core_order, bans, other_dialects, capturing_coroutines, static_objects, secrets_in_logs, form, budgets]


def sql_files(root):
    for path in sorted((root / "src").rglob("*.sql")):
        text = re.sub(r"--[^\n]*", lambda m: blank(m[0]), path.read_text(encoding="utf-8"))
        for match in re.finditer(r"(?i)\bnow\s*\(|\bcurrent_time(?:stamp)?\b|'now'", text):
            line = text.count("\n", 0, match.start()) + 1
            yield "store-now", path.relative_to(root).as_posix(), line, f"`{match[0]}`: time is a parameter"


def read_allow(root):
    """{(rule, path): line number}, and the findings about the list itself."""
    file, allowed, findings = root / "tools/rooms_allow.txt", {}, []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines() if file.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        rule, path, reason = (line.split(None, 2) + ["", ""])[:3]
        if not reason:
            findings.append(("allow", "tools/rooms_allow.txt", number, f"`{line}`: an exception needs a reason"))
        allowed[rule, path] = number
    return allowed, findings


def report(sources):
    def spread(numbers):
        numbers = sorted(numbers) or [0]
        return f"median {statistics.median_low(numbers)}, p90 {numbers[int(len(numbers) * 0.9)]}, max {numbers[-1]}"
    files = [len(s.lines) - 1 for s in sources if not s.is_test]
    functions = [length for s in sources if not s.is_test for _, length in s.functions]
    print(f"rooms: {len(sources)} files; lines per file {spread(files)} (≤ 120, 300, {FILE_LIMIT}); "
          f"per function {spread(functions)} (≤ 10, 30, {FUNCTION_LIMIT})")


def look(root):
    """All findings (rule, path, line, message) in the tree at `root`, and the files that were read."""
    sources = [Source(root, path) for folder in ("src", "tests") for path in sorted((root / folder).rglob("*.?pp"))]
    found = [(rule, source.path, source.line(at), message)
             for source in sources for check in RULES for rule, at, message in check(source)] + list(sql_files(root))
    allowed, findings = read_allow(root)
    used = {finding[:2] for finding in found} & set(allowed)
    findings += [finding for finding in found if finding[:2] not in allowed]
    findings += [("allow", "tools/rooms_allow.txt", number, f"`{rule} {path}` is not needed any more: remove it")
                 for (rule, path), number in allowed.items() if (rule, path) not in used]
    return sorted(set(findings), key=lambda f: (f[1], f[2], f[0])), sources


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    findings, sources = look(root)
    for rule, path, line, message in findings:
        print(f"{path}:{line}: {rule}: {message}")
    report(sources)
    raise SystemExit(1 if findings else 0)


if __name__ == "__main__":
    main()
