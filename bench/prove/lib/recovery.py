"""The calls of the envelope dialect and the waits that the mail proofs share."""
import time
from urllib.parse import urlencode

from lib import client

PASSWORD = "correct horse 7"


def post(target, path, fields, headers=()):
    return client._on(target, "POST", path, (client.FORM, *headers), urlencode(fields).encode())


def register(target, name, domain="example.org", headers=()):
    """Whether the account is durable."""
    answer = post(target, "/auth/register", {"username": name, "password": PASSWORD, "email": f"{name}@{domain}"}, headers)
    return answer.status == 200 and answer.body.startswith(b'{"status": 1')


def restore(target, email, headers=()):
    return post(target, "/auth/restore", {"email": email}, headers)


def is_ok(answer):
    return answer.status == 200 and answer.body.startswith(b'{"status": 1')


def wait_until(condition, patience):
    """Polls; False when `patience` seconds have passed."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
