#!/usr/bin/env python3
"""Limits per account and per client network, and whose word counts for where a client is."""
import socket

import propusk
from propusk import PATIENCE, Answer


def register_from(server, address, username, *headers):
    """A registration over a socket bound to `address` (any of 127/8)."""
    body = f"password=correct+horse+7&again_pass=correct+horse+7&mail=a%40example.org&username={username}".encode()
    lines = ["POST /mobile/registration/ HTTP/1.1", "Host: localhost", "Connection: close", *headers,
             "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE, source_address=(address, 0)) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    return Answer(raw.decode())


class Limits(propusk.EndToEndTest):
    def test_guessing_is_refused_with_a_time_to_wait_and_says_nothing_else(self):
        curl = self.curl(self.serve())
        curl.register("ann")
        guesses = [curl.sign_in("ann", password=f"wrong guess {n}") for n in range(10)]  # the default burst
        self.assertEqual([(guess.status, guess.header("retry-after")) for guess in guesses], [(405, None)] * 10)
        limited = curl.sign_in("ann")
        self.assertEqual(limited.status, 405, "even with the right password")
        self.assertGreater(int(limited.header("retry-after")), 0)
        self.assertIsNone(curl.cookie("sessionid"))

    def test_a_signed_in_person_is_not_bothered_by_the_limit(self):
        server = self.serve("limits.failures_per_account_and_prefix_burst=1")
        ann, stranger = self.curl(server), self.curl(server)
        ann.register("ann")
        ann.sign_in("ann")
        stranger.sign_in("ann", password="wrong")
        self.assertIsNotNone(stranger.sign_in("ann", password="wrong").header("retry-after"))
        self.assertTrue(ann.is_signed_in())

    def test_registrations_are_limited_per_client_network(self):
        server = self.serve("limits.registrations_per_prefix_burst=2")
        self.assertEqual([register_from(server, "127.0.0.2", f"ann{n}").status for n in range(2)], [200, 200])
        limited = register_from(server, "127.0.0.2", "ann2")
        self.assertEqual((limited.status, limited.body), (405, ""))
        self.assertGreater(int(limited.header("retry-after")), 0)
        self.assertEqual(register_from(server, "127.0.0.3", "ann3").status, 200)
        self.assertIn('propusk_limited_total{limit="registration"} 1\n', server.probe("/metrics")[1])

    def test_switched_off_on_loopback_nothing_is_limited(self):
        server = self.serve("limits.enabled=false", "limits.registrations_per_prefix_burst=1")
        self.assertEqual([register_from(server, "127.0.0.2", f"ann{n}").status for n in range(3)], [200] * 3)


class Forwarded(propusk.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve("limits.registrations_per_prefix_burst=1", "server.trusted_proxies=127.0.0.8")

    def test_the_word_of_a_trusted_proxy_counts(self):
        statuses = [register_from(self.server, "127.0.0.8", f"ann{n}", f"X-Forwarded-For: 192.0.2.{n}").status for n in range(3)]
        self.assertEqual(statuses, [200] * 3)
        again = register_from(self.server, "127.0.0.8", "bob", "X-Forwarded-For: 198.51.100.1, 192.0.2.1")
        self.assertEqual(again.status, 405, "the last entry is the proxy's; what stands before it is the client's own claim")

    def test_the_word_of_anybody_else_is_ignored_and_reported(self):
        statuses = [register_from(self.server, "127.0.0.9", f"ann{n}", f"X-Forwarded-For: 192.0.2.{n}").status for n in range(3)]
        self.assertEqual(statuses, [200, 405, 405])
        self.assertEqual(self.server.wait_for("proxy.untrusted")["client.ip"], "127.0.0.9")

    def test_only_a_trusted_proxy_can_say_that_the_client_speaks_tls(self):
        for address, is_believed in (("127.0.0.8", True), ("127.0.0.9", False)):
            curl = self.curl(self.server, options=("--interface", address))
            asked = curl.get("/mobile/login/", "--header", "X-Forwarded-Proto: https")
            self.assertEqual("Secure" in asked.cookies()["csrftoken"], is_believed)


if __name__ == "__main__":
    propusk.main()
