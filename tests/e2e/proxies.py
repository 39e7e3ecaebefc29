"""Runs the real nginx and haproxy with the files of packaging/examples; only addresses, paths and the list of nodes are replaced."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

import certificate
from propusk import PATIENCE

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / "packaging/examples"
NGINX = """daemon off;
worker_processes 1;
pid {directory}/pid;
error_log {directory}/log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxied;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  include {directory}/site.conf;
}}
"""  # what Debian's /etc/nginx/nginx.conf is to a site, in a directory of ours


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Node:
    """Where a node serves, and where it says how it is."""

    def __init__(self, port, metrics_host, metrics_port=9464):
        self.port, self.metrics_host, self.metrics_port = port, metrics_host, metrics_port


def replaced(text, pattern, replacement, count):
    """`text` with exactly `count` places replaced: an example that has changed must not be half adapted."""
    text, found = re.subn(pattern, replacement, text, flags=re.M)
    if found != count:
        raise AssertionError(f"{pattern}: {found} places in the example, not {count}")
    return text


class Proxy:
    """A proxy before `nodes`, at https://127.0.0.1:PORT and http://127.0.0.1:PLAIN_PORT; `certificate` vouches for it."""

    def __init__(self, nodes, port=None):
        self.directory = tempfile.mkdtemp(prefix="propusk-proxy-")
        os.chmod(self.directory, 0o755)  # the workers run as another user
        self.port, self.plain_port = port or free_port(), free_port()
        self.url, self.certificate = f"https://127.0.0.1:{self.port}", self.path("fullchain.pem")
        certificate.self_signed(self.certificate, self.path("privkey.pem"), "proxy")
        self.log = open(self.path("said"), "w+b")
        self.process = subprocess.Popen(self.command(nodes), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self.wait_until(self.answers, "it does not answer")
        except AssertionError:
            self.close()
            raise

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        pathlib.Path(self.path(name)).write_text(text, encoding="utf-8")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), PATIENCE).close()
            return True
        except OSError:
            return False

    def wait_until(self, holds, complaint):
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                raise AssertionError(f"{complaint}: {self.log.read().decode()}")
            time.sleep(0.01)  # between two looks; a proxy has no event to wait for

    def close(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.log.close()
        shutil.rmtree(self.directory)


class Nginx(Proxy):
    name = "nginx"

    def command(self, nodes):
        """One node: the example for one; else the example for several."""
        kind, shown = ("one-node", 1) if len(nodes) == 1 else ("several-nodes", 2)
        site = (EXAMPLES / f"nginx-{kind}.conf").read_text(encoding="utf-8")
        options = "" if len(nodes) == 1 else re.search(r"^    server 127\S+( [^;]*);", site, re.M)[1]
        site = replaced(site, r"^    server 127\.0\.0\.1:\d+[^;]*;\n", "", shown)
        servers = "".join(f"    server 127.0.0.1:{node.port}{options};\n" for node in nodes)
        site = replaced(site, r"^upstream propusk \{\n", lambda found: found[0] + servers, 1)
        site = replaced(site, r"\blisten 80;", f"listen 127.0.0.1:{self.plain_port};", 1)
        site = replaced(site, r"\blisten 443 ", f"listen 127.0.0.1:{self.port} ", 1)
        site = replaced(site, r"/etc/ssl/id\.example\.org/", self.directory + "/", 2)
        self.write("site.conf", site)
        self.write("nginx.conf", NGINX.format(directory=self.directory))
        return ["nginx", "-c", self.path("nginx.conf"), "-p", self.directory, "-e", self.path("log")]

    def wait_for_nodes(self, count):
        """nginx asks no node how it is: it is ready for as many as it has."""


class Haproxy(Proxy):
    name = "haproxy"

    def command(self, nodes):
        chain = pathlib.Path(self.certificate).read_text(encoding="utf-8")
        self.write("propusk.pem", chain + pathlib.Path(self.path("privkey.pem")).read_text(encoding="utf-8"))
        text = (EXAMPLES / "haproxy.cfg").read_text(encoding="utf-8")
        text = replaced(text, r"^    server [ab] .*\n", "", 2)
        text += "".join(f"    server node{number} 127.0.0.1:{node.port} check addr {node.metrics_host} port {node.metrics_port}\n"
                        for number, node in enumerate(nodes))
        text = replaced(text, r"^    bind :80$", f"    bind 127.0.0.1:{self.plain_port}", 1)
        text = replaced(text, r"^    bind :443 ", f"    bind 127.0.0.1:{self.port} ", 1)
        text = replaced(text, r"/etc/haproxy/propusk\.pem", self.path("propusk.pem"), 1)
        text = replaced(text, r"^(    stats socket )\S+ mode \d+ ", rf"\1{self.path('admin.sock')} mode 600 ", 1)
        if os.geteuid() != 0:
            text = replaced(text, r"^    (user|group) haproxy\n", "", 2)
        self.write("haproxy.cfg", text)
        return ["haproxy", "-db", "-f", self.path("haproxy.cfg")]

    def nodes_up(self):
        with socket.socket(socket.AF_UNIX) as admin:
            admin.settimeout(PATIENCE)
            try:
                admin.connect(self.path("admin.sock"))
            except OSError:
                return 0  # it is about to make it, or has ended and wait_until() shows its log
            admin.sendall(b"show stat\n")
            lines = b"".join(iter(lambda: admin.recv(65536), b"")).decode().splitlines()
        return sum(line.startswith("propusk,node") and line.split(",")[17] == "UP" for line in lines)  # field 18: status

    def wait_for_nodes(self, count):
        """Until its health checks say that so many nodes serve."""
        self.wait_until(lambda: self.nodes_up() == count, f"not {count} nodes serve")
