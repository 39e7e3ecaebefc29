"""A Debian machine in a directory: made by mmdebstrap from this machine's own package sources, booted with systemd as its first process.

It has its own processes, mounts, host name and network (loopback alone) and ends with the proof. Needs root.
"""
import atexit
import os
import re
import select
import subprocess
import time
from pathlib import Path

from lib import processes, server

SUITE = "bookworm"  # what the project is built for
PATIENCE = 120      # seconds; a boot takes about 5, longer beside other work
BOOT = """
set -e
root=$1 group=$2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/$group"
echo $$ > "$root/sys/fs/cgroup/$group/cgroup.procs"
umount "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
exec unshare --cgroup sh -ec '
  mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
  mkdir -p "$1/run/old"
  cd "$1"
  pivot_root . run/old
  umount -l run/old
  mount --make-rshared /  # as on a machine: systemd hands credentials over by a mount
  exec env -i container=propusk-proof PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --show-status=no
' boot "$root"
"""
FORGET_GROUP = """
mount -t cgroup2 cgroup2 "$1"
find "$1/$2" -depth -type d -exec rmdir {} +
"""


def _source_files():
    """Where this machine gets its packages from, as apt reads it."""
    folder = Path("/etc/apt")
    found = [*sorted(folder.glob("sources.list.d/*.sources")), *sorted(folder.glob("sources.list.d/*.list")), folder / "sources.list"]
    return [path for path in found if path.exists()]


class DebianMachine:
    """A minimal system and `packages`; run() works in it whether it is booted or not."""

    def __init__(self, *packages):
        if os.geteuid() != 0:
            raise SystemExit("this needs root: it makes a system of its own and boots it")
        self.work = server.temporary_directory()
        self.root, self.process, self.group = self.work / "root", None, f"propusk-proof-{os.getpid()}"
        options = self.work / "apt.conf"  # proxies and such of this machine
        options.write_text(self._host("apt-config", "dump", "Acquire").stdout)
        self._host("mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", f"--aptopt={options}", f"--include={','.join(packages)}",
                   SUITE, self.root, *_source_files())
        atexit.register(self.stop)

    @staticmethod
    def _host(*command, check=True, **how):
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **how)
        if check and done.returncode:
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
        return done

    def copy_in(self, path):
        """The path inside of a copy of the file."""
        inside = Path("/tmp") / Path(path).name
        self._host("cp", path, self.root / inside.relative_to("/"))
        return str(inside)

    def run(self, *command, check=True):
        """A command in the machine, as root."""
        enter = ["nsenter", "-t", str(self.init), "-m", "-u", "-i", "-n", "-p"] if self.process else \
            ["unshare", "--fork", "--pid", "--mount", f"--mount-proc={self.root}/proc", "chroot", self.root]
        return self._host(*enter, *command, check=check, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"})

    def from_outside(self, *command, check=False):
        """A command of this machine with the network of that one."""
        return self._host("nsenter", "-t", str(self.init), "-n", *command, check=check)

    @property
    def init(self):
        return processes.children(self.process.pid)[0]

    def host_pid(self, inside):
        """What this machine calls that machine's process."""
        space = os.readlink(f"/proc/{self.init}/ns/pid")
        for process in Path("/proc").glob("[0-9]*"):
            try:
                numbers = re.search(r"^NSpid:(.*)$", (process / "status").read_text(), re.M)[1].split()
                if int(numbers[-1]) == inside and os.readlink(process / "ns/pid") == space:
                    return int(process.name)
            except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
                continue
        raise RuntimeError(f"no process {inside} in the machine")

    def boot(self):
        """Returns when systemd has started all that is enabled."""
        console = self.work / "console"
        with console.open("wb") as said:
            self.process = subprocess.Popen(["unshare", "--fork", "--pid", "--mount", "--uts", "--ipc", "--net", "--kill-child", "sh", "-c",
                                             BOOT, "boot", self.root, self.group], stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        self.wait_until(lambda: self.process.poll() is not None or self._has_booted(), "the machine does not boot")
        if self.process.poll() is not None:
            raise RuntimeError(f"the machine does not boot: {console.read_text()}")

    def _has_booted(self):
        if not processes.children(self.process.pid):
            return False
        return self.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")

    @staticmethod
    def wait_until(holds, complaint):
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{complaint} within {PATIENCE} s")
            time.sleep(0.05)  # between two looks; there is no door to wait at

    def stop(self):
        """Pulls the plug."""
        if not self.process:
            return
        for child in processes.children(self.process.pid) if self.process.poll() is None else []:
            init = os.pidfd_open(child)
            self.process.kill()  # and init with it: unshare's --kill-child
            select.select([init], [], [], PATIENCE)
            os.close(init)
        self.process.wait()
        self.process = None
        mounts = self.work / "cgroup"
        mounts.mkdir()
        self._host("unshare", "--mount", "sh", "-c", FORGET_GROUP, "forget", mounts, self.group, check=False)
        mounts.rmdir()

    def files(self):
        """Every path of the system's own disk."""
        found = set()
        for folder, folders, names in os.walk(self.root):
            found.update("/" + os.path.relpath(os.path.join(folder, name), self.root) for name in folders + names)
        return found

    def packaged_files(self):
        """The paths that dpkg knows."""
        lists = self.root.glob("var/lib/dpkg/info/*.list")
        return {re.sub(r"^/(bin|sbin|lib|lib64)(?=/|$)", r"/usr/\1", line) for path in lists for line in path.read_text().splitlines()}
