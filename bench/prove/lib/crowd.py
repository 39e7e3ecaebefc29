"""Fills a store with a crowd: accounts and live sessions made by rule, so that ten million need neither a list nor a network."""
import hashlib
import sqlite3
import time

from lib import rows

# A number n gives an id that looks drawn and is not: multiplication modulo the prime below 2^31 meets every number once.
PRIME, FACTOR = 2**31 - 1, 1_103_515_245


def username(number):
    return f"user{number}"


def session_key(number):
    """32 of the characters that a session key has."""
    return hashlib.md5(f"session {number}".encode(), usedforsecurity=False).hexdigest()


def account_id(number):
    return (number + 1) * FACTOR % PRIME


def keys_file(path, count, step=1):
    """The session keys, one a line, in an order in which neighbours are strangers."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(session_key(number) + "\n" for start in range(step) for number in range(start, count, step))
    return path


def names_file(path, count, of, offset=0):
    """`count` usernames from all over `of`."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(username(number * (of // count) + offset) + "\n" for number in range(count))
    return path


ACCOUNTS = ("INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, password_hash, state, epoch, created_at,"
            " password_changed_at, failed_sign_ins) ")
CREDENTIALS = "INSERT INTO credentials (digest, kind, account, epoch, label, created_at, seen_at, expires_at) "


def into_sqlite(data, hashes, accounts, sessions):
    """Account n has the password whose hash is hashes[n % len(hashes)]. The server must not run."""
    now = time.time_ns() // 1000
    with sqlite3.connect(data / "propusk.db", isolation_level=None) as store:
        store.execute("PRAGMA synchronous = OFF")
        store.execute("PRAGMA journal_mode = MEMORY")
        store.execute("PRAGMA cache_size = -4000000")  # KiB: all of what is filled
        indexes = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
                                " ('accounts', 'credentials')").fetchall()
        store.execute("BEGIN")
        for name, _ in indexes:  # made afterwards, as a database administrator would
            store.execute(f"DROP INDEX {name}")
        store.executemany(ACCOUNTS + "VALUES (?1, ?2, ?2, ?3, ?3, 0, ?4, 'active', 1, ?5, ?5, 0)",
                          ((account_id(n), username(n), rows.address(username(n)), hashes[n % len(hashes)], now) for n in range(accounts)))
        digests = ((hashlib.sha256(session_key(n).encode()).digest(), account_id(n), now, now + rows.LIFE) for n in range(sessions))
        store.executemany(CREDENTIALS + "VALUES (?1, 'browser_session', ?2, 1, '', ?3, ?3, ?4)", digests)
        for _, sql in indexes:
            store.execute(sql)
        store.execute("COMMIT")
        store.execute("PRAGMA journal_mode = WAL")
    store.close()


def into_postgres(cluster, database, hashes, accounts, sessions):
    """The same. Nodes may run: what they have in memory is nobody of the crowd."""
    now = time.time_ns() // 1000
    cluster.query(f"""
        {ACCOUNTS} SELECT (n + 1) * {FACTOR}::bigint % {PRIME}, 'user' || n, 'user' || n, 'user' || n || '@example.org',
          'user' || n || '@example.org', 0,
          (string_to_array(:'hashes', ' '))[n % {len(hashes)} + 1], 'active', 1, {now}, {now}, 0 FROM generate_series(0, {accounts} - 1) AS n;
        {CREDENTIALS} SELECT sha256(md5('session ' || n)::bytea), 'browser_session', (n + 1) * {FACTOR}::bigint % {PRIME}, 1, '', {now}, {now},
          {now + rows.LIFE} FROM generate_series(0, {sessions} - 1) AS n;
        VACUUM ANALYZE accounts; VACUUM ANALYZE credentials; CHECKPOINT""", database, hashes=" ".join(hashes))
