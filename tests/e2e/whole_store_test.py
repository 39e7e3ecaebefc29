#!/usr/bin/env python3
"""Backup beside a busy server, restore with and without credentials, and the move into the other store, killed and run again."""
import contextlib
import glob
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time
import urllib.parse

import databases
import propusk
from propusk import PASSWORD, PATIENCE, command

DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3  # `propusk --help` names these
WRITERS = 4
UNLIMITED = "limits.enabled=false"
ROWS = 60_000  # enough that a move can be killed in the middle


def wait_until(is_so, process=None):
    """`is_so()`, at once or some time later; False if `process` ends before. Neither a database nor a child says when."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if process is not None and process.poll() is not None:
            return False
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen")
        time.sleep(0.01)
    return True


class Writers:
    """Registers accounts until the end of the `with`; `acknowledged` are those that were answered 200."""

    def __init__(self, server):
        self.port, self.acknowledged, self.refused = server.port, [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _write(self, writer):
        connection, made = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE), 0
        with contextlib.closing(connection):
            while not self.over.is_set():
                name, made = f"w{writer}x{made}", made + 1
                form = urllib.parse.urlencode({"password": PASSWORD, "again_pass": PASSWORD, "mail": f"{name}@example.org", "username": name})
                connection.request("POST", "/mobile/registration/", form, {"Content-Type": "application/x-www-form-urlencoded"})
                answer = connection.getresponse()
                body = answer.read()
                (self.acknowledged if answer.status == 200 else self.refused).append(name if answer.status == 200 else body)

    def wait_for(self, count):
        wait_until(lambda: len(self.acknowledged) >= count or self.refused)
        if self.refused:
            raise AssertionError(f"{len(self.acknowledged)} accounts; refused: {self.refused[:1]}")


class WholeStoreTest(propusk.EndToEndTest):
    """`place(name)` makes an empty store: the options that name its directory and its URL."""

    def place(self, name):
        return ["--data", self.path(name)]

    def database(self):
        database = databases.Database()
        self.addCleanup(database.drop)
        return database

    def serve_at(self, place, *settings):
        server = propusk.Server(place[1], UNLIMITED, *place[3:], *settings)
        self.addCleanup(server.close)
        server.wait_for("server.started")
        return server

    def operate(self, *arguments, code=DONE):
        done = command(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def start(self, *arguments):
        """An operator's command that goes on beside the test."""
        process = subprocess.Popen([propusk.binary(), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def add_accounts(self):
        with contextlib.closing(sqlite3.connect(self.path("home/propusk.db"))) as rows, rows:
            rows.executemany(
                "INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, password_hash, state, epoch,"
                " created_at, password_changed_at, failed_sign_ins) VALUES (?, ?, ?, '', '', 0, '', 'active', 1, 1, 1, 0)",
                [(2**40 + n, f"user{n}", f"user{n}") for n in range(ROWS)])


class Backup:
    def setUp(self):
        super().setUp()
        self.home, self.file = self.place("home"), self.path("monday.propusk")
        self.server = self.serve_at(self.home)
        self.ann = self.curl(self.server)
        self.ann.register("ann")
        self.ann.sign_in("ann")

    def test_what_was_acknowledged_is_in_it_and_what_was_revoked_since_is_dead(self):
        jar = shutil.copy(self.ann.jar, self.path("jar"))  # what a thief of the cookie has: the browser's own forgets it
        with Writers(self.server) as writers:
            writers.wait_for(50)
            before = list(writers.acknowledged)
            self.operate("backup", self.file, *self.home, "--with-sealing-key")
            writers.wait_for(len(before) + 1)  # nobody was kept waiting for ever
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        tables = {table["table"]: table["rows"] for table in json.loads(self.operate("backup", "--verify", self.file, "--json").stdout)}
        self.assertGreaterEqual(tables["accounts"], len(before) + 1)
        self.operate("account", "sign-out", "ann", *self.home)
        self.assertFalse(self.ann.is_signed_in())
        self.assertEqual(self.server.stop(), 0)

        ended, kept = self.place("ended"), self.place("kept")
        said = self.operate("restore", self.file, *ended)
        self.assertRegex(said.stderr, r"ended: every session.*1 of credentials")
        unsure = self.operate("restore", self.file, *kept, "--keep-credentials", code=REFUSED)  # nobody is there to confirm
        self.assertRegex(unsure.stderr, r"(?s)WARNING.*alive.*nothing was restored")
        self.assertRegex(self.operate("restore", self.file, *kept, "--keep-credentials", "--yes").stderr, r"WARNING.*alive")

        for place, is_alive in ((ended, False), (kept, True)):  # the second is the control
            server = self.serve_at(place)
            names = {account["username"] for account in json.loads(self.operate("account", "list", *place, "--json").stdout)}
            self.assertLessEqual({*before, "ann"}, names)
            ann = propusk.Curl(server, shutil.copy(jar, self.path("jar-again")))
            self.assertEqual(ann.is_signed_in(), is_alive)
            self.assertEqual(ann.sign_in("ann").status, 200, "the password is as it was")
            self.assertTrue(ann.is_signed_in())
            events = json.loads(self.operate("audit", "list", *place, "--json").stdout)
            self.assertIn("store_restored", [event["action"] for event in events])
            self.assertEqual(server.stop(), 0)

    def test_a_store_with_accounts_is_replaced_only_when_told(self):
        self.operate("backup", self.file, *self.home)
        self.operate("backup", self.file, *self.home, code=REFUSED)  # the file is there already
        self.operate("restore", self.file, *self.home, "--replace", "--yes", code=UNREACHABLE)  # the server runs
        self.server.stop()
        self.assertIn("1 accounts", self.operate("restore", self.file, *self.home, code=REFUSED).stderr)
        self.operate("restore", self.file, *self.home, "--replace", code=REFUSED)  # nobody is there to confirm
        self.operate("restore", self.file, *self.home, "--replace", "--yes")
        server = self.serve_at(self.home)
        self.ann.url = server.url
        self.assertFalse(self.ann.is_signed_in())
        self.assertEqual(self.ann.sign_in("ann").status, 200)

    def test_a_damaged_file_is_refused_before_anything_is_erased(self):
        self.operate("backup", self.file, *self.home)
        self.server.stop()
        with open(self.file, "r+b") as file:
            at = file.read().index(b"ann@example.org")
            file.seek(at)
            file.write(b"eve")
        self.operate("backup", "--verify", self.file, code=REFUSED)
        self.operate("restore", self.file, *self.home, "--replace", "--yes", code=REFUSED)
        self.assertIn("ann@example.org", self.operate("account", "show", "ann", *self.home).stdout)

    def test_the_sealing_key_goes_along_only_when_asked_for(self):
        key = self.path("home/keys/sealing.key")
        self.assertIn("without the sealing key", self.operate("backup", self.file, *self.home).stderr)
        with_key = self.path("with.propusk")
        self.assertIn("with the sealing key", self.operate("backup", with_key, *self.home, "--with-sealing-key").stderr)
        with open(key, encoding="ascii") as file:
            secret = file.read()
        for name, is_there in ((self.file, False), (with_key, True)):
            with open(name, "rb") as file:
                self.assertEqual(bytes.fromhex(secret) in file.read(), is_there)
        self.server.stop()
        kept = self.place("kept")
        refused = self.operate("restore", self.file, *kept, "--keep-credentials", "--yes", code=REFUSED)
        self.assertIn("do not open without the sealing key", refused.stderr)
        self.operate("restore", with_key, *kept, "--keep-credentials", "--yes")
        with open(self.path("kept/keys/sealing.key"), encoding="ascii") as file:
            self.assertEqual(file.read(), secret)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("kept/keys/sealing.key")).st_mode), 0o600)


class BackupOfSqlite(Backup, WholeStoreTest):
    def test_killed_in_the_middle_it_leaves_no_file_of_that_name(self):
        self.assertEqual(self.server.stop(), 0)
        self.add_accounts()
        backing_up = self.start("backup", self.file, *self.home)
        parts = self.file + ".*.part"
        self.assertTrue(wait_until(lambda: glob.glob(parts), backing_up))
        backing_up.kill()
        self.assertEqual(backing_up.wait(), -signal.SIGKILL)
        self.assertFalse(os.path.exists(self.file))
        self.assertEqual(stat.S_IMODE(os.stat(glob.glob(parts)[0]).st_mode), 0o600)

        self.operate("backup", self.file, *self.home)
        self.operate("backup", "--verify", self.file)

    def test_of_an_older_backup_only_the_rows_are_counted_and_that_is_said(self):
        self.operate("backup", self.file, *self.home)
        self.assertIn("is whole", self.operate("backup", "--verify", self.file).stderr)
        with contextlib.closing(sqlite3.connect(self.file)) as rows, rows:
            rows.execute("DELETE FROM schema_migrations WHERE name = (SELECT max(name) FROM schema_migrations)")
        self.assertIn("what is in them was not checked", self.operate("backup", "--verify", self.file).stderr)
        with contextlib.closing(sqlite3.connect(self.file)) as rows, rows:
            rows.execute("DELETE FROM credentials")
        self.assertIn("credentials has 0 rows", self.operate("backup", "--verify", self.file, code=REFUSED).stderr)

    def test_a_working_directory_that_is_gone_is_said_in_printable_letters(self):
        os.mkdir(self.path("gone"))
        script = 'rmdir ../gone && exec "$0" backup "$1" --data "$2"'
        done = subprocess.run(["sh", "-c", script, propusk.binary(), self.file, "he\x1bre"], cwd=self.path("gone"), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, UNREACHABLE, done.stderr)
        self.assertRegex(done.stderr, r"^propusk: .*cannot make absolute path.*he\?re.*\n$")

    def test_a_file_that_a_server_uses_from_elsewhere_is_not_replaced(self):
        self.operate("backup", self.file, *self.home)
        home = ["--data", self.path("other"), "--set", f"store.url=sqlite:{self.path('home/propusk.db')}", "--replace", "--yes"]
        self.assertIn("in use", self.operate("restore", self.file, *home, code=UNREACHABLE).stderr)  # that server's directory
        apart = ["--data", self.path("apart"), "--set", f"store.url=sqlite:{self.path('apart.db')}"]
        server = self.serve_at(apart)
        other = ["--data", self.path("other"), *apart[2:]]
        self.assertIn("is in use (by process", self.operate("restore", self.file, *other, code=REFUSED).stderr)
        self.assertEqual(server.stop(), 0)
        self.operate("restore", self.file, *other)


class BackupOfPostgres(Backup, WholeStoreTest):
    def place(self, name):
        return ["--data", self.path(name), "--set", f"store.url={self.database().url}"]


class Move(WholeStoreTest):
    def setUp(self):
        super().setUp()
        self.home = self.place("home")
        self.server = self.serve_at(self.home)
        self.ann = self.curl(self.server)
        self.ann.register("ann")
        self.ann.sign_in("ann")
        self.target = self.database()

    def move(self, *options, code=DONE):
        return self.operate("store", "move", "--to", self.target.url, *self.home, *options, code=code)

    def start_move(self):
        """A move that has begun to write and is not over."""
        self.add_accounts()
        moving = self.start("store", "move", "--to", self.target.url, *self.home)
        self.assertTrue(wait_until(self.has_rows, moving))
        return moving

    def has_rows(self):
        with contextlib.suppress(RuntimeError):  # no table yet
            return self.target.query("SELECT count(*) FROM accounts") != "0"
        return False

    def refuses_to_serve(self):
        """What a server says that does not start on the target."""
        server = propusk.Server(self.path("third"), f"store.url={self.target.url}")
        self.addCleanup(server.close)
        self.assertNotEqual(server.exit_code(), 0)
        return "".join(server.lines)

    def test_killed_in_the_middle_it_goes_on_and_people_stay_signed_in(self):
        self.assertEqual(self.server.stop(), 0)
        moving = self.start_move()
        moving.kill()
        self.assertEqual(moving.wait(), -signal.SIGKILL)
        there = int(self.target.query("SELECT count(*) FROM accounts"))
        self.assertTrue(0 < there < ROWS, there)
        self.wait_until_nobody_is_connected()
        self.assertIn("run `propusk store move` again", self.refuses_to_serve())
        self.wait_until_nobody_is_connected()

        done = self.move("--json")

        moved = json.loads(done.stdout)
        self.assertIn("write the URL of --to as store.url", done.stderr)
        accounts = next(table for table in moved if table["table"] == "accounts")
        self.assertEqual(accounts, {"table": "accounts", "rows": ROWS + 1, "copied_before": there})
        server = self.serve_at(["--data", self.path("home"), "--set", f"store.url={self.target.url}"])
        self.ann.url = server.url
        self.assertTrue(self.ann.is_signed_in())
        self.assertEqual(self.ann.sign_in("ann").status, 200)

        self.assertEqual(self.move(code=UNREACHABLE).returncode, UNREACHABLE)  # its directory is in use
        elsewhere = self.operate("store", "move", "--from", self.target.url, "--to", "sqlite:", "--data", self.path("back"), code=REFUSED)
        self.assertIn("is in use (by propusk", elsewhere.stderr)
        self.assertEqual(server.stop(), 0)
        self.wait_until_nobody_is_connected()
        back = self.operate("store", "move", "--from", self.target.url, "--to", "sqlite:", "--data", self.path("back"))
        self.assertRegex(back.stdout, rf"accounts +{ROWS + 1} +0\n")

    def wait_until_nobody_is_connected(self):
        wait_until(lambda: self.connected() == 0)

    def connected(self):
        return int(self.target.query(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{self.target.name}' AND usename = 'propusk'"))

    def connect(self):
        """A session of somebody, until terminate()."""
        before = self.connected()
        session = subprocess.Popen(["psql", "-X", "-q", "-d", self.target.url], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.addCleanup(session.communicate)
        wait_until(lambda: self.connected() > before)
        return session

    def connect_during(self, moving):
        """A session that comes while rows are moved, and what the move says of it."""
        moving.send_signal(signal.SIGSTOP)  # so that it is not over before
        session = self.connect()
        moving.send_signal(signal.SIGCONT)
        said = moving.communicate(timeout=PATIENCE)[1]
        self.assertEqual(moving.returncode, REFUSED, said)
        self.assertIn("is in use (by psql): they came while rows were moved", said)
        return session

    def test_who_connects_in_the_middle_is_noticed_and_the_target_stays_unfinished(self):
        self.assertEqual(self.server.stop(), 0)
        moving = self.start_move()
        session = self.connect_during(moving)
        self.assertEqual(int(self.target.query("SELECT count(*) FROM accounts")), ROWS + 1, "it was over by then")
        session.communicate()
        self.assertIn("run `propusk store move` again", self.refuses_to_serve())
        self.wait_until_nobody_is_connected()
        self.move()

        back, log = ["--data", self.path("back")], self.path("back/propusk.db-wal")
        moving = self.start("store", "move", "--from", self.target.url, "--to", "sqlite:", *back)
        self.assertTrue(wait_until(lambda: os.path.exists(log) and os.path.getsize(log) > 600_000, moving))  # more than the migrations
        self.connect_during(moving)
        self.assertIn("half of a store", self.operate("backup", self.path("half.propusk"), *back, code=UNREACHABLE).stderr)

    def test_a_target_with_rows_of_its_own_is_refused(self):
        self.assertEqual(self.server.stop(), 0)
        self.move()
        self.target.query("UPDATE accounts SET email = 'eve@example.org'")
        refused = self.move(code=REFUSED)
        self.assertTrue(re.search(r"accounts id=\d+ is not what the source holds", refused.stderr), refused.stderr)

    def test_a_file_of_another_servers_directory_is_refused_while_it_runs(self):
        other = ["--data", self.path("other"), "--from", f"sqlite:{self.path('home/propusk.db')}", "--to", "sqlite:"]
        self.assertIn("in use", self.operate("store", "move", *other, code=UNREACHABLE).stderr)
        self.assertEqual(self.server.stop(), 0)
        self.operate("store", "move", *other)

    def test_a_file_that_a_server_uses_from_elsewhere_is_refused_while_it_runs(self):
        self.assertEqual(self.server.stop(), 0)
        apart = f"sqlite:{self.path('apart.db')}"
        self.operate("store", "move", "--to", apart, *self.home)
        os.mkdir(self.path("apart"), 0o700)
        shutil.copytree(self.path("home/keys"), self.path("apart/keys"))
        server = self.serve_at(["--data", self.path("apart"), "--set", f"store.url={apart}"])
        os.mkdir(self.path("links"))
        os.symlink(self.path("apart.db"), self.path("links/soft.db"))
        for pair in (("--from", apart, "--to", "sqlite:new.db"), ("--to", apart), ("--to", f"sqlite:{self.path('links/soft.db')}")):
            refused = self.operate("store", "move", *pair, *self.home, code=REFUSED)
            self.assertIn(f"apart.db is in use (by process {server.process.pid})", refused.stderr)
        self.assertEqual(server.stop(), 0)
        self.operate("store", "move", "--from", apart, "--to", "sqlite:new.db", *self.home)

    def test_one_file_with_two_names_is_the_same(self):
        self.assertEqual(self.server.stop(), 0)
        os.link(self.path("home/propusk.db"), self.path("hard.db"))
        os.symlink(self.path("home/propusk.db"), self.path("soft.db"))
        for name in ("hard.db", "soft.db"):
            self.assertIn("are the same", self.operate("store", "move", "--to", f"sqlite:{self.path(name)}", *self.home, code=USAGE).stderr)
        away = ["store", "move", "--from", "postgresql://a@127.0.0.1:1/x", "--to", "postgresql://b@127.0.0.1:1/x", *self.home]
        self.operate(*away, code=UNREACHABLE)  # another user, and so perhaps another database

    def test_wrong_places_are_said(self):
        self.assertEqual(self.server.stop(), 0)
        self.operate("store", "move", "--to", "mysql://x", *self.home, code=USAGE)
        self.operate("store", "move", "--to", "sqlite:", *self.home, code=USAGE)  # the same
        self.operate("store", "move", "--from", "sqlite:nothing.db", "--to", self.target.url, *self.home, code=UNREACHABLE)
        away = self.operate("store", "move", "--to", "postgresql://u:secret@127.0.0.1:1/x", *self.home, code=UNREACHABLE)
        self.assertNotIn("secret", away.stderr)


if __name__ == "__main__":
    propusk.main()
