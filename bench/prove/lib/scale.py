"""The same store small and large, in turns: what a check and a sign-in cost in each, and how soon a server answers after a start."""
import sqlite3
import time
from statistics import median
from urllib.parse import urlencode

from lib import client, control, crowd, hashing, load, nodes, report, rows, server

SMALL = 1000  # accounts and sessions
ROUNDS, SECONDS, STARTS = 3, 4, 3
PEOPLE = 500  # who sign in, from all over the crowd
BODY = urlencode({"username": "{v}", "password": rows.PASSWORD, "csrfmiddlewaretoken": client.CSRF}, safe="{}")
CHEAP_HASH = ("passwords.argon2_memory_kib=8", "passwords.argon2_passes=1")
SETTINGS = ("limits.enabled=false", "mail.transport=log", "mail.notify_new_device=false")


def hash_of(settings):
    """What a server with these settings makes of rows.PASSWORD."""
    with server.Server(*SETTINGS, *settings) as running:
        control.ask(running.data, "account.create", username="first", email="", password=rows.PASSWORD)
        with sqlite3.connect(f"file:{running.data}/propusk.db?mode=ro", uri=True) as store:
            hashed, = store.execute("SELECT password_hash FROM accounts").fetchone()
        store.close()
        return hashed


def hashes():
    """Of accounts with an even number and with an odd one: the default hash, and one that costs nothing."""
    return hash_of(()), hash_of(CHEAP_HASH)


class Place:
    """A filled store and a server on it."""

    def __init__(self, accounts, sessions):
        self.accounts, self.sessions = accounts, sessions
        self.directory = server.temporary_directory()
        self.keys = crowd.keys_file(self.directory / "keys", sessions, step=97)
        self.running = None

    def fill(self, make):
        began = time.monotonic()
        make()
        report.note(f"{self.accounts} accounts and {self.sessions} sessions made in {time.monotonic() - began:.0f} s")

    def start(self, *settings):
        """A new process on the store."""
        self.running = self.new_server(f"sessions.cache_entries={max(10_000, self.sessions + self.sessions // 4)}", *SETTINGS, *settings)
        self.running.start()

    def stop(self):
        if self.running and self.running.process:
            self.running.kill()

    def cpu_seconds(self):
        return self.running.cpu_seconds() + self.database_cpu_seconds()

    def measure(self, path, *arguments, headers):
        """CPU of server and database for each good answer, in microseconds."""
        hashing.settle(self.running)
        with load.Foreign() as foreign:
            before = self.cpu_seconds()
            result = load.run(self.running.port, path, "-c", 64, "-d", SECONDS, "-w", 0, "-e", 200, *arguments, headers=headers)
            hashing.settle(self.running)
            spent = self.cpu_seconds() - before
        other = max(0.0, foreign.percent - 100 * spent / (time.monotonic() - foreign.began[0]))  # ours is foreign to it too
        return {"cpu": 1e6 * spent / result["ok"], "errors": result["errors"], "rps": result["rps"], "other_cpu_pct": other}

    def check(self):
        return self.measure("/mobile/start/", "-V", self.keys, headers=load.BROWSER)

    def sign_in(self, names):
        return self.measure("/mobile/login/", "-V", names, "-b", BODY, headers=(": ".join(client.FORM), f"Cookie: csrftoken={client.CSRF}"))


class SqlitePlace(Place):
    def __init__(self, accounts, sessions, hashes):
        super().__init__(accounts, sessions)
        self.data = server.temporary_directory() / "data"
        with server.Server(*SETTINGS, data=self.data) as running:  # the schema
            running.stop()
        self.fill(lambda: crowd.into_sqlite(self.data, hashes, accounts, sessions))

    def new_server(self, *settings):
        return server.Server(*settings, data=self.data)

    def database_cpu_seconds(self):
        return 0


class PostgresPlace(Place):
    def __init__(self, accounts, sessions, hashes, cluster):
        super().__init__(accounts, sessions)
        self.cluster, self.data, name = cluster, server.temporary_directory() / "data", f"crowd{accounts}"
        self.url = cluster.create_database(name)
        with nodes.Nodes(1, self.url, *SETTINGS, data=self.data) as running:  # the schema, and the key that seals keys
            running[0].stop()
        self.fill(lambda: crowd.into_postgres(cluster, name, hashes, accounts, sessions))

    def new_server(self, *settings):
        return server.Server(f"store.url={self.url}", *settings, data=self.data)

    def database_cpu_seconds(self):
        return self.cluster.cpu_seconds()


def in_turns(places, act):
    """[the rounds of each place]; who goes first alternates."""
    results = [[] for _ in places]
    for turn in range(ROUNDS):
        order = list(range(len(places)))
        for which in order if turn % 2 == 0 else reversed(order):
            results[which].append(load.quiet(lambda which=which: act(places[which]), "scale"))
    return results


def compare(name, what, places, act, goal):
    """`goal`: of what the large place costs to the small one; None: the figures are told, and nothing is asked of them."""
    small, large = in_turns(places, act)
    for place, results in zip(places, (small, large), strict=True):
        report.note(f"{name}, {what} among {place.accounts}: {report.spread([r['cpu'] for r in results])} us of CPU, "
                    f"{report.spread([r['rps'] for r in results], 0)} a second, other work {load.middle(results, 'other_cpu_pct'):.0f} % of a core")
    ratios = load.ratios([r["cpu"] for r in large], [r["cpu"] for r in small])
    errors = sum(r["errors"] for r in small + large)
    report.note(f"{name}, {what}: ratios by round {report.spread(ratios, 3)}, {errors} errors")
    if goal:
        report.holds(f"{name}_{what}_errors", errors, "=0", not errors)
        report.at_most(f"{name}_{what}_to_{SMALL}", median(ratios), goal, "x")


def prove(name, places, goal):
    """`places`: the small one and the large one, filled."""
    try:
        for place in places:
            place.start()
            rows.warm(place.running, place.keys, place.sessions)
        compare(name, "check", places, Place.check, goal)
        prove_sign_ins(name, "sign_in", places, 0, goal)
        prove_restarts(name, places[-1])
        for place in places:
            place.stop()
            place.start(*CHEAP_HASH)
        # Their hash costs nothing: what is left is what the store costs, at more sign-ins at once than any hash allows. Told
        # without a goal: a small store shares pages that a large one writes each, and 500 people of one table conflict.
        prove_sign_ins(name, "sign_in_but_for_the_hash", places, 1, goal=None)
    finally:
        for place in places:
            place.stop()


def prove_sign_ins(name, what, places, which, goal):
    names = {place: crowd.names_file(place.directory / what, PEOPLE, place.accounts, which) for place in places}
    compare(name, what, places, lambda place: place.sign_in(names[place]), goal)


def prove_restarts(name, place):
    times = []
    for _ in range(STARTS):
        place.running.stop()
        place.running.start()
        times.append(place.running.start_seconds)
    report.note(f"{name}: start to first answer {report.spread(times, 3)} s")
    report.at_most(f"{name}_restart_to_ready", max(times), 1, "s")
