"""Sign-ins and registrations against the raw rate of the same hash on the same two threads, in turns."""
import os
import re
import subprocess
import time

from lib import load, report, server

ROUNDS, SECONDS = 5, 6
THREADS = os.cpu_count()


def raw_rate():
    """Hashes a second on all cores with the arena, nothing else running, and the foreign CPU meanwhile."""
    with load.Foreign() as foreign:
        done = subprocess.run([server.TOOLS / "hash_rate", "--threads", str(THREADS), "--seconds", "4"],
                              capture_output=True, text=True, check=True)
    rate, per_cpu_second = (float(re.search(rf" {name}=([\d.]+)", done.stdout)[1]) for name in ("hashes_per_second", "per_cpu_second"))
    return {"rps": rate, "per_cpu_second": per_cpu_second, "other_cpu_pct": foreign.percent}


def settle(running, patience=60):
    """Waits until no hash is queued: the generator's last requests of a round still hold their clients' places."""
    deadline = time.monotonic() + patience
    while running.metrics()["propusk_hash_queue_depth"] > 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)  # the hashes at work, and the writes behind them


def prove(name, goal, running, act):
    """`act()` → result of the load generator; the goal is its rate as a share of the raw rate, round by round."""
    def settled(measure):
        settle(running)
        return measure()

    raw, done = [], []
    for turn in range(ROUNDS):
        pair = [(raw_rate, raw, f"{name}, raw hash"), (act, done, name)]
        for measure, results, what in pair if turn % 2 == 0 else reversed(pair):
            results.append(load.quiet(lambda measure=measure: settled(measure), what))
    rates, raw_rates = [r["rps"] for r in done], [r["rps"] for r in raw]
    shares = load.ratios(rates, raw_rates)
    report.note(f"raw hashes/s on {THREADS} threads: {report.spread(raw_rates, 1)}; {name}/s: {report.spread(rates, 1)}; p50 "
                f"{load.middle(done, 'p50'):.0f} ms, p99 {load.middle(done, 'p99'):.0f} ms; server {load.middle(done, 'cpu_pct'):.0f} %, "
                f"generator {load.middle(done, 'gen_cpu_pct'):.1f} %, other work {load.middle(done, 'other_cpu_pct'):.0f} % of a core")
    by_cpu = load.ratios([100 * r["rps"] / r["cpu_pct"] for r in done], [r["per_cpu_second"] for r in raw])
    report.note(f"share by round: {report.spread(shares, 3)}; the same for each second of CPU, which other work disturbs less: "
                f"{report.spread(by_cpu, 3)}")
    report.at_least(f"{name}_to_raw_hash", load.median(shares), goal, "x")
    errors = sum(result["errors"] for result in done)
    if errors:
        report.note(f"answers by round: {[result['codes'] for result in done]}")
    report.at_most(f"{name}_errors", errors, 0)
