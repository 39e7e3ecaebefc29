"""A PostgreSQL database of a test's own, on the private cluster of the build (tools/postgres_cluster.py)."""
import os
import pathlib
import secrets
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools/postgres_cluster.py"


def cluster():
    """The directory of the cluster; ctest says which."""
    return os.environ.get("PROPUSK_POSTGRES_DIR", str(pathlib.Path(os.environ["PROPUSK_BINARY"]).parent / "postgres"))


class Database:
    """Empty, owned by the role of `url`. `drop()` ends whoever is connected."""

    def __init__(self):
        self.name = f"test_{secrets.randbits(63)}"
        subprocess.run([sys.executable, TOOL, "start", cluster()], check=True, capture_output=True)
        done = subprocess.run([sys.executable, TOOL, "url", cluster(), self.name], check=True, capture_output=True, text=True)
        self.url = done.stdout.strip()
        self.superuser = self.url.replace("propusk@", "postgres@", 1)
        self.on_cluster(f"CREATE DATABASE {self.name} OWNER propusk TEMPLATE template0")

    def on_cluster(self, statement):
        """As the superuser, outside this database."""
        self._psql(self.superuser.replace(f"/{self.name}?", "/postgres?"), statement)

    @staticmethod
    def _psql(url, statement):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise RuntimeError(f"{statement}: {done.stderr}")
        return done.stdout.strip()

    def query(self, statement):
        """As the superuser, in this database; what psql prints, without padding."""
        return self._psql(self.superuser, statement)

    def drop(self):
        self.on_cluster(f"DROP DATABASE {self.name} WITH (FORCE)")
