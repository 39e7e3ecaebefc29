#!/usr/bin/env python3
"""Turns a recorded contract (JSON) into the transcripts of tests/transcripts: one readable file per case.

usage: record_transcripts.py CONTRACT.json OUTPUT_DIR      (OUTPUT_DIR: tests/transcripts/DIALECT)

The recording masked every random value and left its state implicit ("state left by the earlier entries"). The tables
below restore both by hand: which state a case needs, and which values belong together.
The format of the files is written down in tests/transcripts/README.md.
"""
import dataclasses
import fnmatch
import json
import pathlib
import re
import sys

SECRET = "abcdefghijklmnopqrstuvwxyzABCDEF"         # the worked example of Django's masking: this secret, masked, ...
MASKED = "0123456789abcdefghijklmnopqrstuv02468acegikmoqsuwyACEGIKMOQSUWY0"  # ... is this token
PLAIN = "Gl6HLZlT1mlDjhBz0NPWa3mOZkBIC2En"          # a csrftoken that the recorded server gave out
INVENTED = "inventedByTheClient0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHI"  # 64 well-formed characters
UNKNOWN_SESSION = "0nosuchsession0nosuchsession0nos"  # 32 well-formed characters that no server gave out

SESSION = "session {{session}} of ann"
NEW_CSRF = "csrftoken is new"      # differs from the one sent
NEW_SESSION = "sessionid is new"


@dataclasses.dataclass
class Dialect:
    """What a recording does not say."""
    capabilities: dict  # case prefix -> the project's word for the capability (docs/reference/glossary.md)
    given: list         # (case glob, the state that it starts from); the first match counts
    pages: dict         # a sentence of a long body -> the file that holds it
    # case -> a relation of cookies that the recording tells
    new: dict = dataclasses.field(default_factory=dict)
    # case -> the session cookie that it sends, where that is not one of ann's
    sent_session: dict = dataclasses.field(default_factory=dict)
    # cases whose answer holds the value that was sent
    same_csrf: set = dataclasses.field(default_factory=set)
    same_session: set = dataclasses.field(default_factory=set)
    # recorded password -> the one that is sent in its place
    passwords: dict = dataclasses.field(default_factory=dict)


ANN = "account ann slojniypass1"
BOB = "account bob slojniypass1"
SECURE = "secure (X-Forwarded-Proto from a trusted proxy)"
MOBILE = Dialect(
    capabilities={"registration": "registration", "login": "sign_in", "start": "sessions", "logout": "sign_out"},
    given=[
        ("registration.duplicate-*", [ANN]),
        ("registration.*", []),
        ("login.get*", []), ("login.head", []), ("login.options", []), ("login.no-slash*", []), ("login.delete", []),
        ("login.inactive", ["account sleepy slojniypass1 disabled"]),
        ("login.csrf.https-*", [ANN, SECURE]),
        ("login.after.old-csrf-value", [ANN, SESSION]),
        ("login.other-user-on-session", [ANN, BOB, SESSION]),
        ("login.*", [ANN]),
        ("start.ok", [ANN, SESSION]),
        ("start.new-session-after-relogin", [ANN, SESSION, "then ann signs in with {{session}}"]),
        ("start.anns-session-after-bob", [ANN, BOB, SESSION, "then bob signs in with {{session}}"]),
        ("start.after-password-change", [ANN, SESSION, "then password of ann is set to other-pass-1"]),
        ("start.deactivated-user", [ANN, SESSION, "then ann is disabled"]),
        ("start.*", []), ("logout.*", []),
    ],
    pages={
        "requires a “Referer header”": "csrf_no_referer.html",
        "requires a CSRF cookie": "csrf_no_cookie.html", "CSRF verification failed": "csrf_failed.html",
    },
    new={
        "login.get.with-malformed-cookie": [NEW_CSRF],
        "login.other-user-on-session": [NEW_CSRF, NEW_SESSION],
        "login.session-fixation": [NEW_CSRF, NEW_SESSION],
    },
    sent_session={"login.session-fixation": UNKNOWN_SESSION, "logout.unknown-session": UNKNOWN_SESSION},
    same_csrf={"login.get.with-cookie"},
    same_session={"login.after.old-csrf-value"},
)

PASSWORDS = {"pass": "Str0ng-Pass-77", "pass2": "0ther-Pass-88"}  # the recorded ones are too weak for any policy
CLAIMANT = f"account ann {PASSWORDS['pass']} claims ann@example.com"
OTHER = f"account mp {PASSWORDS['pass']} claims mp@example.com"
EDIT = f"password={PASSWORDS['pass']}&new_password={PASSWORDS['pass2']}&email=new%40example.com"
ENVELOPE = Dialect(
    capabilities={"register": "registration", "login": "sign_in", "logout": "sign_out", "edit": "profile",
                  "restore": "recovery"},
    given=[
        ("register.ok", []),
        ("register.*", [CLAIMANT]),
        ("login.cookies-true", [CLAIMANT, SESSION]),
        ("login.cookies-True", [CLAIMANT, SESSION]),
        ("login.inactive", [f"account off {PASSWORDS['pass']} claims off@example.com", "then off is disabled"]),
        ("login.*", [CLAIMANT]),
        ("edit.anonymous", [CLAIMANT]),
        ("edit.username-taken", [CLAIMANT, OTHER, SESSION]),
        ("edit.validation-before-password", [CLAIMANT, OTHER, SESSION]),
        ("edit.old-cookie", [CLAIMANT, SESSION, f"then {{{{session}}}} edits {EDIT}"]),
        ("edit.new-cookie", [CLAIMANT, "session {{old}} of ann", f"then {{{{old}}}} edits {EDIT} and gets {{{{session}}}}",
                             "then link mailed to new@example.com is followed"]),
        ("edit.*", [CLAIMANT, SESSION]),
        ("restore.ok", [f"account ann {PASSWORDS['pass']} claims new@example.com"]),
        ("restore.*", []), ("logout.*", []),
    ],
    pages={"<h1>Not Found</h1>": "not_found.html"},
    new={"edit.password.ok": [NEW_SESSION]},
    passwords=PASSWORDS,
)
DIALECTS = {"mobile": MOBILE, "envelope": ENVELOPE}


def given(dialect, name):
    for pattern, lines in dialect.given:
        if fnmatch.fnmatchcase(name, pattern):
            return lines
    raise SystemExit(f"no given for {name}: add it to the table")


def request_text(dialect, text, name, csrf):
    """Puts back values in the place of the recording's masks."""
    text = text.replace("<csrf:64alnum, other mask of the same secret>", MASKED)
    text = text.replace("<csrf-secret:32alnum>", SECRET).replace("<csrf:64alnum>", INVENTED)
    text = text.replace("<csrf:32alnum>", csrf).replace("<host>", "{{host}}")
    for recorded, sent in dialect.passwords.items():
        text = re.sub(rf'(password(?:=|"\r\n\r\n)){recorded}(?![^&\r])', rf"\g<1>{sent}", text)
    return text.replace("<session:32alnum>", dialect.sent_session.get(name, "{{session}}"))


def answer_text(dialect, text, name):
    if name in dialect.same_csrf:
        text = text.replace("<csrf:32alnum>", PLAIN)
    if name in dialect.same_session:
        text = text.replace("<session:32alnum>", "{{session}}")
    return re.sub(r"<((?:csrf|session|http-date):[^>]+)>", r"{{\1}}", text)


def sent_csrf(request):
    """The csrftoken cookie goes with the token that field or header show in clear."""
    shown = re.search(r'csrfmiddlewaretoken(?:=|"\r\n\r\n)([A-Za-z0-9]{32})\b', request["body"])
    return shown[1] if shown else request["headers"].get("X-CSRFToken", PLAIN).replace("<csrf-secret:32alnum>", PLAIN)


def notes(dialect, case):
    name = case["name"]
    if name in dialect.new:
        return dialect.new[name]
    cookies = [v for k, v in case["response"]["headers"] if k == "Set-Cookie"]
    rotated = name.startswith("login.") and any(c.startswith("sessionid=<") for c in cookies)
    return [NEW_CSRF] if rotated else []


def body_text(dialect, body, content_type, pages):
    if content_type.startswith("multipart/"):
        assert "\n" not in body.replace("\r\n", ""), "multipart lines end with CRLF"
        return body.replace("\r\n", "\n")
    for sentence, file in dialect.pages.items():
        if sentence in body:
            pages[file] = body
            return f"< pages/{file}"
    assert "\r" not in body
    return body


def message(start, headers, body):
    lines = [start, *(f"{key}: {value}" for key, value in headers)]
    return "\n".join(lines) + "\n" + (f"\n{body}\n" if body else "")


def transcript(dialect, case, pages):
    name, request, response = case["name"], case["request"], case["response"]
    head = [("name", name), ("seq", case["seq"]), ("recorded-with", f"Django {case['django']}"),
            ("setup", case["setup"].replace("state left by the earlier entries, in order of seq", ""))]
    head += [("given", line) for line in given(dialect, name)]
    head += [("note", case.get("note", ""))] + [("expect-note", line) for line in notes(dialect, case)]
    header_lines = "".join(f"# {key}: {value}\n" for key, value in head if value != "")

    csrf = sent_csrf(request)
    sent = [(key, request_text(dialect, value, name, csrf)) for key, value in request["headers"].items()]
    sent_body = body_text(dialect, request_text(dialect, request["body"], name, csrf),
                          request["headers"].get("Content-Type", ""), pages)
    told = [(key, answer_text(dialect, value, name)) for key, value in response["headers"]]
    return (header_lines + "\n" +
            message(f"{request['method']} {request['path']} HTTP/1.1", sent, sent_body) + "\n### expect\n" +
            message(f"HTTP/1.1 {response['status']} {response['reason']}", told,
                    body_text(dialect, answer_text(dialect, response["body"], name), "", pages)))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    root, pages, written = pathlib.Path(sys.argv[2]), {}, set()
    dialect = DIALECTS[root.name]
    for case in cases:
        prefix, _, rest = case["name"].partition(".")
        file = root / dialect.capabilities[prefix] / (re.sub(r"[^A-Za-z0-9]+", "_", rest).strip("_") + ".http")
        assert file not in written, f"two cases want {file}"
        written.add(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(transcript(dialect, case, pages), encoding="utf-8", newline="\n")
    for file, body in pages.items():
        (root / "pages").mkdir(exist_ok=True)
        (root / "pages" / file).write_text(body, encoding="utf-8", newline="\n")
    print(f"{len(written)} transcripts, {len(pages)} pages")


if __name__ == "__main__":
    main()
