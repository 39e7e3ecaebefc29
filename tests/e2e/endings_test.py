#!/usr/bin/env python3
"""What an operator ends is ended for everybody who signs in at the same moment."""
import http.client
import threading
from urllib.parse import urlencode

import propusk
from propusk import PASSWORD, PATIENCE

TOKEN = "t" * 32  # the dialect accepts a pair that a client invents
ROUNDS, CLIENTS = 5, 6
ENOUGH = 12  # sign-ins before the ending, so that it meets some in mid-air


class Storm:
    """Clients that sign in to one account over and over and keep every session that they get."""

    def __init__(self, port, username):
        self.port, self.username = port, username
        self.sessions, self.is_under_way, self.is_over = [], threading.Event(), threading.Event()
        self.threads = [threading.Thread(target=self._sign_in) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _sign_in(self):
        body = urlencode({"username": self.username, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self.is_over.is_set():
            connection.request("POST", "/mobile/login/", body, {"Cookie": f"csrftoken={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            answer.read()
            self.sessions += [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie", []) if value.startswith("sessionid=")]
            if len(self.sessions) >= ENOUGH:
                self.is_under_way.set()
        connection.close()

    def calm(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()


class Endings(propusk.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve("limits.enabled=false")

    def live(self, sessions):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        statuses = []
        for session in sessions:
            connection.request("GET", "/mobile/start/", headers={"Cookie": session})
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        return statuses.count(200)

    def survivors(self, *verb, **how):
        """Sessions that are alive after the operator's command, over several accounts."""
        alive = 0
        for number in range(ROUNDS):
            username = f"{verb[-1]}-{number}"
            self.assertEqual(self.curl(self.server).register(username).status, 200)
            storm = Storm(self.server.port, username)
            self.assertTrue(storm.is_under_way.wait(PATIENCE))
            self.assertEqual(self.server.operator(*verb, username, *how.get("options", ()), password=how.get("password")).returncode, 0)
            storm.calm()
            alive += self.live(storm.sessions)
        return alive

    def test_a_disabled_account_has_no_live_session(self):
        self.assertEqual(self.survivors("account", "disable"), 0)

    def test_a_deleted_account_has_no_live_session(self):
        self.assertEqual(self.survivors("account", "delete", options=("--yes",)), 0)

    def test_after_a_new_password_no_session_of_the_old_one_lives(self):
        self.assertEqual(self.survivors("account", "set-password", password="another horse 8"), 0)


if __name__ == "__main__":
    propusk.main()
