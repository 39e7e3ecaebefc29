"""Private PostgreSQL clusters for proofs: started, stopped, crashed, followed by a standby, and asked what they did."""
import atexit
import contextlib
import csv
import io
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from lib import processes, server

sys.path.insert(0, str(server.ROOT / "tools"))
import postgres_cluster  # noqa: E402 (the tool that the tests use)

STANDBY = "standby"  # the name under which the primary knows its standby
WATCHED = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track_utility": "on"}
WRITE_ANYWHERE = "&target_session_attrs=read-write"


class Cluster(postgres_cluster.Cluster):
    """One cluster in a directory of its own, durable unless said otherwise; use it in `with`. `settings` are of postgresql.conf."""

    def __init__(self, is_durable=True, **settings):
        directory = server.temporary_directory()
        directory.chmod(0o755)  # PostgreSQL runs as another user
        super().__init__(postgres_cluster.place_below(directory))
        durability = postgres_cluster.DURABLE if is_durable else postgres_cluster.FAST
        self.settings = postgres_cluster.SETTINGS | WATCHED | durability | settings
        self.process = None

    def __enter__(self):
        atexit.register(self.close)
        self.make(self.settings)
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends it and removes its files; harmless when that is done."""
        atexit.unregister(self.close)
        self.kill()
        if self.place.exists():
            self.remove()

    def start(self):
        """Starts it, also again, and waits until it takes connections: at the moment `ready_at` of the monotonic clock."""
        self.process = super().start()
        self.ready_at = time.monotonic()
        return self.process

    def stop(self, mode="fast"):
        """`fast`: clients are cut off, all is written down. `immediate`: as if it had crashed; the next start recovers."""
        super().stop(mode)
        self.process.wait()

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def kill(self):
        """All its processes at once, as when the machine goes. Harmless when it does not run."""
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGSTOP)  # makes no more children
        for each in (*processes.children(pid), pid):
            with contextlib.suppress(ProcessLookupError):
                handle = os.pidfd_open(each)
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                select.select([handle], [], [])
                os.close(handle)
        self.process.wait()

    def query(self, sql, database="postgres", /, **values):
        """The rows, as lists of text, of statements that psql runs for the superuser; :'name' stands for a value."""
        command = [postgres_cluster.program("psql"), "-Xqt", "--csv", "-v", "ON_ERROR_STOP=1"]
        for name, value in values.items():
            command += ["-v", f"{name}={value}"]
        done = subprocess.run([*command, self.url(database, postgres_cluster.SUPERUSER)], input=sql, text=True, capture_output=True,
                              env=postgres_cluster.environment(), check=False)
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr}")
        return [row or [""] for row in csv.reader(io.StringIO(done.stdout, newline=""))]

    def value(self, sql, database="postgres", /, **values):
        """The only value of the only row."""
        (value,), = self.query(sql, database, **values)
        return value

    def create_database(self, name):
        """An empty database of the servers' role; its URL."""
        self.query('CREATE DATABASE :"name" OWNER :"owner"', name=name, owner=postgres_cluster.OWNER)
        return self.url(name)

    def drop_database(self, name):
        """Even while somebody is connected to it."""
        self.query('DROP DATABASE :"name" WITH (FORCE)', name=name)

    def terminate_backends(self, application_name="%"):
        """pg_terminate_backend for every client whose name is LIKE that; how many there were."""
        return int(self.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                              " AND pid <> pg_backend_pid() AND application_name LIKE :'name'", name=application_name))

    def set(self, name, value):
        """ALTER SYSTEM for a setting that a reload may change; back when new connections have it."""
        self.query("ALTER SYSTEM SET :\"name\" = :'value'; SELECT pg_reload_conf()", name=name, value=value)
        wait_until(lambda: self.value("SELECT current_setting(:'name')", name=name) == value, f"{name} is {value}")

    def reset_statements(self):
        self.query("SELECT pg_stat_statements_reset()")

    def plans(self, database, part):
        """How often statements with this part were planned since the last reset; pg_stat_statements.track_planning must be on."""
        return int(self.value("SELECT coalesce(sum(plans), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
                              "WHERE datname = :'database' AND position(:'part' IN query) > 0", database=database, part=part))

    def statements(self, database):
        """[(calls, query)] of a database since the last reset, the most frequent first. BEGIN, COMMIT and the like count too."""
        rows = self.query("SELECT calls, query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE datname = :'database'"
                          " ORDER BY calls DESC", database=database)
        return [(int(calls), query) for calls, query in rows]

    def cpu_seconds(self):
        """Of all its processes since its start, those that ended included: they are in their parent's sum (proc(5), cutime)."""
        while True:
            children = processes.children(self.process.pid)
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
                spent = sum(map(int, fields[11:15])) / processes.TICKS + processes.cpu_seconds(children)
                if processes.children(self.process.pid) == children:  # nobody moved from the one sum to the other meanwhile
                    return spent

    def standby(self):
        """A second cluster that follows this one; in its `with` a commit here is acknowledged only when the standby has it too."""
        return Standby(self)


class Standby(Cluster):
    def __init__(self, primary):
        super().__init__()
        self.settings, self.primary, self.is_promoted = primary.settings, primary, False

    def __enter__(self):
        atexit.register(self.close)
        self.prepare(self.settings)
        source = f"host='{self.primary.socket}' user={postgres_cluster.SUPERUSER} application_name={STANDBY}"
        self.run("pg_basebackup", "-d", source, "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.start()
        self.primary.set("synchronous_standby_names", STANDBY)
        wait_until(lambda: self.primary.query("SELECT sync_state FROM pg_stat_replication") == [["sync"]], "the standby is synchronous")
        return self

    def close(self):
        if not self.is_promoted and self.primary.pid() is not None:
            self.primary.set("synchronous_standby_names", "")  # or its commits would wait for ever
        super().close()

    def promote(self):
        """Makes it the primary; back when it takes writes. The old one, should it come back, still waits for a standby: it
        acknowledges nothing."""
        if self.value("SELECT pg_promote(true, :patience)", patience=postgres_cluster.PATIENCE) != "t":
            raise RuntimeError(f"the standby was not promoted:\n{self.log()}")
        self.is_promoted = True


def either(clusters, database):
    """One URL for whichever of the clusters takes writes."""
    sockets = ",".join(str(cluster.socket) for cluster in clusters)
    return f"postgresql://{postgres_cluster.OWNER}@/{database}?host={sockets}{WRITE_ANYWHERE}"


def wait_until(condition, what, patience=60):
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {patience} s still not true: {what}")
        time.sleep(0.01)
