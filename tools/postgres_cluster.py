#!/usr/bin/env python3
"""A private PostgreSQL cluster for tests and proofs: Debian's packages, one Unix socket, nothing left behind.

usage: postgres_cluster.py start DIR [--durable] [--shared]
       postgres_cluster.py stop DIR [--mode fast|immediate] [--shared]
       postgres_cluster.py url DIR [DATABASE]

`start` waits until the cluster takes connections and prints its URL; one that runs already is left as it is. --durable is for
proofs: an acknowledged commit was written through to the disk. `stop` removes all that `start` made. --shared is for callers that
may overlap: the calling process is noted as a user, and `stop --shared` leaves the cluster to the users that still live.
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

OWNER = "propusk"  # the role, no superuser, that a server connects as, and its first database
SUPERUSER = "postgres"
PATIENCE = 60  # seconds to make, start or stop a cluster on a busy machine; a second is usual
LONGEST_SOCKET = 99  # bytes; the kernel's limit is 107 (sun_path in unix(7))
SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}  # what pg_ctl sends
SETTINGS = {
    "listen_addresses": "",
    "max_connections": 200,  # tests in parallel, a dozen connections each
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "dynamic_shared_memory_type": "mmap",  # in the data directory, so that it goes with it even after a kill
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}


class Failure(Exception):
    """A sentence for the caller."""


def program(name):
    """The newest installed PostgreSQL's own program: Debian's wrappers look for Debian's clusters."""
    found = pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(found, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise Failure(f"there is no /usr/lib/postgresql/*/bin/{name}: apt-get install postgresql")
    return str(newest)


def server_identity():
    """Whom PostgreSQL runs as, for subprocess: it refuses root. Nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Failure("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def environment():
    """Ours without what libpq and the server would take from it."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, "LC_ALL": "C.UTF-8"}


class Cluster:
    """The files and processes of one cluster in the directory `place`. Callers see to it that no two start or stop it at once."""

    def __init__(self, place):
        self.place = pathlib.Path(place)
        self.data, self.socket = self.place / "data", self.place / "socket"
        self.settings_path, self.log_path = self.place / "settings.conf", self.place / "log"

    def make(self, settings):
        """Its files. Whole or not there: the data directory gets its name last."""
        fresh = self.place / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        self.prepare(settings)
        self.run("initdb", "-D", fresh, f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("include '../settings.conf'\n")
        self.run("postgres", "--single", "-D", fresh, "-c", "fsync=off", "postgres", text="\n".join((
            f"CREATE ROLE {OWNER} LOGIN CREATEDB", f"CREATE DATABASE {OWNER} OWNER {OWNER}", "CREATE EXTENSION pg_stat_statements")))
        fresh.rename(self.data)

    def prepare(self, settings):
        """The settings, and the directory of the socket: who reaches it is trusted."""
        quoted = {name: str(value).replace("'", "''") for name, value in {"unix_socket_directories": self.socket, **settings}.items()}
        self.settings_path.write_text("".join(f"{name} = '{value}'\n" for name, value in quoted.items()))
        self.settings_path.chmod(0o644)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        give_to_server(self.socket)

    def run(self, name, *arguments, text=None):
        """One of PostgreSQL's programs to its end, as the server's user; what it printed."""
        done = subprocess.run([program(name), *map(str, arguments)], cwd=self.place, env=environment(), umask=0o077, text=True,
                              input=text or "", capture_output=True, check=False, **server_identity())
        if done.returncode or "ERROR:" in done.stderr:  # single-user mode goes on after an error
            raise Failure(f"{name} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        """Starts it in a process session of its own and waits until it takes connections. Returns the process."""
        if self.pid() is not None:
            raise Failure(f"the cluster in {self.place} runs already")
        deadline = time.monotonic() + PATIENCE
        while self.is_unburied() and time.monotonic() < deadline:
            time.sleep(0.002)
        with self.log_path.open("ab") as log:
            process = subprocess.Popen([program("postgres"), "-D", self.data], cwd=self.place, env=environment(), umask=0o077,
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **server_identity())
        while not self.takes_connections(process.pid):
            if process.poll() is not None:
                raise Failure(f"PostgreSQL ended with {process.returncode}:\n{self.log()}")
            if time.monotonic() > deadline:
                process.kill()
                raise Failure(f"PostgreSQL takes no connections after {PATIENCE} s:\n{self.log()}")
            time.sleep(0.002)
        return process

    def is_unburied(self):
        """Has the last one ended, but its parent not taken note? PostgreSQL would think that it runs."""
        for number in self.status()[:1]:
            with contextlib.suppress(OSError):
                return pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        return False

    def takes_connections(self, pid):
        """What pg_ctl waits for: the last line of the server's own file. A crash leaves an old one, with another process."""
        lines = self.status()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def stop(self, mode="fast"):
        """Stops it and waits for its end; nothing if it does not run."""
        pid = self.pid()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            try:
                signal.pidfd_send_signal(handle, SIGNALS[mode])
                if not select.select([handle], [], [], PATIENCE)[0]:
                    raise Failure(f"PostgreSQL (process {pid}) does not end within {PATIENCE} s:\n{self.log()}")
            finally:
                os.close(handle)

    def pid(self):
        """The live postmaster; None without one. The file may be older than the machine's last start, its number somebody else's."""
        for number in self.status()[:1]:
            with contextlib.suppress(OSError):
                if os.fsencode(self.data) in pathlib.Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0"):
                    return int(number)
        return None

    def status(self):
        """The lines of postmaster.pid: process, directory, start, port, socket, address, shared memory, state."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def remove(self):
        """All its files, and the piece of shared memory that a killed one leaves. It must not run."""
        memory = self.status()[6:7]
        for line in pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
            key, number, _, _, _, _, attached = line.split()[:7]
            if memory and memory[0].split() == [key, number] and attached == "0":
                subprocess.run(["ipcrm", "-m", number], check=False, **server_identity())
        shutil.rmtree(self.place)

    def url(self, database=OWNER, user=OWNER):
        return f"postgresql://{user}@/{urllib.parse.quote(database, safe='')}?host={urllib.parse.quote(str(self.socket))}"

    def log(self):
        return self.log_path.read_text(errors="replace")


def give_to_server(path):
    identity = server_identity()
    if identity:
        os.chown(path, identity["user"], identity["group"])


def fits(place):
    """Does a socket's path fit below it, and does the server's user reach it?"""
    is_short = len(os.fsencode(place / "socket/.s.PGSQL.5432")) <= LONGEST_SOCKET
    return is_short and subprocess.run(["test", "-w", place], check=False, **server_identity()).returncode == 0


def place_below(directory):
    """A directory of the server's: directory/cluster, or where that would not do a short one, to which directory/cluster then leads."""
    inside = pathlib.Path(directory).resolve() / "cluster"
    if inside.exists():
        return inside.resolve()
    inside.unlink(missing_ok=True)  # it led to what is gone
    inside.mkdir(mode=0o700)
    give_to_server(inside)
    if fits(inside):
        return inside
    inside.rmdir()
    short = pathlib.Path(tempfile.mkdtemp(prefix="propusk-postgres-")).resolve()
    give_to_server(short)
    if not fits(short):
        short.rmdir()
        raise Failure(f"neither {inside} nor {short} is short enough and open to PostgreSQL's user")
    inside.symlink_to(short)
    return short


@contextlib.contextmanager
def locked(directory):
    """The directory, for one process at a time; made if missing, and made again if another process removed it meanwhile."""
    while True:
        directory.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(handle), os.stat(directory)):
                    yield
                    return
            finally:
                os.close(handle)


class Users:
    """The processes that share a cluster, each with its start, because numbers come again; those that ended do not count."""

    def __init__(self, directory):
        self.path = directory / "users"

    @staticmethod
    def name(pid):
        """Number and start of a process (field 22 of proc(5)'s stat); None if it is gone."""
        try:
            return f"{pid} {pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[19]}"
        except OSError:
            return None

    def alive(self):
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return {line for line in lines if self.name(line.split()[0]) == line}

    def add(self, pid):
        self.path.write_text("\n".join(self.alive() | {self.name(pid)}))

    def drop(self, pid):
        """Those who are left."""
        left = self.alive() - {self.name(pid)}
        self.path.write_text("\n".join(left))
        return left


def start(directory, is_durable=False, user=None):
    """The URL of a running cluster. `user`: a process that shares it."""
    settings = SETTINGS | (DURABLE if is_durable else FAST)
    with locked(directory):
        cluster = Cluster(place_below(directory))
        if cluster.pid() is None:
            if not is_durable and cluster.data.exists():  # a crash may have spoilt it
                cluster.remove()
                cluster = Cluster(place_below(directory))
            if not cluster.data.exists():
                cluster.make(settings)
            cluster.start()
        elif is_durable != (f"fsync = '{DURABLE['fsync']}'" in cluster.settings_path.read_text()):
            raise Failure(f"the cluster in {directory} runs with{'out' if is_durable else ''} --durable: stop it first")
        if user:
            Users(directory).add(user)
        return cluster.url()


def stop(directory, mode="fast", user=None):
    """Removes the cluster and the directory, unless `user` shares it with others; their number."""
    if not directory.exists():
        return 0
    with locked(directory):
        left = Users(directory).drop(user) if user else ()
        if not left:
            cluster = Cluster(place_below(directory))
            cluster.stop(mode)
            cluster.remove()
            shutil.rmtree(directory)
        return len(left)


def url(directory, database=OWNER):
    """Where the started cluster's `database` is; it need not exist."""
    place = directory / "cluster"
    if not place.exists():
        raise Failure(f"there is no cluster in {directory}: start it first")
    return Cluster(place.resolve()).url(database)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "url"):
        command = commands.add_parser(name)
        command.add_argument("directory", metavar="DIR", type=pathlib.Path)
        if name == "url":
            command.add_argument("database", metavar="DATABASE", nargs="?", default=OWNER)
        else:
            command.add_argument("--shared", action="store_const", const=os.getppid(), help="the caller is one of several users")
    commands.choices["start"].add_argument("--durable", action="store_true", help="fsync and full_page_writes stay on")
    commands.choices["stop"].add_argument("--mode", choices=SIGNALS, default="fast")
    asked = parser.parse_args()
    try:
        if asked.command == "start":
            print(start(asked.directory, asked.durable, asked.shared))
        elif asked.command == "stop":
            left = stop(asked.directory, asked.mode, asked.shared)
            print(f"left to {left} more" if left else "removed")
        else:
            print(url(asked.directory, asked.database))
    except Failure as failure:
        sys.exit(f"postgres_cluster: {failure}")


if __name__ == "__main__":
    main()
