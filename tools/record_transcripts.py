#!/usr/bin/env python3
"""Turns a recorded contract (JSON) into the transcripts of tests/transcripts: one readable file per case.

usage: record_transcripts.py CONTRACT.json OUTPUT_DIR
       OUTPUT_DIR: tests/transcripts/DIALECT; tests/transcripts/djoser/PROFILE, PROFILE as in the recording

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
    # beginning of a case's name -> the project's word for the capability (docs/reference/glossary.md)
    capabilities: dict
    # (case glob, the state that it starts from); the first match counts. `after CASE` is the request of that case
    given: list
    # a sentence of a long body -> the file that holds it
    pages: dict
    # case -> a relation of cookies that the recording tells
    new: dict = dataclasses.field(default_factory=dict)
    # case -> the session cookie that it sends, where that is not one of ann's
    sent_session: dict = dataclasses.field(default_factory=dict)
    # cases whose answer holds the value that was sent
    same_csrf: set = dataclasses.field(default_factory=set)
    same_session: set = dataclasses.field(default_factory=set)
    # recorded password -> the one that is sent in its place
    passwords: dict = dataclasses.field(default_factory=dict)
    # of the recordings that hold several: which one
    profile: str = ""
    # what was recorded, where the cases do not say it themselves
    recorded_with: str = ""
    # globs of cases that another dialect or another time plays
    left_out: tuple = ()
    # globs of the only cases that this dialect plays; none: all of them
    only: tuple = ("*",)
    # (case glob, what stands in its request, what is sent); all that fit, in this order
    sent: list = dataclasses.field(default_factory=list)
    # (regular expression, hole) for answers and letters
    told: list = dataclasses.field(default_factory=list)


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

UNKNOWN_TOKEN = "0123456789abcdef0123456789abcdef01234567"  # 40 hex digits that no server gave out
FORM, MULTI, CHANGER = "form@example.test", "multi@example.test", "chg@example.test"
NO_STATE = ("*.anonymous", "*.missing", "*.missing-all", "*.missing-login", "*.empty", "*.blank", "*.null", "*.get",
            "*.options", "*.wrong-type*", "*.unsupported-media", "*.unknown", "*.unknown-user", "*.bad-email")


# access tokens that the recorded server gave out
RECORDED_ACCESS = ("5GnlSBuux7jDyb62RqbJTNT5tzmpu7", "cnyjKNWBd7abaQylgSpXbgngM3VhaR", "YYH7Pdoek8oac1D4kJVTCmppH9jROn")


def djoser(profile):
    """The same cases of three recorded servers: who signs in by what, and whether an e-mail activates."""
    ann, form = ("ann", "form") if profile == "default" else ("ann@example.test", FORM)
    password = PASSWORDS["pass"]
    account, pending = f"account {ann} {password}", f"pending account {ann} {password}"
    token, id_, uid = f"token {{{{token}}}} of {ann}", f"id {{{{id}}}} of {ann}", f"uid {{{{uid}}}} of {ann}"
    link = "link {{link}} mailed to ann@example.test"
    signed_in = [account, token]
    other = f"{'' if profile == 'default' else 'pending '}account {form} {password}"
    reset = [account, uid, "after users.reset_password.ok", link]
    login_reset = [account, uid, "after users.reset_login.ok", link]
    signed_out = [*signed_in, "after token.logout.ok"]
    changer = [f"account {CHANGER} {password}", f"token {{{{token}}}} of {CHANGER}", f"id {{{{id}}}} of {CHANGER}"]
    moved = [f"account ann.new@example.test {password}", "token {{token}} of ann.new@example.test"]
    return Dialect(
        capabilities={"users.create": "registration", "users.activation": "activation",
                      "users.resend_activation": "activation", "token.login": "sign_in", "token.logout": "sign_out",
                      "users.reset_": "recovery", "mail.": "recovery", "jwt.": "tokens", "auth.": "wire",
                      "users.": "profile"},
        given=[
            ("users.create.duplicate", [account if profile == "default" else pending]),
            ("users.create.same-username-other-case", [account]),
            ("users.create.*", []), ("auth.*", []),
            ("users.activation.bad-uid-*", [pending, link]),
            *[(f"users.activation.{name}", [pending, uid]) for name in ("bad-token*", "missing-token")],
            ("users.activation.expired", [f"pending account {FORM} {password}", f"uid {{{{uid}}}} of {FORM}",
                                          f"link {{{{link}}}} mailed to {FORM}", "then 259201 s pass"]),
            ("users.activation.twice", [pending, uid, link, "after users.activation.ok"]),
            ("users.activation.twice-after-login", [pending, uid, link, "after users.activation.ok", "then 1 s passes",
                                                    token]),
            ("users.activation.ok", [pending, uid, link]), ("users.activation.no-trailing-slash", [pending, uid, link]),
            ("users.resend_activation.active-user", [account]),
            ("users.resend_activation.ok", [f"pending account {MULTI} {password}"]),
            ("users.detail.anonymous", [account, id_]),
            ("users.set_password.get", signed_in), ("users.set_password.missing", signed_in),
            ("users.set_login.missing", signed_in), ("token.logout.get", signed_in), ("users.me.options", signed_in),
            ("users.me.get", [*signed_in, id_]),
            *[(name, []) for name in NO_STATE],
            ("token.login.after-logout", signed_out), ("token.login.*", [account]),
            ("token.logout.again", signed_out), ("token.logout.*", signed_in),
            ("users.me.after-logout", signed_out),
            ("users.me.auth.lowercase-keyword", [*signed_in, id_]), ("users.me.auth.*", []),
            ("users.me.delete.after", [*signed_in, "after users.me.delete.ok"]),
            ("users.me.after-email-change", [*changer, "after users.me.patch-email"]),
            ("users.me.patch-email", changer),
            ("users.me.token-survives-reset",
             [*signed_in, id_, *reset[1:], "after users.reset_password_confirm.ok"]),
            ("users.detail.other", [*signed_in, other, f"id {{{{other}}}} of {form}"]),
            ("users.list.no-trailing-slash", []),
            *[(f"users.me.{name}", signed_in) for name in ("head", "post", "delete.*")],
            *[(f"users.{name}.*", [*signed_in, id_]) for name in ("me", "list", "detail")],
            ("users.set_password.token-survives", [*signed_in, id_, "after users.set_password.ok"]),
            ("users.set_password.back", [*signed_in, "after users.set_password.ok"]),
            ("users.set_password.*", signed_in),
            ("users.set_login.taken", [*signed_in, other]), ("users.set_login.*", signed_in),
            ("users.reset_login.back", moved if profile == "email" else [*signed_in, "after users.set_login.ok"]),
            ("users.reset_login_confirm.ok", login_reset),
            ("users.reset_login_confirm.twice", [*login_reset, "after users.reset_login_confirm.ok"]),
            ("users.reset_password_confirm.ok", reset),
            ("users.reset_password_confirm.twice", [*reset, "after users.reset_password_confirm.ok"]),
            ("users.reset_*_confirm.bad-token", [account, uid]),
            ("users.reset_password.social-only-user", []),
            ("users.reset_password.ambiguous-email", [account, f"account ann2 {password} with ann@example.test"]),
            ("users.reset_*", [account]),
            ("mail.password_reset", [account, uid, "after users.reset_password.ok"]),
            ("jwt.create.*", [account]), ("jwt.refresh.bad", []),
            ("jwt.*", [account, f"jwt {{{{access}}}} and {{{{refresh}}}} of {ann}"]),
        ],
        pages={"Server Error (500)": "server_error.html"},
        new={"token.login.after-logout": ["auth_token is new"]},
        profile=profile,
        recorded_with=f"djoser 2.2.0, djangorestframework 3.14.0, Django 4.2.28; profile {profile}",
        left_out=("convert.*", "oauth.*", "social.*", "*.bearer.*"),
        sent=[
            ("*bad-token*", "<token:40hex>", UNKNOWN_TOKEN), ("*", "<token:40hex>", "{{token}}"),
            ("*", "<token:base36ts-32hex>", "{{link}}"), ("*", "<token:expired>", "{{link}}"),
            ("*", '"uid": "MQ"', '"uid": "{{uid}}"'), ("*", '"uid": "Mg"', '"uid": "{{uid}}"'),
            ("*", "/auth/users/1/", "/auth/users/{{id}}/"), ("*", "/auth/users/2/", "/auth/users/{{other}}/"),
            ("jwt.refresh.ok", "<jwt>", "{{refresh}}"), ("jwt.*", "<jwt>", "{{access}}"),
            ("*.bad-utf8", "\ufffd\ufffd", "{{bytes:fffe}}"), ("*.non-ascii", "\u00ff\u00fe", "{{bytes:fffe}}"),
        ],
        told=[(r'"id":\d+', '"id":{{id:number}}'), ("<host>", "{{host}}"), ("127.0.0.1:980[123]", "{{host}}"),
              ("<jwt>", "{{jwt}}"), ("/MQ/", "/{{uid}}/"), ("<token:base36ts-32hex>", "{{link:secret}}"),
              ("<token:40hex>", "{{token:40hex}}")],
    )


def oauth():
    """The routes of drf-social-oauth2, as one of the three servers answered them."""
    password = PASSWORDS["pass"]
    ann, converted = f"account ann {password}", "converted {{access}} and {{refresh}} of google-oauth2 good1"
    signed_in = [ann, f"tokens {{{{access}}}} and {{{{refresh}}}} of ann {password}"]
    invalidated = 'then POST /auth/invalidate-sessions/ bearing {{access}}: {"client_id": "cid-conf"}'
    return Dialect(
        capabilities={"convert.": "convert_token", "oauth.token.": "tokens", "oauth.authorize.": "consent",
                      "oauth.disconnect-": "connections", "oauth.": "revocation", "social.": "redirects",
                      "users.me.bearer.": "bearer"},
        given=[
            ("convert.ok.first.*", []), ("convert.ok.basic-auth-client", []), ("convert.ok.*", [converted]),
            ("convert.after-invalidate", [converted, invalidated]), ("convert.*", []),
            ("users.me.bearer.expired", [converted, "then 36001 s pass"]),
            ("users.me.bearer.ok", [converted]), ("users.me.bearer.lowercase", [converted]),
            ("users.me.bearer.*", []),
            ("oauth.token.refresh.convert-token-refresh", [converted]), ("oauth.token.refresh.ok", signed_in),
            ("oauth.token.password.ok", [ann]), ("oauth.token.form", [ann]), ("oauth.token.bad-client", [ann]),
            ("oauth.token.*", []), ("oauth.authorize.*", []), ("oauth.*.anonymous", []),
            ("oauth.invalidate-sessions.after", [*signed_in, invalidated]), ("oauth.*", signed_in), ("social.*", []),
        ],
        pages={"Server Error (500)": "server_error.html"},
        profile="default",
        recorded_with="drf-social-oauth2 2.1.3, django-oauth-toolkit 2.3.0, djangorestframework 3.14.0, Django 4.2.28",
        only=("convert.*", "oauth.*", "social.*", "*.bearer.*"),
        sent=[("*", "<client-secret>", "s3cret-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
              ("oauth.token.refresh.*", "<oauth:30alnum>", "{{refresh}}"),
              *[("*", token, "{{access}}") for token in RECORDED_ACCESS]],
        told=[(r'"id":\d+', '"id":{{id:number}}'), ("<oauth:30alnum>", "{{oauth:30alnum}}"),
              ("<seconds-left:float>", "{{seconds-left}}")],
    )


DIALECTS = {"oauth": oauth(), "mobile": MOBILE, "envelope": ENVELOPE, **{name: djoser(name) for name in ("seed", "email", "default")}}


def given(dialect, name):
    for pattern, lines in dialect.given:
        if fnmatch.fnmatchcase(name, pattern):
            return lines
    raise SystemExit(f"no given for {name}: add it to the table")


def spelled_out(dialect, line, cases):
    """`after CASE` as the request that it means."""
    if not line.startswith("after "):
        return line
    name = line.removeprefix("after ")
    request = cases[name]["request"]
    bearer = " as {{token}}" if "Authorization" in request["headers"] else ""
    assert request["headers"].get("Content-Type", "application/json") == "application/json"
    body = request_text(dialect, request["body"], name, PLAIN)
    return f"then {request['method']} {request['path']}{bearer}" + (f": {body}" if body else "")


def request_text(dialect, text, name, csrf):
    """Puts back values in the place of the recording's masks."""
    text = text.replace("<csrf:64alnum, other mask of the same secret>", MASKED)
    text = text.replace("<csrf-secret:32alnum>", SECRET).replace("<csrf:64alnum>", INVENTED)
    text = text.replace("<csrf:32alnum>", csrf).replace("<host>", "{{host}}")
    for recorded, sent in dialect.passwords.items():
        text = re.sub(rf'(password(?:=|"\r\n\r\n)){recorded}(?![^&\r])', rf"\g<1>{sent}", text)
    for pattern, recorded, sent in dialect.sent:
        if fnmatch.fnmatchcase(name, pattern):
            text = text.replace(recorded, sent)
    return text.replace("<session:32alnum>", dialect.sent_session.get(name, "{{session}}"))


def answer_text(dialect, text, name):
    if name in dialect.same_csrf:
        text = text.replace("<csrf:32alnum>", PLAIN)
    if name in dialect.same_session:
        text = text.replace("<session:32alnum>", "{{session}}")
    for recorded, hole in dialect.told:
        text = re.sub(recorded, hole, text)
    if any(line.startswith("id {{id}} ") for line in given(dialect, name)):
        text = text.replace("{{id:number}}", "{{id}}")
    return re.sub(r"<((?:csrf|session|http-date):[^>]+)>", r"{{\1}}", re.sub(r"<len:(\d+)>", r"\1", text))


def sent_csrf(request):
    """The csrftoken cookie goes with the token that field or header show in clear."""
    shown = re.search(r'csrfmiddlewaretoken(?:=|"\r\n\r\n)([A-Za-z0-9]{32})\b', request["body"])
    return shown[1] if shown else request["headers"].get("X-CSRFToken", PLAIN).replace("<csrf-secret:32alnum>", PLAIN)


def notes(dialect, case):
    name = case["name"]
    if name in dialect.new:
        return dialect.new[name]
    cookies = [v for k, v in case.get("response", {}).get("headers", []) if k == "Set-Cookie"]
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


def head(dialect, case, cases):
    """What people and the runner must know before the request."""
    name = case["name"]
    lines = [("name", name), ("seq", case["seq"]),
             ("recorded-with", dialect.recorded_with or f"Django {case['django']}"),
             ("setup", re.sub("state left by the earlier entries.*, in order of seq", "", case["setup"]))]
    lines += [("given", spelled_out(dialect, line, cases)) for line in given(dialect, name)]
    lines += [("note", case.get("note", ""))] + [("expect-note", line) for line in notes(dialect, case)]
    return "".join(f"# {key}: {value}\n" for key, value in lines if value != "") + "\n"


def transcript(dialect, case, cases, pages):
    name, request, response = case["name"], case["request"], case["response"]
    csrf = sent_csrf(request)
    path = request_text(dialect, request["path"], name, csrf)
    sent = [(key, request_text(dialect, value, name, csrf)) for key, value in request["headers"].items()]
    sent_body = body_text(dialect, request_text(dialect, request["body"], name, csrf),
                          request["headers"].get("Content-Type", ""), pages)
    told = [(key, answer_text(dialect, value, name)) for key, value in response["headers"]]
    return (head(dialect, case, cases) +
            message(f"{request['method']} {path} HTTP/1.1", sent, sent_body) + "\n### expect\n" +
            message(f"HTTP/1.1 {response['status']} {response['reason']}", told,
                    body_text(dialect, answer_text(dialect, response["body"], name), "", pages)))


def letter(dialect, case, cases):
    told = {key: answer_text(dialect, value, case["name"]) for key, value in case["email"].items()}
    headers = [("To", told["to"]), ("Subject", told["subject"]), ("Content-Type", told["content_type"])]
    return (head(dialect, case, cases) + message("### letter", headers, "") + f"\n### text\n{told['text']}\n" +
            f"\n### html\n{told['html']}\n")


def file_of(dialect, name):
    capability = next(word for prefix, word in dialect.capabilities.items() if name.startswith(prefix))
    rest = name.partition(".")[2]
    return pathlib.Path(capability, re.sub(r"[^A-Za-z0-9]+", "_", rest).strip("_") + ".http")


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    root, pages, written = pathlib.Path(sys.argv[2]), {}, set()
    dialect = DIALECTS[root.name]
    recorded = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    cases = {case["name"]: case for case in recorded if dialect.profile in ("", case["profile"])
             and any(fnmatch.fnmatchcase(case["name"], pattern) for pattern in dialect.only)
             and not any(fnmatch.fnmatchcase(case["name"], pattern) for pattern in dialect.left_out)}
    for name, case in cases.items():
        file = root / file_of(dialect, name)
        assert file not in written, f"two cases want {file}"
        written.add(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        text = letter(dialect, case, cases) if "email" in case else transcript(dialect, case, cases, pages)
        file.write_text(text, encoding="utf-8", newline="\n")
    for file, body in pages.items():
        (root / "pages").mkdir(exist_ok=True)
        (root / "pages" / file).write_text(body, encoding="utf-8", newline="\n")
    print(f"{len(written)} transcripts, {len(pages)} pages")


if __name__ == "__main__":
    main()
