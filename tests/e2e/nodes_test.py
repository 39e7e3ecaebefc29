#!/usr/bin/env python3
"""Two real servers on one PostgreSQL: one store, one set of endings, keys and limits."""
import os
import shutil
import time

import propusk
from databases import Database

BOUND = 1.0  # seconds after which no node takes what another has ended (DESIGN.md §5)


class Nodes(propusk.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.database = Database()
        self.addCleanup(self.database.drop)

    def node(self, name, *settings, **how):
        server = propusk.Server(self.path(name), f"store.url={self.database.url}", "store.connections=3", *settings, **how)
        self.addCleanup(server.close)
        return server

    def give_key(self, name, key):
        """The sealing key of a node that is yet to start."""
        os.makedirs(self.path(f"{name}/keys"), mode=0o700)
        os.chmod(self.path(name), 0o700)
        place = os.open(self.path(f"{name}/keys/sealing.key"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(place, "w", encoding="utf-8") as out:
            out.write(key)

    def two_nodes(self, *settings):
        first = self.node("a", *settings)
        first.wait_for("server.started")
        with open(self.path("a/keys/sealing.key"), encoding="utf-8") as key:
            self.give_key("b", key.read())
        second = self.node("b", *settings)
        second.wait_for("server.started")
        return first, second

    def elsewhere(self, server, client):
        """The same cookies at another node."""
        other = self.curl(server)
        shutil.copy(client.jar, other.jar)
        return other

    def ends_within_bound(self, client):
        """Whether the session is refused from some moment within the bound on."""
        until = time.monotonic() + BOUND
        while client.is_signed_in():
            if time.monotonic() > until:
                return False
        return True

    def test_a_session_of_one_node_is_good_at_the_other_and_ends_for_both(self):
        first, second = self.two_nodes()
        here = self.curl(first)
        self.assertEqual(here.register("ann").status, 200)
        self.assertEqual(here.sign_in("ann").status, 200)
        there = self.elsewhere(second, here)
        self.assertTrue(there.is_signed_in())

        here.get("/mobile/logout")

        self.assertTrue(self.ends_within_bound(there))

    def test_what_an_operator_does_at_one_node_holds_at_the_other(self):
        first, second = self.two_nodes()
        client = self.curl(second)
        client.register("ann")
        client.sign_in("ann")
        self.assertTrue(client.is_signed_in())

        self.assertEqual(first.operator("account", "disable", "ann").returncode, 0)

        self.assertTrue(self.ends_within_bound(client))
        self.assertEqual(first.operator("account", "enable", "ann").returncode, 0)
        self.assertEqual(self.curl(second).sign_in("ann").status, 200)

    def test_wrong_passwords_are_counted_over_both(self):
        first, second = self.two_nodes()
        self.curl(first).register("ann")
        tries = [self.curl(server).sign_in("ann", password="wrong") for _ in range(7) for server in (first, second)]

        # 14 tries, 10 of one network: limits.failures_per_account_and_prefix_burst
        self.assertEqual([answer.header("retry-after") is not None for answer in tries], [False] * 10 + [True] * 4)

    def test_a_node_with_another_sealing_key_does_not_start(self):
        first = self.node("a")
        first.wait_for("server.started")
        second = self.node("b")

        self.assertNotEqual(second.exit_code(), 0)
        self.assertIn("from another node", "".join(second.lines))

    def test_nodes_that_start_together_make_one_schema(self):
        nodes = []
        for name in ("a", "b", "c"):
            self.give_key(name, "17" * 32 + "\n")
            nodes.append(self.node(name))
        for node in nodes:
            node.wait_for("server.started")

        self.assertEqual(self.curl(nodes[0]).register("ann").status, 200)
        self.assertEqual(self.curl(nodes[2]).sign_in("ann").status, 200)

    def test_while_the_database_is_away_the_answer_is_503_and_readiness_says_so(self):
        first = self.node("a")
        first.wait_for("server.started")
        client = self.curl(first)
        client.register("ann")
        client.sign_in("ann")
        self.assertEqual(first.probe("/readyz")[0], 200)
        self.database.on_cluster(f"ALTER DATABASE {self.database.name} ALLOW_CONNECTIONS false")
        self.database.on_cluster(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.database.name}'")
        until = time.monotonic() + 3
        while first.probe("/readyz")[0] != 503 and time.monotonic() < until:
            pass

        self.assertEqual(first.probe("/readyz")[0], 503)
        answer = client.get("/mobile/start/")
        self.assertEqual(answer.status, 503)
        self.assertIsNotNone(answer.header("retry-after"))

        self.database.on_cluster(f"ALTER DATABASE {self.database.name} ALLOW_CONNECTIONS true")
        until = time.monotonic() + 5
        while not client.is_signed_in() and time.monotonic() < until:
            pass
        self.assertTrue(client.is_signed_in())


if __name__ == "__main__":
    propusk.main()
