#!/usr/bin/env python3
"""Runs every command of the documents against the real program and compares what it prints.

usage: commands.py PROPUSK [DOCUMENT…]

A `console` block is a terminal: lines that begin with `$ ` are typed (a `\\` at the end goes on in the next line), the
others are what must be printed. `…` stands for anything within a line, alone on a line for any lines; runs of spaces count
as one. The commands of one document run in one bash, in an empty directory that has `propusk` on its PATH and as
build/release/propusk, and packaging/. `./dev run` and `propusk serve` run beside them, on a terminal of their own, until the
next one or the end. So that nothing outside is touched, the ports of the documents (PORTS) are replaced by free ones on the
way in and put back on the way out, and curl is told not to show its progress, as on a terminal.
A `toml` block must be a configuration that the program accepts. An `sh` block is not run: each of its commands must be in
NOT_RUN with a reason.
"""
import concurrent.futures
import os
import pathlib
import pty
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/reference/command-line.md", "docs/tutorials/*.md", "docs/how-to/*.md"]
PORTS = ("8080", "8443", "9464")
PATIENCE = 15  # seconds for one command; the slowest hashes two passwords under a sanitizer
NOT_RUN = {
    "./dev test": "is what runs this",
    "./dev check": "runs beside this, in CI",
    "./dev build": "takes minutes; the program under test is its result",
    "install ": "writes to /usr and /etc",
    "createuser ": "needs the PostgreSQL of the machine; tests/e2e/databases.py makes its own",
    "propusk store move --to 'postgresql:": "needs a PostgreSQL; tests/e2e/whole_store_test.py runs it",
    "createdb ": "needs the PostgreSQL of the machine; tests/e2e/databases.py makes its own",
    "apt-get ": "changes the machine; ./dev prove package runs it on one of its own",
    "packaging/deb/build.sh": "needs a release build; ./dev prove package runs it",
    "editor ": "waits for a person",
    "cp ": "writes to /etc; tests/e2e/proxies_test.py runs the files",
    "ln -s ../sites-available": "writes to /etc",
    "nginx -t": "reads /etc; tests/e2e/proxies_test.py runs the files",
    "haproxy -c": "reads /etc; tests/e2e/proxies_test.py runs the file",
    "echo \"set server": "needs the haproxy of the machine",
    "docker ": "needs a container engine; tests/packaging/kit_test.py reads the files",
    "systemctl ": "needs systemd as process 1",
    "curl http://127.0.0.1:9464/readyz": "asks the service that systemctl started; docs/how-to/watch-it.md runs it",
    "propusk account list --data /var/lib/propusk": "needs the service's directory; docs/how-to/manage-accounts.md runs it",
    "propusk session ": "needs an id that only a run knows; docs/tutorials/first-sign-in.md runs the first of them",
}


class Mismatch(Exception):
    pass


def blocks(text):
    """(language, line number of the first line, lines) of every fenced block."""
    language, begin, lines = None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if language is not None:
                yield language, begin, lines
            language, begin, lines = (line[3:].strip(), number + 1, []) if language is None else (None, 0, [])
        elif language is not None:
            lines.append(line)


def steps(begin, lines):
    """(line number, command, expected lines) of a console block."""
    found = []
    for number, line in enumerate(lines, begin):
        if line.startswith("$ "):
            found.append([number, line[2:], []])
        elif found and found[-1][1].endswith("\\") and not found[-1][2]:
            found[-1][1] += "\n" + line
        elif found:
            found[-1][2].append(line)
        else:
            raise Mismatch(f"line {number}: a console block begins with a command")
    return found


def fits(expected, printed):
    """Whether `printed` is what the expected lines say."""
    def squeeze(line):
        return re.sub(r" +", " ", line.rstrip())

    pattern = ""
    for line in expected:
        pattern += r"(?:[^\n]*\n)*?" if line.strip() == "…" else "[^\n]*".join(map(re.escape, squeeze(line).split("…"))) + "\n"
    text = "".join(squeeze(line) + "\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None


class Machine:
    """What a reader sits at: a directory, a shell, and at most one server in another terminal."""

    def __init__(self, propusk):
        self.home = tempfile.TemporaryDirectory(prefix="propusk-docs-")
        root = pathlib.Path(self.home.name)
        for name in ("bin", "build/release"):
            (root / name).mkdir(parents=True)
            (root / name / "propusk").symlink_to(propusk)
        (root / "packaging").symlink_to(ROOT / "packaging")
        (root / ".curlrc").write_text("no-progress-meter\n")
        self.ports = free_ports()
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("PROPUSK_") and name != "STATE_DIRECTORY"}
        self.environment.update(HOME=str(root), PATH=f"{root}/bin:{os.environ['PATH']}", LC_ALL="C.UTF-8")
        self.shell = self.spawn(["bash", "--norc"], subprocess.PIPE, subprocess.PIPE, subprocess.STDOUT)
        self.server = self.terminal = None

    def spawn(self, arguments, stdin, stdout, stderr):
        return subprocess.Popen(arguments, cwd=self.home.name, env=self.environment, stdin=stdin, stdout=stdout, stderr=stderr,
                                start_new_session=True)

    def inward(self, text):
        return re.sub(r"\b(127\.0\.0\.1|0\.0\.0\.0|localhost):(\d+)\b", lambda m: f"{m[1]}:{self.ports.get(m[2], m[2])}", text)

    def outward(self, text):
        for documented, port in self.ports.items():
            text = re.sub(rf":{port}\b", f":{documented}", text)
        return text

    def run(self, command):
        """What the command prints."""
        if command.startswith(("./dev run", "propusk serve")):
            return self.outward(self.serve(command))
        end = "\x1e"
        line = f"eval {shlex.quote(self.inward(command))} < /dev/null; printf {end}\n"
        self.shell.stdin.write(line.encode())
        self.shell.stdin.flush()
        return self.outward(read_until(self.shell.stdout.fileno(), end).removesuffix(end))

    def serve(self, command):
        """Starts a server in its own terminal and returns its log up to the line that says that it serves."""
        self.stop()
        command = command.replace("./dev run", "propusk serve --dev").replace("\\\n", " ")
        if "--listen" not in command:
            command += " --listen 127.0.0.1:8080"
        command = self.inward(command + " --set server.metrics_listen=127.0.0.1:9464")
        self.terminal, far_end = pty.openpty()
        self.server = self.spawn(shlex.split(command), subprocess.DEVNULL, far_end, far_end)
        os.close(far_end)
        return read_until(self.terminal, r"server\.started[^\n]*\n")

    def stop(self):
        if not self.server:
            return
        self.server.terminate()
        code = self.server.wait(PATIENCE)
        os.close(self.terminal)
        self.server = None
        if code != 0:
            raise Mismatch(f"the server ended with exit code {code}")

    def close(self):
        try:
            self.stop()
        finally:
            for process in filter(None, (self.shell, self.server)):
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()  # waits, and closes the pipes
            self.home.cleanup()


def free_ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = {documented: str(free.getsockname()[1]) for documented, free in zip(PORTS, sockets)}
    for free in sockets:
        free.close()
    return ports


def read_until(descriptor, end):
    """Text up to and including the pattern `end`, or up to the end of file."""
    text, deadline = b"", time.monotonic() + PATIENCE
    while not re.search(end.encode(), text):
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise Mismatch(f"nothing more came for {PATIENCE} s after:\n{text.decode(errors='replace')}")
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # the far end of a terminal was closed
            piece = b""
        if not piece:
            break
        text += piece
    return text.decode(errors="replace").replace("\r", "")


def indented(text):
    return "".join(f"    {line}\n" for line in text.rstrip().splitlines()) or "    (nothing)\n"


def check_console(machine, begin, lines):
    done = steps(begin, lines)
    for number, command, expected in done:
        printed = machine.run(command)
        if not fits(expected, printed):
            raise Mismatch(f"line {number}: $ {command}\n  the document says:\n{indented(chr(10).join(expected))}"
                           f"  the program says:\n{indented(printed)}")
    return len(done)


def check_toml(machine, begin, lines):
    pathlib.Path(machine.home.name, "block.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    printed = machine.run("propusk config print --config block.toml || echo REFUSED")
    if "REFUSED" in printed:
        raise Mismatch(f"line {begin}: the program refuses this configuration:\n{indented(printed)}")
    return 1


def check_sh(_, begin, lines):
    for number, line in enumerate(lines, begin):
        if line.strip() and not line.startswith(tuple(NOT_RUN)):
            raise Mismatch(f"line {number}: make this a console block, or give a reason in NOT_RUN of {__file__}: {line}")
    return 0


CHECKS = {"console": check_console, "toml": check_toml, "sh": check_sh}


def check(document, propusk):
    """(document, how many commands ran, what is wrong or nothing)."""
    machine, ran, wrong = Machine(propusk), 0, None
    try:
        for language, begin, lines in blocks(document.read_text(encoding="utf-8")):
            ran += CHECKS.get(language, lambda *_: 0)(machine, begin, lines)
    except (Mismatch, OSError, subprocess.SubprocessError) as problem:
        wrong = str(problem)
    try:
        machine.close()
    except (Mismatch, subprocess.SubprocessError) as problem:
        wrong = wrong or str(problem)
    return document, ran, wrong


def main(arguments):
    propusk = pathlib.Path(arguments[0]).resolve()
    documents = [pathlib.Path(name).resolve() for name in arguments[1:]] or \
        sorted(path for pattern in DOCUMENTS for path in ROOT.glob(pattern))
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        results = list(pool.map(lambda document: check(document, propusk), documents))
    for document, ran, wrong in results:
        name = os.path.relpath(document, ROOT)
        print(f"{name}: {wrong}" if wrong else f"{name}: {ran} commands print what it says")
    ran = sum(ran for _, ran, _ in results)
    return 1 if ran == 0 or any(wrong for _, _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
