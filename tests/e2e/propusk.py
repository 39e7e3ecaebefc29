"""Runs the real binary for an end-to-end test: a server with its log and its directory, operator commands, curl."""
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import databases

PATIENCE = 30  # seconds; a sanitizer build on a busy machine starts in about one
CHEAP_HASHES = ("passwords.argon2_memory_kib=8", "passwords.argon2_passes=1")  # 8 KiB is Argon2's own minimum
PASSWORD = "correct horse 7"


def binary():
    """The program under test: the last argument of the test script, as ctest passes it."""
    return os.environ["PROPUSK_BINARY"]


def main():
    """Runs the calling script's tests: script.py [unittest arguments] BINARY."""
    if len(sys.argv) < 2 or not os.access(sys.argv[-1], os.X_OK):
        raise SystemExit(f"usage: {sys.argv[0]} [unittest arguments] BINARY")
    os.environ["PROPUSK_BINARY"] = os.path.abspath(sys.argv.pop())
    unittest.main(module="__main__")


class EndToEndTest(unittest.TestCase):
    """Gives each test a directory of its own and ends what it started."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="propusk-e2e-")
        self.addCleanup(shutil.rmtree, self.directory)
        if os.environ.get("PROPUSK_TEST_STORE") == "postgresql":  # every program of this test finds it there
            database = databases.Database()
            self.addCleanup(database.drop)
            os.environ["PROPUSK_STORE__URL"] = database.url

    def path(self, name):
        return os.path.join(self.directory, name)

    def serve(self, *settings, **how):
        server = Server(self.path("data"), *settings, **how)
        self.addCleanup(server.close)
        server.wait_for("server.started")
        return server

    def curl(self, server, **how):
        return Curl(server, tempfile.mkstemp(dir=self.directory, prefix="jar-")[1], **how)


def command(*arguments, password=None, environment=None):
    """Runs one operator command to its end; `password` goes to its standard input."""
    return subprocess.run([binary(), *arguments], input=(password or "") + "\n" if password is not None else "", text=True,
                          capture_output=True, timeout=PATIENCE, env=environment)


class Server:
    """`propusk serve` as a child process. Everything that it logs is kept; wait_for() waits for an event."""

    def __init__(self, data, *settings, listen="127.0.0.1:0", launcher=(), environment=None, pass_fds=()):
        self.data = data
        # An address of our own for the fixed port: tests run side by side.
        self.metrics_host = "127." + ".".join(str(random.randint(1, 250)) for _ in range(3))
        arguments = [*launcher, binary(), "serve", "--data", data, "--listen", listen]
        for setting in (*CHEAP_HASHES, f"server.metrics_listen={self.metrics_host}:9464", *settings):
            arguments += ["--set", setting]
        self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        text=True, env=dict(os.environ, **(environment or {})), pass_fds=pass_fds)
        self.lines = []
        self.said = threading.Condition()
        self.has_ended = False
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.said:
                self.lines.append(line)
                self.said.notify_all()
        with self.said:
            self.has_ended = True
            self.said.notify_all()

    def events(self, action):
        """The log lines of this action so far, as objects."""
        with self.said:
            parsed = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [event for event in parsed if event["event.action"] == action]

    def wait_for(self, action, count=1):
        with self.said:
            self.said.wait_for(lambda: self.has_ended or len(self.events(action)) >= count, PATIENCE)
        events = self.events(action)
        if len(events) < count:
            raise AssertionError(f"no event {action}; the server said:\n{''.join(self.lines)}")
        return events[count - 1]

    @property
    def url(self):
        return self.wait_for("server.started")["url.full"]

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    def operator(self, *arguments, password=None):
        """An operator's command on this server's directory: through the control socket while the server runs."""
        return command(*arguments, "--data", self.data, password=password)

    def probe(self, path):
        """(status, text) of the monitoring listener."""
        connection = http.client.HTTPConnection(self.metrics_host, 9464, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def signal(self, number):
        self.process.send_signal(number)

    def exit_code(self):
        """Waits for the process to end."""
        code = self.process.wait(PATIENCE)
        self.reader.join()
        return code

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.exit_code()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.exit_code()
        self.process.stderr.close()


class Answer:
    """Status, header lines (name in lower case, value) and body of one answer."""

    def __init__(self, raw):
        head, _, self.body = raw.partition("\r\n\r\n")
        status_line, *lines = head.split("\r\n")
        self.status = int(status_line.split()[1])
        self.headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, name):
        return next((value for known, value in self.headers if known == name.lower()), None)

    def cookies(self):
        """Set-Cookie values by name."""
        return {value.partition("=")[0]: value for name, value in self.headers if name == "set-cookie"}


class Curl:
    """A client as people have them: curl with a cookie jar."""

    def __init__(self, server, jar, certificate=None, options=()):
        self.url, self.jar = server.url, jar
        self.options = [*options, *(["--cacert", certificate] if certificate else [])]

    def _run(self, path, *arguments):
        done = subprocess.run(["curl", "--silent", "--show-error", "--include", "--http1.1", "--max-time", str(PATIENCE), "--noproxy", "*",
                               "--cookie", self.jar, "--cookie-jar", self.jar, *self.options, *arguments, self.url + path],
                              capture_output=True, check=False)
        if done.returncode:
            raise ConnectionError(done.stderr.decode())
        return Answer(done.stdout.decode())

    def get(self, path, *arguments):
        return self._run(path, *arguments)

    def post(self, path, fields, *arguments):
        form = [part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}")]
        return self._run(path, *form, *arguments)

    def cookie(self, name):
        """(value, is marked Secure, is marked HttpOnly) from the jar; nothing if it is not there."""
        with open(self.jar, encoding="utf-8") as jar:
            for line in jar:
                fields = line.rstrip("\n").split("\t")
                if len(fields) == 7 and fields[5] == name:
                    return fields[6], fields[3] == "TRUE", fields[0].startswith("#HttpOnly_")
        return None

    def register(self, username, *arguments, password=PASSWORD):
        return self.post("/mobile/registration/", {"password": password, "again_pass": password, "mail": f"{username}@example.org",
                                                   "username": username}, *arguments)

    def sign_in(self, username, *arguments, password=PASSWORD):
        """As the dialect asks: GET for the token, then POST with it."""
        self.get("/mobile/login/", *arguments)
        return self.post("/mobile/login/", {"username": username, "password": password, "csrfmiddlewaretoken": self.cookie("csrftoken")[0]},
                         *arguments)

    def is_signed_in(self):
        return self.get("/mobile/start/").status == 200
