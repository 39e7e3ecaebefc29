"""Starts, watches and stops the real binary. Each server has its own data directory and free ports, and ends with the proof."""
import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lib import processes

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("PROPUSK_BINARY", ROOT / "build/release/propusk"))
TOOLS = Path(os.environ.get("PROPUSK_BENCH_TOOLS", ROOT / "build/bench/bench"))  # loadgen, hash_rate, power_cuts

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that atexit runs


def ends_with_proof(process):
    """Kills `process` when the proof ends, unless it is gone by then."""
    atexit.register(lambda: process.poll() is None and process.kill())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def temporary_directory(parent=None):
    """A directory that is removed when the proof ends."""
    path = Path(tempfile.mkdtemp(prefix="propusk-proof-", dir=parent))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


class Server:
    """One server process; use it in `with`. `settings` are `section.key=value`; defaults stay what operators get."""

    def __init__(self, *settings, data=None, environment=None, listen="127.0.0.1:0", binary=None):
        self.binary = binary or BINARY
        self.data = Path(data) if data else temporary_directory() / "data"
        self.settings, self.environment, self.listen = settings, environment or {}, listen
        self.metrics_port = free_port()
        self.process = self.port = None
        self.log_path = temporary_directory() / "log"

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()

    def start(self, patience=10):
        """Starts and waits until the first answer. May be called again after stop() or kill(): the same data directory."""
        started = time.monotonic()
        self.launch()
        self.wait_until_ready(patience)
        self.start_seconds = time.monotonic() - started
        return self

    def launch(self):
        command = [str(self.binary), "serve", "--data", str(self.data), "--listen", self.listen]
        for setting in (f"server.metrics_listen=127.0.0.1:{self.metrics_port}", *self.settings):
            command += ["--set", setting]
        self.log_path.write_text("")
        self.port = None
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **self.environment})
        ends_with_proof(self.process)

    def wait_until_ready(self, patience=10):
        """Polls the log for the port and the port for an answer; raises with the log when the process ends first."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log()}")
            self.port = self.port or self._logged_port()
            if self.port and self._answers():
                return
            time.sleep(0.001)
        raise RuntimeError(f"no answer within {patience} s:\n{self.log()}")

    def _logged_port(self):
        for event in self.events("server.started"):
            return int(event["url.full"].rpartition(":")[2])
        return None

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(b"GET /mobile/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(16).startswith(b"HTTP/1.1 ")
        except OSError:
            return False

    def stop(self, patience=30):
        """SIGTERM; the exit code (0 after a graceful drain)."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)

    def kill(self):
        """SIGKILL, now. Harmless when the process is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def events(self, name):
        """The log's events of one name (JSON lines, as the log writes them to anything but a terminal)."""
        lines = [line for line in self.log().splitlines() if f'"{name}"' in line and line.endswith("}")]
        return [json.loads(line) for line in lines]

    def metrics(self):
        """The Prometheus text as {name with labels: value}."""
        from lib import client
        text = client.request(self.metrics_port, "GET", "/metrics").body.decode()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[:1].isalpha()}

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        return processes.cpu_seconds([self.pid])

    def pss_mib(self):
        return processes.pss_mib([self.pid])


def run_command(*arguments, data=None, text=None):
    """An operator's command of the binary: (exit code, output and errors)."""
    command = [str(BINARY), *arguments, *(["--data", str(data)] if data else [])]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
