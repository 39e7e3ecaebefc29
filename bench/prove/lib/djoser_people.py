"""Two servers with the same people. What a request names (`<<token:ann>>`) is filled in as each server knows it.

The roles: ann and bob are active and have a token; ida waits for her activation; off was deactivated while she had a token
(profile seed); new is not there yet, and somebody else in each request. Whoever a request has changed is replaced before the next.
"""
import base64
import email
import email.policy
import json
import re

from lib import client, recovery

PASSWORD = "Str0ng-Pass-77"
JSON = ("Content-Type", "application/json")
PLACEHOLDER = re.compile(r"<<(\w+):(\w+)>>")
LINK = re.compile(r"/auth/(activate|password/reset|username/reset)(?:/confirm)?/([\w-]+)/([\w-]+)")
MAILED = {"activation": "activate", "reset": "password/reset", "rename": "username/reset"}  # what is asked for: page of the link
PATIENCE = 30  # seconds for a mail


class Mailbox:
    """A directory of mails, one in a file. Django may append one to another's file; it writes a line of dashes after each."""

    def __init__(self, directory):
        self.directory, self.sizes, self.links = directory, {}, {}

    def token(self, recipient, page):
        """The token of the newest link to `page` that was mailed to `recipient`; waits for it."""
        if not recovery.wait_until(lambda: self._read() or (recipient, page) in self.links, PATIENCE):
            raise RuntimeError(f"no mail with a link to {page} for {recipient} in {self.directory}")
        return self.links[recipient, page]

    def _read(self):
        sizes = {path: path.stat().st_size for path in sorted(self.directory.glob("*"), key=lambda path: path.stat().st_mtime_ns)}
        for path, size in sizes.items():
            if size > self.sizes.get(path, 0):
                for text in path.read_bytes()[self.sizes.get(path, 0):size].split(b"\n" + b"-" * 79 + b"\n"):
                    self._take(email.message_from_bytes(text, policy=email.policy.default))
        self.sizes = sizes

    def _take(self, message):
        text = message.get_body(("plain",)) if message["To"] else None
        for page, _, token in LINK.findall(text.get_content()) if text else ():
            self.links[message["To"].addresses[0].addr_spec, page] = token


class Side:
    """One of the two servers."""

    def __init__(self, name, port, profile, mailbox):
        self.name, self.port, self.profile, self.mailbox = name, port, profile, mailbox
        self.people, self.known = {}, {}  # id: person; (what, person): value

    def ask(self, method, path, headers=(), body=None):
        return client.request(self.port, method, path, headers, body)

    def must(self, status, method, path, fields, headers=()):
        """One step of preparation; the answer as JSON, if there is one."""
        answer = self.ask(method, path, [JSON, *headers], json.dumps(fields).encode())
        if answer.status != status:
            raise RuntimeError(f"{self.name} answers {answer.status} {answer.body!r}, not {status}, to {method} {path} {fields}")
        return json.loads(answer.body) if answer.body else None

    def add(self, person, role):
        username = {"username": person} if self.profile == "default" else {"re_password": PASSWORD}
        made = self.must(201, "POST", "/auth/users/", {"email": f"{person}@example.test", "password": PASSWORD, **username})
        self.people[made["id"]] = person
        self.known["id", person] = str(made["id"])
        self.known["uid", person] = base64.urlsafe_b64encode(str(made["id"]).encode()).decode().rstrip("=")
        if role == "ida":
            return
        if self.profile != "default":
            self.must(204, "POST", "/auth/users/activation/", {name: self.value(what, person) for name, what in
                                                               (("uid", "uid"), ("token", "activation"))})
        # at once: a sign-in ends the mailed tokens of the original, so none may come after they were asked for
        self.known["token", person] = self.must(200, "POST", "/auth/token/login/", self.credentials(person))["auth_token"]
        if role == "off":
            token = ("Authorization", "Token " + self.known["token", person])
            self.must(200, "PATCH", "/auth/users/me/", {"email": f"{person}.moved@example.test"}, [token])

    def credentials(self, person):
        return {"email" if self.profile == "email" else "username": self.value("login", person), "password": PASSWORD}

    def value(self, what, person):
        if (what, person) not in self.known:
            self.known[what, person] = self._find(what, person)
        return self.known[what, person]

    def _find(self, what, person):
        address = f"{person}@example.test"
        if what == "activation":
            return self.mailbox.token(address, MAILED[what])
        if what in ("reset", "rename"):
            by = "password" if what == "reset" else "email" if self.profile == "email" else "username"
            self.must(204, "POST", f"/auth/users/reset_{by}/", {"email": address})
            return self.mailbox.token(address, MAILED[what])
        if what == "loose":  # other bits behind the last whole byte, which Python does not look at
            uid = self.known["uid", person]
            return uid[:-1] + chr(ord(uid[-1]) + 1) if len(uid) % 4 else uid
        if what in ("access", "refresh"):
            return self.must(200, "POST", "/auth/jwt/create/", self.credentials(person))[what]
        return {"name": person, "email": address, "login": person if self.profile == "default" else address,
                "EMAIL": f"{person.upper()}@example.test", "DOMAIN": f"{person}@EXAMPLE.test",
                "NAME": person.upper(), "TOKEN": self.known.get(("token", person), "").upper()}[what]


class Cast:
    """Who plays which role now, on both sides alike."""

    def __init__(self, sides):
        self.sides, self.roles, self.count = sides, {}, 0

    def person(self, role):
        if role not in self.roles:
            self.count += 1
            self.roles[role] = f"{role}{self.count}"
            for side in self.sides if role != "new" else ():
                side.add(self.roles[role], role)
        return self.roles[role]

    def fill(self, side, text):
        return PLACEHOLDER.sub(lambda found: side.value(found[1], self.person(found[2])), text)

    def retire(self, roles):
        for role in roles:
            self.roles.pop(role, None)
