#!/usr/bin/env python3
"""Do the clusters, the standby and the network of proofs do what proofs rely on? To be run by hand: python3 -m unittest lib.postgres_test"""
import ctypes
import socket
import subprocess
import threading
import time
import unittest

from lib import cut_proxy, postgres

OK, TUPLES = 1, 2  # PGRES_COMMAND_OK, PGRES_TUPLES_OK


class Libpq:
    """A client as servers are: libpq. Each call: the status of the result, or for value() its text."""

    def __init__(self, url):
        self.pq = ctypes.CDLL("libpq.so.5")
        for name in ("PQconnectdb", "PQexec", "PQprepare", "PQexecPrepared", "PQnotifies"):
            getattr(self.pq, name).restype = ctypes.c_void_p
        self.pq.PQgetvalue.restype = self.pq.PQerrorMessage.restype = ctypes.c_char_p
        self.connection = ctypes.c_void_p(self.pq.PQconnectdb(url.encode()))

    def is_connected(self):
        return self.pq.PQstatus(self.connection) == 0

    def _result(self, pointer):
        return ctypes.c_void_p(pointer)

    def run(self, sql):
        return self.pq.PQresultStatus(self._result(self.pq.PQexec(self.connection, sql.encode())))

    def value(self, sql):
        result = self._result(self.pq.PQexec(self.connection, sql.encode()))
        return self.pq.PQgetvalue(result, 0, 0).decode() if self.pq.PQresultStatus(result) == TUPLES else None

    def prepare(self, name, sql):
        return self.pq.PQresultStatus(self._result(self.pq.PQprepare(self.connection, name.encode(), sql.encode(), 0, None)))

    def run_prepared(self, name):
        return self.pq.PQresultStatus(self._result(self.pq.PQexecPrepared(self.connection, name.encode(), 0, None, None, None, 0)))

    def has_notification(self):
        """Consumes what came with the answer to an empty question."""
        self.run("")
        return bool(self.pq.PQnotifies(self.connection))

    def close(self):
        self.pq.PQfinish(self.connection)
        self.connection = ctypes.c_void_p(None)


def sized(body):
    return (len(body) + 4).to_bytes(4, "big") + body


def batch(*statements):
    """Each parsed, bound and executed without a name, then a Sync."""
    each = (b"P" + sized(b"\0" + text.encode() + b"\0\0\0") + b"B" + sized(bytes(8)) + b"E" + sized(bytes(5)) for text in statements)
    return b"".join(each) + b"S" + sized(b"")


class OneCluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(postgres.Cluster())
        cls.url = cls.cluster.create_database("facts")
        cls.cluster.query("CREATE TABLE facts (fact text); ALTER TABLE facts OWNER TO propusk", "facts")

    def facts(self, fact):
        return int(self.cluster.value("SELECT count(*) FROM facts WHERE fact = :'fact'", "facts", fact=fact))

    def connect(self, url=None):
        client = Libpq(url or self.url)
        self.addCleanup(client.close)
        return client


class ClusterTest(OneCluster):
    def test_commits_are_durable_and_survive_both_restarts_and_a_kill(self):
        self.assertEqual([self.cluster.value(f"SHOW {name}") for name in postgres.postgres_cluster.DURABLE], ["on"] * 3)
        for how in (lambda: self.cluster.restart("fast"), lambda: self.cluster.restart("immediate"),
                    lambda: (self.cluster.kill(), self.cluster.start())):
            fact, before = f"survives {time.monotonic_ns()}", self.cluster.pid()
            self.assertEqual(self.connect().run(f"INSERT INTO facts VALUES ('{fact}')"), OK)
            how()
            self.assertNotEqual(self.cluster.pid(), before)
            self.assertEqual(self.facts(fact), 1)

    def test_a_stopped_cluster_takes_no_connections(self):
        client = self.connect()
        self.cluster.stop("immediate")
        self.assertNotEqual(client.run("SELECT 1"), TUPLES)
        self.assertFalse(self.connect().is_connected())
        self.cluster.start()
        self.assertTrue(self.connect().is_connected())

    def test_backends_are_terminated_by_name(self):
        one, other = (self.connect(f"{self.url}&application_name={name}") for name in ("one%20writer", "other"))
        self.assertEqual(self.cluster.terminate_backends("one%"), 1)
        self.assertEqual((one.value("SELECT 1"), other.value("SELECT 1")), (None, "1"))
        self.assertGreaterEqual(self.cluster.terminate_backends(), 1)
        self.assertIsNone(other.value("SELECT 1"))

    def test_statements_are_counted(self):
        client = self.connect()
        self.cluster.reset_statements()
        self.assertEqual(self.cluster.statements("facts"), [])
        for number in range(7):
            client.run(f"SELECT count(*) + {number} FROM facts")
        self.assertEqual(self.cluster.statements("facts"), [(7, "SELECT count(*) + $1 FROM facts")])

    def test_cpu_time_has_that_of_ended_backends(self):
        work = "SELECT count(*) FROM generate_series(1, 3000000)"
        before = self.cluster.cpu_seconds()
        client = self.connect()
        client.value(work)
        live = self.cluster.cpu_seconds() - before
        self.assertGreater(live, 0.1)
        pid = client.value("SELECT pg_backend_pid()")
        client.close()
        postgres.wait_until(lambda: self.cluster.value("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid", pid=pid) == "0", "ended")
        self.assertGreaterEqual(self.cluster.cpu_seconds() - before, live - 0.05)

    def test_databases_come_and_go(self):
        url = self.cluster.create_database("to-go")
        client = self.connect(url)
        self.assertEqual(client.value("SELECT current_database() || ' of ' || current_user"), "to-go of propusk")
        self.cluster.drop_database("to-go")
        self.assertFalse(self.connect(url).is_connected())

    def test_after_it_nothing_is_left(self):
        with postgres.Cluster(is_durable=False) as other:
            self.assertEqual(other.value("SHOW fsync"), "off")
            pid = other.pid()
        self.assertFalse(other.place.exists())
        self.assertEqual(subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode, 1)
        self.assertNotIn(str(other.place), subprocess.run(["ps", "ax"], capture_output=True, text=True, check=True).stdout)


class StandbyTest(unittest.TestCase):
    def test_what_was_acknowledged_is_there_after_the_primary_went_and_the_standby_was_promoted(self):
        with postgres.Cluster() as primary:
            primary.create_database("facts")
            with primary.standby() as standby:
                url = postgres.either((primary, standby), "facts")
                client = Libpq(url)
                client.run("CREATE TABLE facts (fact int)")
                for fact in range(200):
                    self.assertEqual(client.run(f"INSERT INTO facts VALUES ({fact})"), OK)
                primary.kill()
                self.assertFalse(Libpq(url).is_connected())  # the standby alone takes no writes
                began = time.monotonic()
                standby.promote()
                print(f"promoted in {time.monotonic() - began:.2f} s")
                client = Libpq(url)
                self.assertEqual(client.value("SELECT count(*) FROM facts"), "200")
                self.assertEqual(client.run("INSERT INTO facts VALUES (200)"), OK)

    def test_a_commit_waits_for_the_standby(self):
        with postgres.Cluster() as primary:
            with primary.standby() as standby:
                client = Libpq(primary.url())
                self.assertEqual(client.run("CREATE TABLE facts (fact int)"), OK)
                standby.kill()
                waiting = threading.Thread(target=client.run, args=("INSERT INTO facts VALUES (1)",))
                waiting.start()
                asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                postgres.wait_until(lambda: primary.value(asked) == "1", "the commit waits")
                standby.start()
                waiting.join()
            self.assertEqual(client.run("INSERT INTO facts VALUES (2)"), OK)  # no standby, nothing to wait for


class CutProxyTest(OneCluster):
    def setUp(self):
        self.proxy = self.enterContext(cut_proxy.CutProxy(self.cluster))

    def through(self, name="writer"):
        return self.connect(f"{self.proxy.url('facts')}?application_name={name}")

    def transaction(self, client, fact, prepared=False):
        """Did it say that the commit is done?"""
        self.assertEqual(client.run("BEGIN"), OK)
        self.assertEqual(client.run(f"INSERT INTO facts VALUES ('{fact}')"), OK)
        return (client.run_prepared("commit") if prepared else client.run("COMMIT")) == OK

    def settled(self):
        """No backend is at it any more."""
        postgres.wait_until(lambda: self.cluster.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'writer'") == "0",
                            "the backend ended")

    def test_untouched_it_passes_everything(self):
        client = self.through()
        self.assertTrue(self.transaction(client, "passes"))
        self.assertEqual(len(client.value("SELECT repeat('x', 3000000)")), 3_000_000)
        self.assertEqual(self.proxy.connections(), ["writer"])

    def test_a_cut_ends_those_connections_and_no_others(self):
        writer, listener = self.through(), self.through("listener")
        self.assertEqual(self.proxy.cut("listen*"), 1)
        self.assertEqual((writer.value("SELECT 1"), listener.value("SELECT 1")), ("1", None))
        self.assertEqual(self.proxy.cut(), 1)
        self.assertIsNone(writer.value("SELECT 1"))
        self.assertTrue(self.through().is_connected())

    def test_a_stalled_connection_is_open_and_silent_until_it_is_not(self):
        listener, writer, answers = self.through("listener"), self.through(), []
        self.proxy.mode("stall", "listener")
        waiting = threading.Thread(target=lambda: answers.append(listener.value("SELECT 1")))
        waiting.start()
        waiting.join(0.3)
        self.assertEqual((writer.value("SELECT 2"), answers), ("2", []))
        late = self.connect(f"{self.proxy.url('facts')}?application_name=listener&connect_timeout=2")
        self.assertFalse(late.is_connected())
        self.proxy.mode("pass")
        waiting.join()
        self.assertEqual(answers, ["1"])
        self.assertEqual(listener.value("SELECT 3"), "3")

    def test_stalled_connections_can_be_cut(self):
        client, answers = self.through(), []
        self.proxy.mode("stall")
        waiting = threading.Thread(target=lambda: answers.append(client.value("SELECT 1")))
        waiting.start()
        waiting.join(0.1)
        self.assertEqual(self.proxy.cut(), 1)
        waiting.join()
        self.assertEqual(answers, [None])

    def test_a_deaf_connection_loses_notifications_and_nothing_else(self):
        listener, heard = self.through("listener"), []
        listener.run("LISTEN ending")
        for mode in ("pass", "deaf", "pass"):
            self.proxy.mode(mode, "listener")
            self.cluster.query("NOTIFY ending", "facts")
            self.assertEqual(listener.value("SELECT 1"), "1")  # behind the notification
            heard.append(listener.has_notification())
        self.assertEqual(heard, [True, False, True])

    def test_refused_connections_end_and_come_back(self):
        client = self.through()
        self.proxy.mode("refuse")
        self.assertIsNone(client.value("SELECT 1"))
        self.assertFalse(self.through().is_connected())
        self.proxy.mode("pass")
        self.assertTrue(self.through().is_connected())

    def test_a_cut_within_the_batch_of_a_commit_commits_nothing_and_after_its_last_byte_everything(self):
        for prepared in (False, True):
            for after, commits in ((0, 0), (3, 0), (10**6, 1)):
                fact = f"client {prepared} {after}"
                client = self.through()
                client.prepare("commit", "COMMIT")
                self.proxy.cut_once_at("COMMIT", "client", after)
                self.assertTrue(client.is_connected())
                self.assertIsNone(self.proxy.fired())
                self.assertFalse(self.transaction(client, fact, prepared))
                fired = self.proxy.fired()
                self.assertEqual((fired["application"], fired["bytes"]), ("writer", min(after, fired["of"])))
                self.settled()
                self.assertEqual(self.facts(fact), commits, fact)

    def test_a_cut_within_the_answer_to_a_commit_has_committed_and_only_a_whole_answer_says_so(self):
        for prepared in (False, True):
            for after, is_told in ((0, False), (9, False), (10**6, True)):
                fact = f"server {prepared} {after}"
                client = self.through()
                client.prepare("commit", "COMMIT")
                self.proxy.cut_once_at("COMMIT", "server", after, only="writ*")
                self.assertEqual(self.transaction(client, fact, prepared), is_told)
                self.assertEqual(self.proxy.fired()["bytes"], min(after, self.proxy.fired()["of"] or after))
                self.settled()
                self.assertEqual(self.facts(fact), 1, fact)

    def test_in_a_pipeline_the_bytes_of_the_answer_to_the_commit_are_counted_and_no_others(self):
        for after in (0, 7, 17):
            fact = f"pipeline {after}"
            self.proxy.cut_once_at("COMMIT", "server", after)
            with socket.create_connection(("127.0.0.1", self.proxy.port)) as peer:
                peer.sendall(sized(b"\0\3\0\0user\0propusk\0database\0facts\0application_name\0writer\0\0") + batch("BEGIN") +
                             batch(f"INSERT INTO facts VALUES ('{fact}')", "SAVEPOINT nothing") + batch("RELEASE nothing", "COMMIT"))
                said = b"".join(iter(lambda: peer.recv(65536), b""))
            ready = said.index(b"Z\0\0\0\5I")
            self.assertEqual(said.count(b"Z\0\0\0\5"), 3)  # of the start and of the two batches before
            self.assertIn(b"INSERT 0 1", said[ready:])
            self.assertEqual(len(said.rpartition(b"Z\0\0\0\5T")[2]), after)
            self.settled()
            self.assertEqual(self.facts(fact), 1)

    def test_a_cut_waits_for_its_statement_and_its_client_and_happens_once(self):
        other, writer = self.through("other"), self.through()
        self.proxy.cut_once_at("COMMIT", "client", 0, only="writer")
        self.assertTrue(self.transaction(other, "not concerned"))
        self.assertEqual(writer.value("SELECT 'COMMIT'"), "COMMIT")
        self.assertIsNone(self.proxy.fired())
        self.assertFalse(self.transaction(writer, "concerned"))
        self.assertTrue(self.transaction(self.through(), "after"))
        self.proxy.cut_once_at("COMMIT", "client", 0)
        self.proxy.disarm()
        self.assertTrue(self.transaction(self.through(), "disarmed"))

    def test_its_end_is_noted_by_both_sides(self):
        client = self.through()
        self.cluster.terminate_backends("writer")
        self.assertIsNone(client.value("SELECT 1"))
        self.through().close()
        self.settled()


if __name__ == "__main__":
    unittest.main()
