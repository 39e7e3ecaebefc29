"""Load on nodes whose database comes and goes: each answer is timed, an error must say 503 and Retry-After, a wait has an end."""
import threading
import time
from collections import Counter

from lib import client, control, ledger, recovery, report

LONGEST_REFUSAL = 2  # seconds until an error answer (SECURITY.md R8)
WORKERS = 12


class Patient(ledger.Worker):
    """Goes on after a 503, as people do who try again. `outages` is where it notes what it saw."""

    def __init__(self, outages, facts, node, name, seed):
        super().__init__(facts, node, name, seed)
        self.outages, self.answer = outages, None
        self.on_unavailable, self.always_checks = self.note_refusal, False

    def note_refusal(self, answer):
        self.answer = answer

    def ask(self, connection, operation, account, detail):
        self.answer, began = None, time.monotonic()
        try:
            answer = super().ask(connection, operation, account, detail)
        finally:
            ended = time.monotonic()
            self.outages.longest = max(self.outages.longest, ended - began)
        if answer != "unavailable":
            self.outages.good.append((began, ended, operation))
            return answer
        self.outages.refused.append((began, ended))
        if self.answer and not self.answer.header("retry-after"):
            self.outages.wrong.append(f"{operation}: 503 without Retry-After")
        if ended - began >= LONGEST_REFUSAL:
            self.outages.wrong.append(f"{operation}: refused after {ended - began:.2f} s")
        time.sleep(0.02)  # a client that is refused at once does not ask a thousand times a second
        return answer


class Outages:
    """The load, in threads of its own; use it in `with`: it ends there, and is_over() ends its workers between two requests."""

    def __init__(self, name, facts, nodes):
        self.name, self.nodes = name, nodes
        self.good, self.refused, self.wrong, self.longest = [], [], [], 0.0
        self.is_over = threading.Event()
        self.workers = [Patient(self, facts, nodes[n % len(nodes)], f"{name}-{n}", seed=n) for n in range(WORKERS)]
        self.threads = [threading.Thread(target=self.work, args=(worker,)) for worker in self.workers]

    def __enter__(self):
        self.reasons_before = self.reasons()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def work(self, worker):
        """A worker lives as long as the load: what makes it stop earlier is wrong, an answer that never comes above all."""
        try:
            worker.run(self.is_over.is_set)
        except (client.Broken, control.Unanswered, ConnectionError, ledger.Refused) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")

    def recovery(self, since, until=float("inf")):
        """Seconds from `since` to the last request before `until` that began after it and was refused; what follows is full service."""
        return max((began - since for began, _ in list(self.refused) if since <= began < until), default=0.0)

    def gap(self, since):
        """Seconds from `since` to the answer to the first good write that began after it; None before there is one."""
        return min((ended - since for began, ended, operation in list(self.good) if began >= since and operation != "check"), default=None)

    def reasons(self):
        """How often each reason of a refusal stands in the logs of the nodes."""
        return Counter(event["message"] for node in self.nodes for event in node.events("request.outage"))

    def report(self, fewest_refused=1):
        """Where nothing is refused there may have been no outage: `fewest_refused` is 0 where the nodes may hide it altogether."""
        name = self.name
        for line in self.wrong[:10]:
            report.note(line)
        why = self.reasons() - self.reasons_before
        report.note(f"{name}: " + "; ".join(f"{count} x {message}" for message, count in why.most_common(6)))
        slowest = max((ended - began for began, ended in self.refused), default=0.0)
        report.note(f"{name}: {len(self.good)} good answers, {len(self.refused)} refused, the slowest of these after {slowest:.2f} s; "
                    f"longest wait of all {self.longest:.2f} s")
        report.at_least(f"{name}_refusals_seen", len(self.refused), fewest_refused)
        report.at_most(f"{name}_slowest_refusal", slowest, LONGEST_REFUSAL, "s")
        report.holds(f"{name}_wrong_or_stuck", len(self.wrong), "=0", not self.wrong)


def audited(facts, nodes, cluster, database):
    """What is not true of the acknowledged facts, asked of each node, once it says that it is ready, and of the rows."""
    recovery.wait_until(lambda: all(client.request(node.metrics_port, "GET", "/readyz").status == 200 for node in nodes), 10)
    wrong = [line for node in nodes for line in ledger.audit(facts, node.port)]
    return wrong + ledger.audit_database(facts, cluster, database)


def report_facts(name, facts, wrong):
    report.note("acknowledged: " + ", ".join(f"{operation} {count}" for operation, count in sorted(facts.counts.items())))
    for line in wrong[:10]:
        report.note(line)
    unanswered = [line for line in wrong if " 503" in line]  # refused while nothing was broken: not lost, and not right either
    report.holds(f"{name}_lost", len(wrong) - len(unanswered), "=0", len(wrong) == len(unanswered))
    report.holds(f"{name}_refused_in_calm", len(unanswered), "=0", not unanswered)
