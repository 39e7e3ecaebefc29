"""Fills a data directory with accounts and live sessions, as rows: signing 100,000 people in would take minutes."""
import hashlib
import random
import sqlite3
import time

from lib import load, report, server

PASSWORD = "correct horse 7"
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
TOKEN_ALPHABET = ALPHABET + ALPHABET[:26].upper()
LIFE = 14 * 24 * 3600 * 1_000_000  # life of a browser session in microseconds (core/sessions/credential.hpp)


def address(name, number=0, domains=1):
    """The e-mail address of account `number`: all at example.org, or spread over so many domains."""
    return f"{name}@example.org" if domains == 1 else f"{name}@d{number % domains}.test"


def fill(data, accounts, sessions=0, seed=1, domains=1):
    """Accounts user0..; all have PASSWORD. Returns (usernames, session keys), session i belonging to account i."""
    code, said = server.run_command("account", "create", "first", data=data, text=PASSWORD + "\n")
    if code:
        raise RuntimeError(said)
    chance = random.Random(seed)
    now = time.time_ns() // 1000
    usernames = [f"user{i}" for i in range(accounts)]
    ids = chance.sample(range(1, 2**31), accounts)
    keys = ["".join(chance.choices(ALPHABET, k=32)) for _ in range(sessions)]
    with sqlite3.connect(data / "propusk.db") as rows:
        hashed, = rows.execute("SELECT password_hash FROM accounts").fetchone()
        rows.executemany(
            "INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, password_hash, state, epoch,"
            " created_at, password_changed_at, failed_sign_ins) VALUES (?, ?, ?, ?, ?, 0, ?, 'active', 1, ?, ?, 0)",
            [(i, name, name, address(name, n, domains), address(name, n, domains), hashed, now, now)
             for n, (i, name) in enumerate(zip(ids, usernames, strict=True))])
        rows.executemany(
            "INSERT INTO credentials (digest, kind, account, epoch, label, created_at, seen_at, expires_at)"
            " VALUES (?, 'browser_session', ?, 1, '', ?, ?, ?)",
            [(hashlib.sha256(key.encode()).digest(), i, now, now, now + LIFE) for key, i in zip(keys, ids, strict=False)])
    rows.close()
    return usernames, keys


def tokens(data, count, seed=2):
    """A live token of the djoser dialect for each of `count` accounts, stored as that stores it: SHA-256 of the 40 characters."""
    chance = random.Random(seed)
    now = time.time_ns() // 1000
    keys = [f"{chance.getrandbits(160):040x}" for _ in range(count)]
    with sqlite3.connect(data / "propusk.db") as rows:
        ids = [i for i, in rows.execute("SELECT id FROM accounts ORDER BY id LIMIT ?", (count,))]
        rows.executemany(
            "INSERT INTO credentials (digest, kind, account, epoch, label, created_at, seen_at, expires_at)"
            " VALUES (?, 'auth_token', ?, 1, '', ?, ?, ?)",
            [(hashlib.sha256(key.encode()).digest(), i, now, now, now + LIFE) for key, i in zip(keys, ids, strict=True)])
    rows.close()
    return keys


def access_tokens(data, client, count, seed=3):
    """A live access token of the OAuth dialect that `client` (an id) has for each of `count` accounts, stored as that stores it."""
    chance = random.Random(seed)
    now = time.time_ns() // 1000
    keys = ["".join(chance.choices(TOKEN_ALPHABET, k=30)) for _ in range(count)]
    with sqlite3.connect(data / "propusk.db") as rows:
        epoch, = rows.execute("SELECT epoch FROM clients WHERE id = ?", (client,)).fetchone()
        ids = [i for i, in rows.execute("SELECT id FROM accounts ORDER BY id LIMIT ?", (count,))]
        rows.executemany(
            "INSERT INTO credentials (digest, kind, account, epoch, label, created_at, seen_at, expires_at, client, client_epoch, scope)"
            " VALUES (?, 'oauth_access', ?, 1, '', ?, ?, ?, ?, ?, 'read write')",
            [(hashlib.sha256(key.encode()).digest(), i, now, now, now + LIFE, client, epoch) for key, i in zip(keys, ids, strict=True)])
    rows.close()
    return keys


def lines(values):
    """A file with one value per line, for the load generator."""
    path = server.temporary_directory() / "values"
    path.write_text("\n".join(values) + "\n")
    return path


def warm(running, keys_file, count, path="/mobile/start/", header="Cookie: sessionid={v}", *more):
    """Checks every session once, so that memory knows them all. Each request comes from another client network, because
    what is not in memory is rationed per network; `running` must trust 127.0.0.1 as a proxy. `more`: options of the load generator."""
    result = load.run(running.port, path, "-n", count, "-w", 0, "-d", 300, "-V", keys_file, *more,
                      headers=(header, "X-Forwarded-For: 10.{r:256}.{r:256}.{r:256}"))
    known = running.metrics()["propusk_sessions_in_memory"]
    report.holds("sessions_in_memory", f"{known:.0f}", f"={count}", known == count and result["errors"] == 0)
