"""nginx as the yardstick: `return 200` with exactly as many reply bytes as the answer it is compared with."""
import subprocess
import time

from lib import client, processes, server

CONFIGURATION = """
daemon off;
worker_processes 2;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
  keepalive_requests 1000000;
  default_type "{content_type}";
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port} reuseport;
    {headers}
    location / {{ return 200 "{body}"; }}
  }}
}}
"""
ITS_OWN = {"date", "content-type", "content-length", "connection", "server"}  # nginx writes these by itself


class Nginx:
    """Two workers that answer every request like `answer` (a client.Answer); use it in `with`."""

    def __init__(self, answer):
        self.goal = answer.size
        self.body = answer.body.decode()
        self.content_type = answer.header("content-type")
        self.headers = [list(header) for header in answer.headers if header[0] not in ITS_OWN]
        self.directory = server.temporary_directory()
        self.directory.chmod(0o755)  # the workers run as another user
        self.process = None

    def __enter__(self):
        self._start()
        if self.size != self.goal:
            self.stop()
            self._lengthen(self.goal - self.size)
            self._start()
        if self.size != self.goal:
            self.stop()
            raise RuntimeError(f"nginx answers {self.size} bytes, not {self.goal}")
        return self

    def __exit__(self, *_):
        self.stop()

    def _lengthen(self, by):
        """Makes header values longer or, from the longest on, shorter, and at last the body."""
        for header in sorted(self.headers, key=lambda header: -len(header[1])):
            length = max(1, len(header[1]) + by)
            by -= length - len(header[1])
            header[1] = header[1][:length].strip().ljust(length, "x")
        self.body = self.body[:len(self.body) + min(0, by)]

    def _start(self):
        """Starts and notes the size of its answer."""
        self.port = server.free_port()
        headers = "\n    ".join(f'add_header {name} "{value}";' for name, value in self.headers)
        body = self.body.replace("\\", r"\\").replace('"', r"\"")
        path = self.directory / "nginx.conf"
        path.write_text(CONFIGURATION.format(directory=self.directory, port=self.port, headers=headers, body=body,
                                              content_type=self.content_type))
        self.process = subprocess.Popen(["nginx", "-c", path, "-p", self.directory], stdin=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        server.ends_with_proof(self.process)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                self.size = client.request(self.port, "GET", "/", [("Connection", "keep-alive")]).size
                return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError(f"nginx does not answer: {(self.directory / 'error.log').read_text()}")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    @property
    def pids(self):
        return [self.process.pid, *processes.children(self.process.pid)]
