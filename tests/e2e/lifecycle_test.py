#!/usr/bin/env python3
"""Start, reload, drain, activation: what an init system and an operator see of the process."""
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from urllib.parse import urlencode

import propusk
from certificate import self_signed
from propusk import PASSWORD, PATIENCE

DEFAULT_HASHES = ("passwords.argon2_memory_kib=19456", "passwords.argon2_passes=2")  # some 15 ms each
TOKEN = "t" * 32  # the dialect accepts a pair that a client invents


def sign_in_on(connection, username):
    """Sends a sign-in on a connection that is open already; getresponse() reads the answer."""
    connection.request("POST", "/mobile/login/",
                       urlencode({"username": username, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN}),
                       {"Cookie": f"csrftoken={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"})


def open_connection(server):
    """A keep-alive connection that has had an answer, so it is past the backlog."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/mobile/login/")
    connection.getresponse().read()
    return connection


class Lifecycle(propusk.EndToEndTest):
    def test_sigterm_finishes_the_sign_ins_that_are_under_way(self):
        server = self.serve(*DEFAULT_HASHES)
        self.assertEqual(server.operator("account", "create", "ann", password=PASSWORD).returncode, 0)
        connections = [open_connection(server) for _ in range(4)]
        for connection in connections:
            self.addCleanup(connection.close)
            sign_in_on(connection, "ann")

        server.signal(signal.SIGTERM)
        answers = [connection.getresponse() for connection in connections]
        for answer in answers:
            answer.read()  # and closes, as the answer asks

        self.assertEqual([answer.status for answer in answers], [200] * 4)
        self.assertEqual([answer.headers["Connection"] for answer in answers], ["close"] * 4)
        self.assertEqual(server.exit_code(), 0)
        self.assertEqual(len(server.events("server.stopped")), 1)
        again = self.serve(*DEFAULT_HASHES)
        session = answers[0].headers.get_all("Set-Cookie")[1].partition(";")[0]
        self.assertEqual(self.curl(again).get("/mobile/start/", "--cookie", session).status, 200)

    def test_sigterm_under_load_leaves_no_request_without_its_answer(self):
        server = self.serve("limits.enabled=false")
        server.operator("account", "create", "ann", password=PASSWORD)
        answered, is_busy, failed = [], threading.Event(), []

        def work():
            connection = open_connection(server)
            try:
                is_kept = True
                while is_kept:
                    sign_in_on(connection, "ann")
                    answer = connection.getresponse()
                    answer.read()
                    is_kept = answer.headers["Connection"] != "close"
                    answered.append(answer.status)
                    if len(answered) > 100:
                        is_busy.set()
            except (OSError, http.client.HTTPException) as problem:
                failed.append(repr(problem))
            finally:
                connection.close()
        workers = [threading.Thread(target=work) for _ in range(8)]
        for worker in workers:
            worker.start()
        self.assertTrue(is_busy.wait(PATIENCE))
        server.signal(signal.SIGTERM)
        for worker in workers:
            worker.join()
        self.assertEqual((failed, set(answered)), ([], {200}))
        self.assertEqual(server.exit_code(), 0)

    def test_readiness_flips_while_the_server_drains(self):
        server = self.serve()
        self.assertEqual(server.probe("/readyz"), (200, "ready\n"))
        idle = open_connection(server)  # the drain waits half a second for a request that may be under way on it
        self.addCleanup(idle.close)
        server.signal(signal.SIGTERM)
        seen = set()
        while (503, 200) not in seen:  # not ready, but alive; ends with an error when the listener is gone
            seen.add((server.probe("/readyz")[0], server.probe("/livez")[0]))
        self.assertEqual(server.exit_code(), 0)

    def test_the_monitoring_listener_answers_probes_and_scrapes(self):
        server = self.serve()
        self.curl(server).get("/mobile/start/")
        self.assertEqual(server.probe("/livez"), (200, "ok\n"))
        self.assertEqual(server.probe("/readyz"), (200, "ready\n"))
        status, text = server.probe("/metrics")
        self.assertEqual(status, 200)
        self.assertRegex(text, r'propusk_http_requests_total\{[^}]*route="/mobile/start/"[^}]*\} 1\n')
        self.assertEqual(self.curl(server).get("/metrics").status, 404, "the public listener has none of it")

    def test_an_init_system_is_told_of_readiness_and_stopping(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.bind(self.path("notify"))
            notices.settimeout(PATIENCE)
            told = (notices.recv(4096).decode() for _ in range(1000))  # watchdog pings may come in between
            server = self.serve(environment={"NOTIFY_SOCKET": self.path("notify")})
            for number, state in ((None, "READY=1"), (signal.SIGHUP, "RELOADING=1"), (None, "READY=1"), (signal.SIGTERM, "STOPPING=1")):
                if number:
                    server.signal(number)
                self.assertIn(state, next(text for text in told if text != "WATCHDOG=1"))
            self.assertEqual(server.exit_code(), 0)

    def test_a_socket_from_the_init_system_is_served_and_survives_a_restart(self):
        activate = ("import os, sys; os.dup2(int(sys.argv[1]), 3); "
                    "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execv(sys.argv[2], sys.argv[2:])")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            how = {"launcher": (sys.executable, "-c", activate, str(listener.fileno())), "pass_fds": (listener.fileno(),)}
            port = listener.getsockname()[1]
            first = self.serve(**how)
            self.assertEqual(first.port, port)
            curl = self.curl(first)
            curl.register("ann")
            self.assertEqual(first.stop(), 0)
            with socket.create_connection(("127.0.0.1", port)) as waiting:  # nobody serves; the socket keeps it
                waiting.settimeout(PATIENCE)
                waiting.sendall(b"GET /mobile/start/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                self.serve(**how)
                self.assertTrue(waiting.recv(64).startswith(b"HTTP/1.1 405 "))
            self.assertEqual(curl.sign_in("ann").status, 200)

    def test_a_second_server_on_the_directory_refuses_to_start(self):
        self.serve()
        second = propusk.Server(self.path("data"))
        self.addCleanup(second.close)
        self.assertNotEqual(second.exit_code(), 0)
        self.assertIn("in use", "".join(second.lines))

    def test_an_address_in_use_is_said_so(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:" + str(taken.getsockname()[1])
            server = propusk.Server(self.path("data"), listen=address)
            self.addCleanup(server.close)
            self.assertNotEqual(server.exit_code(), 0)
            self.assertIn(address, "".join(server.lines))


class PublicListener(propusk.EndToEndTest):
    """A listener that other machines reach needs TLS or a declared proxy, and an origin."""

    def refusal(self, *settings):
        server = propusk.Server(self.path("data"), "passwords.argon2_memory_kib=7168", *settings, listen="0.0.0.0:0")
        self.addCleanup(server.close)
        self.assertEqual(server.exit_code(), 2)
        self.assertFalse(os.path.exists(self.path("data")), "nothing was tried")
        return "".join(server.lines)

    def test_without_tls_or_proxy_it_refuses_to_start_and_says_what_to_do(self):
        said = self.refusal("server.public_origin=https://id.example.org")
        self.assertIn("server.tls_certificate", said)
        self.assertIn("server.trusted_proxies", said)

    def test_without_an_origin_it_refuses_to_start(self):
        self.assertIn("server.public_origin", self.refusal("server.trusted_proxies=10.0.0.1"))

    def test_limits_cannot_be_turned_off(self):
        self.assertIn("limits.enabled", self.refusal("server.public_origin=https://id.example.org", "server.trusted_proxies=10.0.0.1",
                                                     "limits.enabled=false"))

    def test_behind_a_declared_proxy_it_starts(self):
        server = self.serve("passwords.argon2_memory_kib=7168", "server.public_origin=https://id.example.org",
                            "server.trusted_proxies=10.0.0.1", listen="0.0.0.0:0")
        self.assertEqual(server.stop(), 0)


class Certificates(propusk.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.certificate, self.key = self.path("certificate.pem"), self.path("key.pem")
        self_signed(self.certificate, self.key, "first.test")
        self.server = self.serve(f"server.tls_certificate={self.certificate}", f"server.tls_key={self.key}")

    def connect(self):
        with open(self.certificate, encoding="ascii") as file:
            context = ssl.create_default_context(cadata=file.read())
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.port, context=context, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.connect()
        return connection

    def start_on(self, connection):
        connection.request("GET", "/mobile/start/")
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def test_sighup_takes_a_new_certificate_and_keeps_open_connections(self):
        old = self.connect()
        self_signed(self.certificate, self.key, "second.test")
        with self.assertRaises(ssl.SSLError):
            self.connect()
        self.server.signal(signal.SIGHUP)
        self.server.wait_for("server.reloaded")
        self.assertEqual(self.connect().sock.getpeercert()["subject"], ((("commonName", "second.test"),),))
        self.assertEqual(self.start_on(old), 405)

    def test_a_broken_certificate_at_sighup_keeps_the_old_one(self):
        context_from = self.connect()
        with open(self.key, "w", encoding="ascii") as key:
            key.write("nonsense")
        self.server.signal(signal.SIGHUP)
        self.server.wait_for("tls.reload")
        self.assertEqual(self.start_on(context_from), 405)
        self.assertEqual(self.start_on(self.connect()), 405)

    def test_old_protocol_versions_are_refused(self):
        asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.server.port}", "-cipher", "DEFAULT:@SECLEVEL=0"]
        for version in ("-tls1", "-tls1_1"):
            self.assertNotEqual(subprocess.run([*asked, version], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE).returncode, 0)
        self.assertEqual(subprocess.run([*asked, "-tls1_2"], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE).returncode, 0)

    def test_what_is_no_tls_is_closed_and_harms_nobody(self):
        hello = bytes.fromhex("16030100f8010000f40303")  # the beginning of a ClientHello
        for sent in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\0" * 1000, b"\xff" * 1000, hello + b"\x5a" * 300, hello):
            with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as peer:
                peer.sendall(sent)
                peer.shutdown(socket.SHUT_WR)
                try:
                    while peer.recv(4096):
                        pass
                except ConnectionResetError:
                    pass
        self.assertEqual(self.start_on(self.connect()), 405)


if __name__ == "__main__":
    propusk.main()
