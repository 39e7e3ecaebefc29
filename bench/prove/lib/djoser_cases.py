"""Requests of the djoser dialect, right ones with none to two things changed. `<<what:role>>` is filled in by lib/djoser_people.py."""
import dataclasses
import json
import random
from urllib.parse import quote

from lib.djoser_people import PASSWORD, PLACEHOLDER

OTHER = "0ther-Pass-88"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


@dataclasses.dataclass
class Case:
    route: str
    method: str
    path: str
    fields: dict | None = None   # the body's members
    authorization: str | None = None
    content_type: str | None = "application/json"
    encoding: str = "json"       # json, form, multipart or a text that is the whole body
    accept: str | None = None
    changes: tuple = ()

    def headers(self):
        named = (("Authorization", self.authorization), ("Accept", self.accept))
        kept = [(name, value) for name, value in named if value is not None]
        return kept + ([("Content-Type", self.content_type)] if self.body() is not None and self.content_type is not None else [])

    def body(self):
        """As text of which each character is a byte; None = no body and no Content-Length."""
        if self.fields is None and self.encoding in ENCODERS:
            return None
        return ENCODERS[self.encoding](self.fields) if self.encoding in ENCODERS else self.encoding

    def roles(self):
        parts = [self.path, self.body() or "", *(value for _, value in self.headers())]
        return {role for part in parts for _, role in PLACEHOLDER.findall(part)}


def as_bytes(text):
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def as_json(fields):
    text = json.dumps(fields, ensure_ascii=any("\ud800" in str(value) for value in fields.values()))
    return as_bytes(text)


def pairs(fields):
    """What a form can say: texts, one name perhaps more than once; no null."""
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield name, one if isinstance(one, str) else json.dumps(one)


def as_form(fields):
    return "&".join(f"{quote(name)}={quote(as_bytes(value).encode('latin-1'), safe='<>:')}" for name, value in pairs(fields))


def as_multipart(fields):
    parts = (f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{as_bytes(value)}\r\n' for name, value in pairs(fields))
    return "".join(parts) + "--b--\r\n"


ENCODERS = {"json": as_json, "form": as_form, "multipart": as_multipart}

MINE = "Token <<token:ann>>"
AUTHORIZATIONS = {
    "no Authorization": None, "empty Authorization": "", "token": MINE, "lower-case scheme": "token <<token:ann>>",
    "two spaces": "Token  <<token:ann>>", "tab": "Token\t<<token:ann>>", "upper-case token": "Token <<TOKEN:ann>>",
    "unknown token": "Token " + "0" * 40, "short token": "Token 0123", "long token": "Token <<token:ann>>0", "no token": "Token",
    "two tokens": "Token a b", "token not ASCII": "Token \xff\xfe", "quoted token": 'Token "<<token:ann>>"', "Basic": "Basic YTpi",
    "scheme not ASCII": "\xff", "glued scheme": "Token<<token:ann>>", "JWT scheme": "JWT <<access:ann>>",
    "Bearer access": "Bearer <<access:ann>>", "Bearer refresh": "Bearer <<refresh:ann>>", "Bearer unknown": "Bearer nope",
    "Bearer alone": "Bearer", "Bearer of three": "Bearer a b c", "bob's token": "Token <<token:bob>>",
}
CONTENT_TYPES = (  # for a body of JSON
    "application/json; charset=utf-8", "application/json; charset=UTF-8", 'application/json; charset="utf-8"', "application/json;charset=latin-1",
    "application/json; charset=nonsense", "APPLICATION/JSON", "application/json; version=2", "text/json", "application/vnd.api+json", "text/plain",
    "application/xml", "application/octet-stream", "application/*", "*/*", "json", "application/json, text/plain", "", None, FORM, MULTIPART,
    "multipart/form-data",
)
FORM_TYPES = (FORM, FORM, FORM + "; charset=utf-8", FORM + "; charset=UTF-8", FORM + "; charset=latin-1")
ACCEPTS = (
    "*/*", "application/json", "application/*", "text/html", "text/*", "application/xml", "application/xml, */*;q=0.1", "application/json;q=0.1",
    "application/json; indent=4", "application/json; version=1", "", "nonsense", "image/png, application/json",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
)
PATHS = {  # a change of the path, and what it makes of `/auth/users/me/`
    "no slash": lambda path: path.rstrip("/"), "two slashes": lambda path: path + "/",
    ".json": lambda path: path.rstrip("/") + ".json", ".json/": lambda path: path.rstrip("/") + ".json/",
    ".xml": lambda path: path.rstrip("/") + ".xml", "?format=json": lambda path: path + "?format=json",
    "?format=xml": lambda path: path + "?format=xml", "?format=": lambda path: path + "?format=", "?other": lambda path: path + "?a=1&format",
    "one more segment": lambda path: path + "more/", "unknown": lambda path: path.replace("/auth/", "/auth/no", 1),
}
VALUES = (  # what might be accepted names somebody new, so that it is as free the next time
    None, "", "   ", 0, 12345, -1, 1.5, 10**30, True, False, [], ["a"], {}, {"a": 1}, "a\0b", "\ud800", "Ёжик <<name:new>>", "😀<<name:new>>",
    "x" * 129, "x" * 151, "x" * 255, "x" * 3000, "  <<name:new>>  ", "\t<<name:new>>\n", "\u00a0<<name:new>>\u00a0", "a\nb", "<b>", "me", "null",
    "<<name:new>>@b", "<<name:new>>@b.co", "<<name:new>>@localhost", "<<name:new>>@127.0.0.1", "<<name:new>>@[127.0.0.1]", "<<name:new>>@[::1]",
    "ёж@example.test", "<<name:new>>@пример.рф", '"<<name:new>> q"@example.test', "a..b@example.test", "a@-b.test", "a@b.test.", "a@b@c.test",
    "a" * 65 + "<<name:new>>@example.test", "A+b.c_d-e<<name:new>>@Sub.Example.test", "!#$%&'*+/=?^_`{|}~<<name:new>>@example.test",
    "  <<email:new>>  ", "<<email:bob>>", "<<EMAIL:bob>>", "<<DOMAIN:bob>>", "<<login:bob>>", "<<login:ann>>", "<<name:bob>>", "<<NAME:bob>>",
    "<<email:new>>", "<<name:new>>", "bad name <<name:new>>!", PASSWORD, f"  {PASSWORD}  ", OTHER + "x", f"  {OTHER}  ", "password", "PassWord1",
    "1234567", "123456789012", "short", "12345678", "<<name:new>>@ex", "<<name:ann>>x", "example.test", "пароль из слов",
)
ISSUED = (  # for what a server gives out; elsewhere these would differ in length from server to server
    "<<uid:ann>>", "<<uid:bob>>", "<<uid:ann>>==", "<<loose:ann>>", " <<uid:ann>> ", "OTk5OTk5", "YWJj", "!", "0", "-1",
    "aaaaaa-00000000000000000000000000000000", "nonsense", "<<access:ann>>", "<<refresh:ann>>", " <<refresh:ann>> ", "<<access:ann>>x", "a.b.c", "..",
)
TEXTS = (  # bodies that are no JSON object, or no JSON
    "null", "[]", "[1, 2]", '"x"', "1", "1.5", "-0", "true", "false", "", "  ", "{", '{"a":1,}', "[1", "nul", "{'a':1}", '{"a" 1}', '{"a":1}x', "{1:2}",
    '{"a":1 "b":2}', "NaN", '{"a":NaN}', '{"a":-Infinity}', '{"a":1e999}', '{"a":"\x01"}', '{"a":"b\n"}', "\xef\xbb\xbf{}", '{"a":"\xff"}',
    '{"a":"\xed\xa0\x80"}', '{"a":"\\ud800"}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":"x', "[", '{"a":', '{"a"', "-",
    '\n\n{"a":\n  x}', "{}\n\n", "{\0}", '{"\xd1\x91":', '{"a":"\xf0\x9f\x98\x80" x', "[" * 100 + "]" * 100, "a=1", "--b--\r\n", "<a/>",
)


def routes(profile):
    """[(how often, requests that succeed or come near)] of each route."""
    login = "email" if profile == "email" else "username"
    retype = profile != "default"
    name = {"username": "<<name:new>>"} if profile == "default" else {}
    new = {f"new_{login}": "<<email:new>>" if profile == "email" else "<<name:new>>"}
    one = {"current_password": PASSWORD}
    four = (("GET", None), ("PUT", {"email": "<<email:new>>"}), ("PATCH", {"email": "<<email:ann>>"}), ("DELETE", one))
    sign_in = {login: "<<login:ann>>", "password": PASSWORD}

    def post(route, fields, path=None, authorization=None):
        return Case(route, "POST", path or f"/auth/users/{route}/", fields, authorization)

    waiting = [] if profile == "default" else [
        (4, [post("activation", {"uid": "<<uid:ida>>", "token": "<<activation:ida>>"})]),
        (1, [post("token_login", {login: "<<login:ida>>", "password": PASSWORD}, "/auth/token/login/")]),
        (1, [post("resend_activation", {"email": "<<email:ida>>"})]),
    ]
    return [
        (8, [post("create", {"email": "<<email:new>>", **name, "password": PASSWORD, **({"re_password": PASSWORD} if retype else {})}, "/auth/users/")]),
        (1, [Case("list", "GET", "/auth/users/", None, MINE)]),
        (5, [Case("me", method, "/auth/users/me/", fields, MINE) for method, fields in four]),
        (3, [Case("detail", method, f"/auth/users/<<id:{who}>>/", fields, MINE) for who in ("ann", "bob") for method, fields in four]),
        (1, [Case("detail", "GET", f"/auth/users/{who}/", None, MINE) for who in ("999999999", "0", "-1", "1.5", "no", "%D1%91", "9" * 20)]),
        (3, [post("reset_password", {"email": "<<email:ann>>"})]),
        (4, [post("reset_password_confirm", {"uid": "<<uid:ann>>", "token": "<<reset:ann>>", "new_password": OTHER})]),
        (4, [post("set_password", {"new_password": OTHER, **({"re_new_password": OTHER} if retype else {}), **one}, None, MINE)]),
        (4, [post("set_login", {**new, **one}, f"/auth/users/set_{login}/", MINE)]),
        (1, [post("reset_login", {"email": "<<email:ann>>"}, f"/auth/users/reset_{login}/")]),
        (3, [post("reset_login_confirm", {"uid": "<<uid:ann>>", "token": "<<rename:ann>>", **new}, f"/auth/users/reset_{login}_confirm/")]),
        (1, [post("resend_activation", {"email": "<<email:ann>>"})]),
        (5, [post("token_login", sign_in, "/auth/token/login/")]),
        (2, [post("token_logout", None, "/auth/token/logout/", MINE)]),
        (3, [post("jwt_create", sign_in, "/auth/jwt/create/")]),
        (3, [post("jwt_refresh", {"refresh": "<<refresh:ann>>"}, "/auth/jwt/refresh/")]),
        (2, [post("jwt_verify", {"token": f"<<{kind}:ann>>"}, "/auth/jwt/verify/") for kind in ("access", "refresh")]),
        (1, [Case("root", "GET", "/auth/")]),
        *waiting,
    ]


def generate(profile, count, seed):
    """`count` cases; the same for the same arguments."""
    chance = random.Random(f"{profile} {seed}")
    weights, starts = zip(*routes(profile), strict=True)
    authorizations = {**AUTHORIZATIONS, **({"token of off": "Token <<token:off>>"} if profile == "seed" else {})}
    for _ in range(count):
        case = dataclasses.replace(chance.choice(chance.choices(starts, weights)[0]))
        wanted = chance.choices([change for change, _ in CHANGES], [often for _, often in CHANGES], k=chance.choices((0, 1, 2), (5, 55, 40))[0])
        for change, _ in CHANGES:
            if change in wanted:
                change(case, chance, authorizations)
        yield case


def changes_type(case, chance, _):
    """Another type for the same bytes, or the same fields in another encoding."""
    if chance.random() < 0.5:
        case.content_type = chance.choice(CONTENT_TYPES)
    else:
        case.encoding = chance.choice(("form", "multipart"))
        case.content_type = chance.choice(FORM_TYPES) if case.encoding == "form" else MULTIPART
    case.changes += (f"{case.encoding} as {case.content_type}",)


def changes_method(case, chance, _):
    case.method = chance.choice(METHODS)
    case.changes += (f"method {case.method}",)


def changes_authorization(case, chance, authorizations):
    name = chance.choice(list(authorizations))
    case.authorization = authorizations[name]
    case.changes += (name,)


def changes_accept(case, chance, _):
    case.accept = chance.choice(ACCEPTS)
    case.changes += (f"Accept {case.accept!r}",)


def changes_path(case, chance, _):
    name = chance.choice(list(PATHS))
    case.path = PATHS[name](case.path)
    case.changes += (f"path {name}",)


def changes_body(case, chance, _):
    """One or two members wrong, missing, too many or there twice; or no object at all."""
    chance.choices((changes_fields, changes_text, changes_duplicate), (6, 3, 1))[0](case, chance)


def changes_fields(case, chance):
    case.fields = dict(case.fields or {})
    for name in chance.sample([*case.fields] or ["email"], k=min(len(case.fields) or 1, chance.choice((1, 1, 2)))):
        if chance.random() < 0.2:
            case.fields.pop(name, None)
            case.changes += (f"no {name}",)
            continue
        case.fields[name] = chance.choice(ISSUED if name in ("uid", "token", "refresh") and chance.random() < 0.5 else VALUES)
        case.changes += (f"{name} = {str(case.fields[name])[:24]!r}",)
        if f"re_{name}" in case.fields and chance.random() < 0.6:  # the same mistake twice, so that the next check is reached
            case.fields[f"re_{name}"] = case.fields[name]
    if chance.random() < 0.1:
        name = chance.choice(("id", "is_staff", "is_active", "username", "email", "extra"))
        case.fields.setdefault(name, chance.choice(VALUES))
        case.changes += (f"{name} too",)


def changes_text(case, chance):
    case.encoding = chance.choice(TEXTS)
    case.changes += (f"body {case.encoding[:20]!r}",)


def changes_duplicate(case, chance):
    """One name twice: which one counts?"""
    if not case.fields:
        return
    name = chance.choice(list(case.fields))
    first, second = chance.sample([case.fields[name], "first", "", PASSWORD + "x"], 2)
    rest = {other: value for other, value in case.fields.items() if other != name}
    if chance.random() < 0.5:
        case.encoding = f'{{"{name}": {json.dumps(first)}, "{name}": {json.dumps(second)}{", " if rest else ""}{as_json(rest)[1:]}'
    else:
        case.encoding, case.content_type = as_form({**rest, name: [first, second]}), FORM
    case.changes += (f"{name} twice: {first!r}, {second!r}",)


# In the order in which they are made: a body may replace what was encoded, not the other way round.
CHANGES = ((changes_type, 2), (changes_method, 1), (changes_authorization, 2), (changes_accept, 1), (changes_path, 1), (changes_body, 6))
