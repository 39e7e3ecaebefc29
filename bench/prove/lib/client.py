"""Raw HTTP/1.1 over a socket, and the mobile dialect's three calls. Says exactly what was sent and what came back."""
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

CSRF = "c" * 32  # a client-invented well-formed pair passes (CONTRACTS.md §1)


class Broken(Exception):
    """The connection ended or said something else than HTTP before a whole answer was there."""


class Answer:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.head, self.body = head, body
        self.status = int(lines[0].split(" ", 2)[1])
        self.headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]

    @property
    def size(self):
        """Bytes on the wire."""
        return len(self.head) + len(b"\r\n\r\n") + len(self.body)

    def header(self, name):
        return next((value for known, value in self.headers if known == name.lower()), None)

    def cookie(self, name):
        for known, value in self.headers:
            if known == "set-cookie" and value.startswith(name + "="):
                return value[len(name) + 1:].split(";", 1)[0]
        return None


class Connection:
    """One keep-alive connection; use it in `with`."""

    def __init__(self, port, timeout=60, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, raw):
        try:
            self.socket.sendall(raw)
        except OSError as error:
            raise Broken(str(error)) from error

    def _more(self):
        try:
            chunk = self.socket.recv(65536)
        except OSError as error:
            raise Broken(str(error)) from error
        if not chunk:
            raise Broken("closed")
        self.buffer += chunk

    def answer(self, method="GET"):
        """Reads one whole answer; Broken if it never comes."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 "):
            raise Broken(f"not HTTP: {head[:40]!r}")
        found = Answer(head, b"")
        if found.status == 100:
            return self.answer(method)
        length = 0 if method == "HEAD" else int(found.header("content-length") or 0)
        while len(self.buffer) < length:
            self._more()
        found.body, self.buffer = self.buffer[:length], self.buffer[length:]
        return found

    def request(self, method, path, headers=(), body=None):
        self.send(raw_request(method, path, headers, body))
        return self.answer(method)


def raw_request(method, path, headers=(), body=None):
    """`headers` are (name, value) pairs; a Host is added unless there is one."""
    lines = [f"{method} {path} HTTP/1.1"]
    if not any(name.lower() == "host" for name, _ in headers):
        lines.append("Host: localhost")
    lines += [f"{name}: {value}" for name, value in headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def request(port, method, path, headers=(), body=None, timeout=60):
    """One request on a connection of its own."""
    with Connection(port, timeout) as connection:
        return connection.request(method, path, headers, body)


FORM = ("Content-Type", "application/x-www-form-urlencoded")


def registration_body(username, password="correct horse 7"):
    fields = {"username": username, "password": password, "again_pass": password, "mail": f"{username}@example.org"}
    return urlencode(fields).encode()


def sign_in_body(username, password="correct horse 7"):
    return urlencode({"username": username, "password": password, "csrfmiddlewaretoken": CSRF}).encode()


def register(target, username, password="correct horse 7", headers=()):
    """`target` is a port or a Connection. 200 = the account is durable."""
    return _on(target, "POST", "/mobile/registration/", (FORM, *headers), registration_body(username, password))


def sign_in(target, username, password="correct horse 7", headers=()):
    """200 = signed in; the session's secret is answer.cookie("sessionid")."""
    headers = (FORM, ("Cookie", f"csrftoken={CSRF}"), *headers)
    return _on(target, "POST", "/mobile/login/", headers, sign_in_body(username, password))


def check(target, session, headers=()):
    """200 `Yes` = live, 405 = not signed in."""
    return _on(target, "GET", "/mobile/start/", (("Cookie", f"sessionid={session}"), *headers))


def sign_out(target, session, headers=()):
    return _on(target, "GET", "/mobile/logout", (("Cookie", f"sessionid={session}"), *headers))


def from_client(number):
    """A header that puts a request into a client network of its own; needs server.trusted_proxies=["127.0.0.1"]."""
    return ("X-Forwarded-For", f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")


def in_parallel(function, items, workers=32):
    """function(item) for each item on `workers` threads; the results in order."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))


def _on(target, *arguments):
    return target.request(*arguments) if isinstance(target, Connection) else request(target, *arguments)
