"""What a server has acknowledged, written down and fsynced; load that makes such facts; an audit that asks for each again.

An operation whose answer never came is `open`: the audit accepts that it happened wholly or not at all, and settles it.
"""
import json
import os
import random
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from lib import client, control

# for every faulty disk: as many operations as possible, none of them refused by a limit
CHEAP = ("passwords.argon2_memory_kib=8", "passwords.argon2_passes=1", "limits.enabled=false")
BATCH = 32  # pipelined requests


class Account:
    """The acknowledged state of one account. `open` names the operation without an answer, if any."""

    def __init__(self, name):
        self.name, self.exists, self.enabled = name, False, True
        self.password, self.old_password = "first word of " + name, None
        self.live, self.ended = set(), set()  # session secrets
        self.open = None                      # (operation, its argument)


class Ledger:
    def __init__(self, path):
        self.accounts, self.counts = [], Counter()
        self.lock, self.file = threading.Lock(), open(path, "a", encoding="utf-8")

    def acknowledged(self, operation, account, detail=""):
        """The line is on the disk before the load goes on."""
        with self.lock:
            self.counts[operation] += 1
            self.file.write(json.dumps([operation, account.name, detail]) + "\n")
            self.file.flush()
            os.fdatasync(self.file.fileno())

    def add(self, account):
        with self.lock:
            self.accounts.append(account)

    def total(self):
        return sum(self.counts.values())


class Refused(Exception):
    """An answer that the operation should not have got."""


class Worker:
    """Works on accounts of its own, one operation after the other, so that it knows what must be true of each."""

    OPERATIONS = {"register": 30, "sign_in": 30, "sign_out": 15, "set_password": 8, "disable": 3, "enable": 2, "check": 12}

    def __init__(self, ledger, server, name, seed):
        self.ledger, self.server, self.name = ledger, server, name
        self.random, self.made, self.tried, self.own, self.acknowledged = random.Random(seed), 0, 0, [], 0
        self.on_unavailable = None  # called with each 503 answer; without it a 503 is a violation
        self.always_checks = True   # a check is answered from memory or from a file; a database server may be away

    def run(self, is_over):
        """Until is_over() or the server is gone."""
        with client.Connection(self.server.port, timeout=60) as connection:
            while not is_over():
                self.one(connection)

    def one(self, connection):
        operation = self.random.choices(list(self.OPERATIONS), list(self.OPERATIONS.values()))[0]
        account = Account(f"{self.name}-{self.made}") if operation == "register" or not self.own else self.random.choice(self.own)
        operation = operation if account.exists else "register"
        secret = self.random.choice(sorted(account.live)) if operation in ("sign_out", "check") and account.live else None
        if operation in ("sign_out", "check") and not secret:
            return
        if (operation == "enable") == account.enabled and operation in ("set_password", "disable", "enable"):
            return  # only these changes can be told from the outside
        self.tried += 1
        detail = secret if secret else f"word {self.tried} of {account.name}" if operation == "set_password" else None
        account.open = (operation, detail)
        if operation == "register":
            self.made += 1
            self.own.append(account)
            self.ledger.add(account)
        answer = self.ask(connection, operation, account, detail)  # throws if there is none: the operation stays open
        account.open = None
        if answer == "unavailable":
            # It may still have happened (a deadline, an unknown commit): nothing more is done to the account, the audit settles it.
            account.open = ("refused " * (operation == "register") + operation, detail)
            self.own.remove(account)
            return
        self.note(operation, account, detail, answer)

    def ask(self, connection, operation, account, detail):
        if operation in ("set_password", "disable", "enable"):
            members = {"password": detail} if operation == "set_password" else {}
            answer = control.ask(self.server.data, "account." + operation, identifier=account.name, **members)
            if answer == "outage" and self.on_unavailable:
                return "unavailable"
            if not isinstance(answer, dict):
                raise Refused(f"{operation} {account.name}: {answer}")
            return answer
        answer = {"register": lambda: client.register(connection, account.name, account.password),
                  "sign_in": lambda: client.sign_in(connection, account.name, account.password),
                  "sign_out": lambda: client.sign_out(connection, detail),
                  "check": lambda: client.check(connection, detail)}[operation]()
        if answer.status == 503 and self.on_unavailable and (operation != "check" or not self.always_checks):
            self.on_unavailable(answer)
            return "unavailable"
        expected = 405 if operation == "sign_in" and not account.enabled else 200
        if answer.status != expected or (expected == 200 and operation == "sign_in" and not answer.cookie("sessionid")):
            raise Refused(f"{operation} {account.name}: {answer.status} {answer.body!r}")
        return answer

    def note(self, operation, account, detail, answer):
        if operation == "register":
            account.exists = True
        elif operation == "sign_in":
            if answer.status != 200:
                return
            detail = answer.cookie("sessionid")
            account.live.add(detail)
        elif operation == "sign_out":
            end(account, [detail])
        elif operation != "check":
            apply_operation(operation, account, detail)
        self.acknowledged += operation != "check"
        self.ledger.acknowledged(operation, account, detail or "")


def end(account, secrets):
    account.ended.update(secrets)
    account.live.difference_update(secrets)


def apply_operation(operation, account, detail):
    """What set_password, disable and enable make of an account."""
    if operation == "set_password":
        account.old_password, account.password = account.password, detail
    if operation in ("disable", "enable"):
        account.enabled = operation == "enable"
    if operation != "enable":
        end(account, list(account.live))


def sign_in_request(name, password, session=None):
    cookie = f"csrftoken={client.CSRF}" + (f"; sessionid={session}" if session else "")
    return client.raw_request("POST", "/mobile/login/", (client.FORM, ("Cookie", cookie)), client.sign_in_body(name, password))


def check_request(session):
    return client.raw_request("GET", "/mobile/start/", (("Cookie", f"sessionid={session}"),))


def pipelined(port, requests):
    """The answers to many requests, in order, over one connection, a batch at a time."""
    answers = []
    with client.Connection(port) as connection:
        for first in range(0, len(requests), BATCH):
            batch = requests[first:first + BATCH]
            connection.send(b"".join(batch))
            answers += [connection.answer() for _ in batch]
    return answers


def over_connections(port, requests, connections=8):
    """The answers to independent requests, in order, over several connections."""
    size = max(1, -(-len(requests) // connections))
    parts = [requests[at:at + size] for at in range(0, len(requests), size)]
    with ThreadPoolExecutor(connections) as pool:
        return [answer for part in pool.map(lambda part: pipelined(port, part), parts) for answer in part]


def audit(ledger, port):
    """Asks for every acknowledged fact through the API; the list of what is not true. Settles open operations first."""
    wrong = []
    for account in ledger.accounts:
        if account.open:
            wrong += settle(account, port)
    ledger.accounts = [account for account in ledger.accounts if account.exists]
    checks = [(account, secret, status) for account in ledger.accounts
              for secrets, status in ((account.live, 200), (account.ended, 405)) for secret in secrets]
    answers = over_connections(port, [check_request(secret) for _, secret, _ in checks])
    wrong += [f"session {secret} of {account.name} is {answer.status}, not {status}"
              for (account, secret, status), answer in zip(checks, answers) if answer.status != status]
    return wrong + audit_passwords(ledger, port)


def audit_passwords(ledger, port):
    wrong = []
    stale = [account for account in ledger.accounts if account.old_password]
    answers = over_connections(port, [sign_in_request(account.name, account.old_password) for account in stale])
    wrong += [f"{account.name} is signed in ({answer.status}) with its old password"
              for account, answer in zip(stale, answers) if answer.status != 405]
    answers = over_connections(port, [sign_in_request(account.name, account.password, min(account.live, default=None))
                                      for account in ledger.accounts])
    for account, answer in zip(ledger.accounts, answers):
        if answer.status != (200 if account.enabled else 405):
            wrong.append(f"{account.name} gets {answer.status} with its password; enabled: {account.enabled}")
        elif answer.status == 200:
            account.live.add(answer.cookie("sessionid"))
    return wrong


def settle(account, port):
    """Finds out which of its two outcomes an open operation had, and that it is one of the two wholly."""
    (operation, detail), account.open = account.open, None
    status = lambda password: client.sign_in(port, account.name, password).status  # noqa: E731
    if operation == "refused register":
        account.exists = status(account.password) == 200
    elif operation == "register":
        if status(account.password) == 200:
            account.exists = True
        elif client.register(port, account.name, account.password).status == 200:
            account.exists = True
        else:
            return [f"{account.name} neither exists nor can be registered"]
    elif operation == "sign_out" and client.check(port, detail).status == 405:
        end(account, [detail])
    elif operation == "set_password" and status(detail) == 200:
        apply_operation(operation, account, detail)
    elif operation in ("disable", "enable") and (status(account.password) == 200) == (operation == "enable"):
        apply_operation(operation, account, detail)
    return []


def audit_rows(ledger, data):
    """What only the rows can show: a sound file, no half of an action. Bounds are the acknowledged and the unanswered."""
    with sqlite3.connect(f"file:{data}/propusk.db?mode=ro", uri=True) as rows:
        integrity = [row[0] for row in rows.execute("PRAGMA integrity_check")] + [str(row) for row in rows.execute("PRAGMA foreign_key_check")]
        orphans = rows.execute(ORPHANS).fetchone()[0]
        events = dict(rows.execute(EVENTS))
    rows.close()
    return [f"integrity: {line}" for line in integrity if line != "ok"] + audit_events(ledger, orphans, events)


def audit_database(ledger, cluster, database):
    """The same of a database of a PostgreSQL cluster (lib/postgres.py), whose soundness is its own affair."""
    events = {action: int(count) for action, count in cluster.query(EVENTS, database)}
    return audit_events(ledger, int(cluster.value(ORPHANS, database)), events)


ORPHANS = ("SELECT count(*) FROM accounts WHERE id NOT IN (SELECT account FROM audit_events WHERE action = 'account_created' AND account IS NOT"
           " NULL)")
EVENTS = "SELECT action, count(*) FROM audit_events GROUP BY action"


def audit_events(ledger, orphans, events):
    wrong = [f"{orphans} accounts without the event of their registration"] if orphans else []
    for operation, action in (("register", "account_created"), ("sign_in", "signed_in"), ("sign_out", "signed_out"), ("set_password", "password_set")):
        if events.get(action, 0) < ledger.counts[operation]:
            wrong.append(f"{events.get(action, 0)} events {action}, but {ledger.counts[operation]} were acknowledged")
    return wrong
