#!/usr/bin/env python3
"""Turns a recorded contract (JSON) into the transcripts of tests/transcripts: one readable file per case.

usage: record_transcripts.py CONTRACT.json OUTPUT_DIR      (OUTPUT_DIR: tests/transcripts/mobile)

The recording masked every random value and left its state implicit ("state left by the earlier entries"). The tables
below restore both by hand: which state a case needs, and which values belong together.
The format of the files is written down in tests/transcripts/README.md.
"""
import fnmatch
import json
import pathlib
import re
import sys

# case prefix -> the project's word for the capability (docs/reference/glossary.md)
CAPABILITIES = {"registration": "registration", "login": "sign_in", "start": "sessions", "logout": "sign_out"}

SECRET = "abcdefghijklmnopqrstuvwxyzABCDEF"         # the worked example of Django's masking: this secret, masked, ...
MASKED = "0123456789abcdefghijklmnopqrstuv02468acegikmoqsuwyACEGIKMOQSUWY0"  # ... is this token
PLAIN = "Gl6HLZlT1mlDjhBz0NPWa3mOZkBIC2En"          # a csrftoken that the recorded server gave out
INVENTED = "inventedByTheClient0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHI"  # 64 well-formed characters
UNKNOWN_SESSION = "0nosuchsession0nosuchsession0nos"  # 32 well-formed characters that no server gave out

ANN = "account ann slojniypass1"
BOB = "account bob slojniypass1"
SESSION = "session {{session}} of ann"
SECURE = "secure (X-Forwarded-Proto from a trusted proxy)"

# case glob -> the state that it starts from; the first match counts
GIVEN = [
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
]

# case -> the session cookie that it sends, where that is not one of ann's
SENT_SESSION = {"login.session-fixation": UNKNOWN_SESSION, "logout.unknown-session": UNKNOWN_SESSION}

# case -> a value of the answer that the recording says is the one sent
SAME_CSRF = {"login.get.with-cookie"}
SAME_SESSION = {"login.after.old-csrf-value"}
NEW_CSRF = "csrftoken is new"      # differs from the one sent
NEW_SESSION = "sessionid is new"
NEW = {
    "login.get.with-malformed-cookie": [NEW_CSRF],
    "login.other-user-on-session": [NEW_CSRF, NEW_SESSION],
    "login.session-fixation": [NEW_CSRF, NEW_SESSION],
}

PAGES = {  # a sentence of a long body -> the file that holds it
    "requires a “Referer header”": "csrf_no_referer.html",
    "requires a CSRF cookie": "csrf_no_cookie.html", "CSRF verification failed": "csrf_failed.html",
}


def given(name):
    for pattern, lines in GIVEN:
        if fnmatch.fnmatchcase(name, pattern):
            return lines
    raise SystemExit(f"no given for {name}: add it to the table")


def request_text(text, name, csrf):
    """Puts back values in the place of the recording's masks."""
    text = text.replace("<csrf:64alnum, other mask of the same secret>", MASKED)
    text = text.replace("<csrf-secret:32alnum>", SECRET).replace("<csrf:64alnum>", INVENTED)
    text = text.replace("<csrf:32alnum>", csrf).replace("<host>", "{{host}}")
    return text.replace("<session:32alnum>", SENT_SESSION.get(name, "{{session}}"))


def answer_text(text, name):
    if name in SAME_CSRF:
        text = text.replace("<csrf:32alnum>", PLAIN)
    if name in SAME_SESSION:
        text = text.replace("<session:32alnum>", "{{session}}")
    return re.sub(r"<((?:csrf|session|http-date):[^>]+)>", r"{{\1}}", text)


def sent_csrf(request):
    """The csrftoken cookie goes with the token that field or header show in clear."""
    shown = re.search(r'csrfmiddlewaretoken(?:=|"\r\n\r\n)([A-Za-z0-9]{32})\b', request["body"])
    return shown[1] if shown else request["headers"].get("X-CSRFToken", PLAIN).replace("<csrf-secret:32alnum>", PLAIN)


def notes(case):
    name = case["name"]
    if name in NEW:
        return NEW[name]
    cookies = [v for k, v in case["response"]["headers"] if k == "Set-Cookie"]
    rotated = name.startswith("login.") and any(c.startswith("sessionid=<") for c in cookies)
    return [NEW_CSRF] if rotated else []


def body_text(body, content_type, pages):
    if content_type.startswith("multipart/"):
        assert "\n" not in body.replace("\r\n", ""), "multipart lines end with CRLF"
        return body.replace("\r\n", "\n")
    for sentence, file in PAGES.items():
        if len(body) > 200 and sentence in body:
            pages[file] = body
            return f"< pages/{file}"
    assert "\r" not in body
    return body


def message(start, headers, body):
    lines = [start, *(f"{key}: {value}" for key, value in headers)]
    return "\n".join(lines) + "\n" + (f"\n{body}\n" if body else "")


def transcript(case, pages):
    name, request, response = case["name"], case["request"], case["response"]
    head = [("name", name), ("seq", case["seq"]), ("recorded-with", f"Django {case['django']}"),
            ("setup", case["setup"].replace("state left by the earlier entries, in order of seq", ""))]
    head += [("given", line) for line in given(name)]
    head += [("note", case.get("note", ""))] + [("expect-note", line) for line in notes(case)]
    header_lines = "".join(f"# {key}: {value}\n" for key, value in head if value != "")

    csrf = sent_csrf(request)
    sent = [(key, request_text(value, name, csrf)) for key, value in request["headers"].items()]
    sent_body = body_text(request_text(request["body"], name, csrf), request["headers"].get("Content-Type", ""), pages)
    told = [(key, answer_text(value, name)) for key, value in response["headers"]]
    return (header_lines + "\n" +
            message(f"{request['method']} {request['path']} HTTP/1.1", sent, sent_body) + "\n### expect\n" +
            message(f"HTTP/1.1 {response['status']} {response['reason']}", told,
                    body_text(answer_text(response["body"], name), "", pages)))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    root, pages, written = pathlib.Path(sys.argv[2]), {}, set()
    for case in cases:
        prefix, _, rest = case["name"].partition(".")
        file = root / CAPABILITIES[prefix] / (re.sub(r"[^a-z0-9]+", "_", rest.lower()).strip("_") + ".http")
        assert file not in written, f"two cases want {file}"
        written.add(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(transcript(case, pages), encoding="utf-8", newline="\n")
    for file, body in pages.items():
        (root / "pages").mkdir(exist_ok=True)
        (root / "pages" / file).write_text(body, encoding="utf-8", newline="\n")
    print(f"{len(written)} transcripts, {len(pages)} pages")


if __name__ == "__main__":
    main()
