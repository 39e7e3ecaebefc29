"""haproxy in front of several nodes, as operators put it there: it asks each node's /readyz, and sends requests to the ready ones."""
import csv
import socket
import subprocess
import time

from lib import client, server

CONFIGURATION = """
global
  maxconn 8000
  stats socket {directory}/stats mode 600 level admin
defaults
  mode http
  option redispatch
  option http-keep-alive
  timeout connect 1s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:{port}
  default_backend nodes
backend nodes
  balance roundrobin
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
  default-server check inter 100ms rise 1 fall 1
{servers}
"""


class Haproxy:
    """Takes requests at `port` for `nodes` (server.Server); use it in `with`. What it retries is its default: a request whose
    connection could not be made, never one that was sent."""

    def __init__(self, nodes):
        self.nodes, self.directory = nodes, server.temporary_directory()
        self.process = None

    def __enter__(self):
        self.port = server.free_port()
        servers = "\n".join(f"  server {name} 127.0.0.1:{node.port} port {node.metrics_port}" for name, node in self.named().items())
        path = self.directory / "haproxy.cfg"
        path.write_text(CONFIGURATION.format(directory=self.directory, port=self.port, servers=servers))
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", path], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        server.ends_with_proof(self.process)
        try:
            self.wait_until_ready(self.nodes)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.kill()
        self.process.wait()

    def named(self):
        return {f"node{number}": node for number, node in enumerate(self.nodes, 1)}

    def wait_until_ready(self, nodes, patience=10):
        """Until haproxy has seen that exactly these nodes are ready."""
        expected = {name: node in nodes for name, node in self.named().items()}
        deadline = time.monotonic() + patience
        while (found := self.ready()) != expected:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"haproxy finds {found}, not {expected}: {(self.directory / 'log').read_text()}")
            time.sleep(0.01)

    def ready(self):
        """{name: did its last check say that it is ready}; nothing before haproxy answers."""
        try:
            lines = self.command("show stat").lstrip("# ").splitlines()
        except OSError:
            return {}
        # a server counts as UP until its first check is done
        return {row["svname"]: row["status"].startswith("UP") and row["check_status"] == "L7OK"
                for row in csv.DictReader(lines) if row["pxname"] == "nodes" and row["svname"] != "BACKEND"}

    def command(self, text):
        """What haproxy's runtime API answers, e.g. to `set server nodes/node1 state drain`."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(10)
            peer.connect(str(self.directory / "stats"))
            peer.sendall(text.encode() + b"\n")
            return b"".join(iter(lambda: peer.recv(65536), b"")).decode()

    def request(self, *arguments):
        """client.request to whichever node it is passed on to."""
        return client.request(self.port, *arguments)

    @property
    def pids(self):
        return [self.process.pid]
