"""The original beside us: djoser on Django (bench/djoser_site) under gunicorn with two sync workers, as people deploy it."""
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

from lib import client, processes, server

SITE = server.ROOT / "bench/djoser_site"
PYTHON = "/usr/bin/python3"  # Debian's, for Debian's packages; another one may come first on the PATH
JSON = ("Content-Type", "application/json")
# What OkHttp, the HTTP client of Android applications, sends with a token; for the load generator.
CLIENT = ("Connection: Keep-Alive", "Accept-Encoding: gzip", "User-Agent: okhttp/4.2.1", "Authorization: Token {v}")


def headers(token):
    """The same as pairs."""
    return [tuple(line.replace("{v}", token).split(": ", 1)) for line in CLIENT]


class Djoser:
    """One site on a free port of 127.0.0.1 with a fresh database; use it in `with`."""

    def __init__(self, profile="seed", workers=2, cheap_hashes=False):
        self.profile, self.workers = profile, workers
        self.directory = server.temporary_directory()
        self.environment = {**os.environ, "PROFILE": profile, "DIRECTORY": str(self.directory), "PYTHONPATH": str(SITE),
                            "DJANGO_SETTINGS_MODULE": "settings", "PYTHONDONTWRITEBYTECODE": "1",
                            **({"CHEAP_HASHES": "1"} if cheap_hashes else {})}
        self.log_path = self.directory / "log"

    def __enter__(self):
        migrated = subprocess.run([PYTHON, "-m", "django", "migrate", "--run-syncdb", "-v", "0"], env=self.environment, cwd=SITE,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if migrated.returncode:
            raise RuntimeError(f"djoser's database cannot be made:\n{migrated.stdout}{migrated.stderr}")
        command = [PYTHON, "-m", "gunicorn", "-b", "127.0.0.1:0", "-w", str(self.workers), "--graceful-timeout", "5", "wsgi"]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, cwd=SITE, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        server.ends_with_proof(self.process)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()  # the master ends its workers; killed, it could not
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _wait_until_ready(self, patience=60):
        """Until every worker is there and one of them answers."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            text = self.log()
            if listening := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", text):
                self.port = int(listening[1])
                if text.count("Booting worker") >= self.workers and client.request(self.port, "GET", "/auth/").status == 200:
                    return
            time.sleep(0.01)
        raise RuntimeError(f"djoser does not answer:\n{self.log()}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def log(self):
        return self.log_path.read_text(errors="replace")

    @property
    def pids(self):
        return [self.process.pid, *processes.children(self.process.pid)]

    def fill(self, people, password):
        """Active people user0.. with `password` and a token each, as rows. Returns (what they sign in with, tokens)."""
        first = {"email": "first@example.org", "username": "first", "password": password, "re_password": password}
        created = client.request(self.port, "POST", "/auth/users/", [JSON], json.dumps(first).encode())
        if created.status != 201:
            raise RuntimeError(f"djoser answered {created.status} {created.body!r}")
        table = "auth_user" if self.profile == "default" else "people_user"
        emails = [f"user{n}@example.org" for n in range(people)]
        names = emails if self.profile == "email" else [f"user{n}" for n in range(people)]
        tokens = [os.urandom(20).hex() for _ in range(people)]
        with sqlite3.connect(self.directory / "db.sqlite3") as rows:
            rows.row_factory = sqlite3.Row
            model = dict(rows.execute(f"SELECT * FROM {table}").fetchone())
            made = [{**model, "id": n + 2, "is_active": 1, "email": email, **({"username": name} if "username" in model else {})}
                    for n, (email, name) in enumerate(zip(emails, names, strict=True))]
            rows.executemany(f"INSERT INTO {table} ({', '.join(model)}) VALUES ({', '.join(':' + name for name in model)})", made)
            rows.executemany("INSERT INTO authtoken_token (key, created, user_id) VALUES (?, datetime('now'), ?)",
                             [(token, person["id"]) for token, person in zip(tokens, made, strict=True)])
        rows.close()
        return names, tokens
