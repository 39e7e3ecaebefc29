"""Runs the load generator, and rounds of measurements that other work on the machine did not spoil."""
import json
import os
import subprocess
import time
from statistics import median

from lib import processes, report, server

MOST_FOREIGN = 15  # percent of one core used by neither server nor generator; above, a round is run again
TRIES = 3

# What a browser sends with a request of its own: ten fields, Host among them.
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language: en-US,en;q=0.5",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Connection: keep-alive",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
    "Cookie: csrftoken=abcdefghijklmnopqrstuvwxyzABCDEF; sessionid={v}",
)


class Generator:
    """A load generator at work. `arguments` are its own options; `watched` the processes whose CPU it reports."""

    def __init__(self, port, path, *arguments, watched=(), headers=()):
        command = [str(server.TOOLS / "loadgen"), *map(str, arguments)]
        for header in headers:
            command += ["-H", header]
        if watched:
            command += ["-p", ",".join(map(str, watched))]
        self.process = subprocess.Popen([*command, f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    @property
    def pid(self):
        return self.process.pid

    def result(self):
        out, _ = self.process.communicate()
        if not out.strip():
            raise RuntimeError(f"the load generator ended with {self.process.returncode} and said nothing")
        return json.loads(out.splitlines()[-1])


def run(*arguments, **options):
    return Generator(*arguments, **options).result()


def quiet(measure, what):
    """measure() → a result with other_cpu_pct; again, up to TRIES times, while other work was in the way."""
    best = None
    for _ in range(TRIES):
        result = measure()
        if best is None or result["other_cpu_pct"] < best["other_cpu_pct"]:
            best = result
        if best["other_cpu_pct"] <= MOST_FOREIGN:
            return best
    report.note(f"{what}: the machine was never quiet, other work took {best['other_cpu_pct']:.0f} % of a core")
    return best


class Foreign:
    """The CPU that the machine spent outside this process and the children it waited for; use it in `with`."""

    def __enter__(self):
        self.began = self._now()
        return self

    def __exit__(self, *_):
        elapsed, machine, mine = (after - before for after, before in zip(self._now(), self.began, strict=True))
        self.percent = max(0.0, 100 * (machine - mine) / elapsed)

    def _now(self):
        spent = os.times()
        return time.monotonic(), processes.machine_seconds(), sum(spent[:4])


def micros_per_request(result):
    """CPU of the watched processes, in microseconds for each good answer."""
    return 1e4 * result["cpu_pct"] / result["rps"]


def ratios(mine, theirs):
    """Round by round; so drift of the machine cancels out."""
    return [a / b for a, b in zip(mine, theirs, strict=True)]


def middle(results, key):
    return median(result[key] for result in results)
