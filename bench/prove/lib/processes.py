"""What /proc says about processes: CPU time, memory, and how busy the machine is with everything else."""
import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids):
    """User and system time of the live processes of `pids`, all threads."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])  # utime, stime: proc(5), counted from the state
    return total / TICKS


def pss_mib(pids):
    """Proportional set size, summed, in MiB."""
    kib = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kib += int(line.split()[1])
    return kib / 1024


def machine_seconds():
    """CPU seconds that all cores spent on anything but idling; time stolen by the host counts."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, iowait, irq, softirq, steal = map(int, fields)
    return (user + nice + system + iowait + irq + softirq + steal) / TICKS


def children(pid):
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def kernel():
    """(major, minor) of the running kernel."""
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int(minor)
