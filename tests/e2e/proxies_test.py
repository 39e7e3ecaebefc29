#!/usr/bin/env python3
"""What people get through nginx and haproxy as packaging/examples configures them, and what of them the server gets to know."""
import http.client
import json
import re
import socket
import ssl
import threading
from urllib.parse import urlencode

import propusk
from propusk import PASSWORD, PATIENCE
from proxies import Haproxy, Nginx, Node, free_port

CLIENTS = 4        # connections at a time; both nodes of a machine with two processors are busy with that
BEFORE_STOP = 100  # answers between two stops: each node has had many by then


def whole_request(peer):
    """Head and body, or what came before the peer closed."""
    request = b""
    while True:
        head, end, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        chunk = b"" if end and len(body) >= int(length[1] if length else 0) else peer.recv(65536)
        if not chunk:
            return request
        request += chunk


class Dropper:
    """A node that says that it is well, takes every request and closes without an answer."""

    def __init__(self):
        self.requests, self.is_over = [], False
        self.doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.threads = [threading.Thread(target=self._serve, args=arguments)
                        for arguments in zip(self.doors, (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))]
        for thread in self.threads:
            thread.start()

    @property
    def node(self):
        return Node(self.doors[0].getsockname()[1], "127.0.0.1", self.doors[1].getsockname()[1])

    def _serve(self, door, answer):
        while True:
            peer = door.accept()[0]
            with peer:
                if self.is_over:
                    return
                request = whole_request(peer)
                if request and not answer:
                    self.requests.append(request)
                peer.sendall(answer)

    def close(self):
        self.is_over = True
        for door, thread in zip(self.doors, self.threads):
            socket.create_connection(door.getsockname()).close()
            thread.join()
            door.close()


class Client:
    """One connection to a proxy, as an app keeps it, from an address of its own; connects again when the proxy closes it.

    A request goes out in one piece, so that a proxy that repeats requests could: haproxy repeats only what it holds whole."""

    def __init__(self, proxy, address="127.0.0.1"):
        self.proxy, self.address, self.connection = proxy, address, None
        self.context = ssl.create_default_context(cafile=proxy.certificate)

    def get(self, path):
        return self._ask("GET", path, [], "")

    def register(self, username, *headers):
        form = {"password": PASSWORD, "again_pass": PASSWORD, "mail": f"{username}@example.org", "username": username}
        return self._ask("POST", "/mobile/registration/", ["Content-Type: application/x-www-form-urlencoded", *headers], urlencode(form))

    def _ask(self, method, path, headers, body):
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.proxy.port}", f"Content-Length: {len(body)}", *headers]
        if not self.connection:
            plain = socket.create_connection(("127.0.0.1", self.proxy.port), PATIENCE, source_address=(self.address, 0))
            self.connection = self.context.wrap_socket(plain, server_hostname="127.0.0.1")
        self.connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        answer = http.client.HTTPResponse(self.connection, method=method)
        answer.begin()
        answer.read()
        if answer.will_close:
            self.close()
        return answer.status

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class ProxyTest:
    """The cases, for each proxy."""

    def node(self, port, name, *settings, trusted="127.0.0.1", listen="127.0.0.1:0"):
        """A server that people reach at the proxy's `port`."""
        server = propusk.Server(self.path(name), f"server.public_origin=https://127.0.0.1:{port}",
                                f"server.trusted_proxies={trusted}", *settings, listen=listen)
        self.addCleanup(server.close)
        server.wait_for("server.started")
        return server

    def before(self, nodes, port=None):
        proxy = self.proxy(nodes, port)
        self.addCleanup(proxy.close)
        proxy.wait_for_nodes(len(nodes))
        return proxy

    def one(self, *settings, **how):
        """(server, the proxy before it)."""
        port, listen = free_port(), free_port()
        server = self.node(port, "data", *settings, listen=f"127.0.0.1:{listen}", **how)
        return server, self.before([Node(listen, server.metrics_host)], port)

    def client(self, proxy, address="127.0.0.1"):
        client = Client(proxy, address)
        self.addCleanup(client.close)
        return client

    def test_people_sign_up_and_in_and_are_recognised(self):
        _, proxy = self.one()
        curl = self.curl(proxy, certificate=proxy.certificate)
        self.assertEqual(curl.register("ann").status, 200)
        self.assertEqual(curl.sign_in("ann").status, 200)
        self.assertTrue(curl.is_signed_in())
        self.assertEqual(curl.get("/mobile/logout").status, 200)
        self.assertFalse(curl.is_signed_in())

    def test_the_origin_of_the_proxy_is_ours_and_no_other(self):
        _, proxy = self.one()
        curl = self.curl(proxy, certificate=proxy.certificate)
        curl.register("ann")
        foreign = curl.sign_in("ann", "--header", "Origin: https://evil.example")
        self.assertNotEqual(foreign.status, 200)
        self.assertEqual(curl.sign_in("ann", "--header", f"Origin: {proxy.url}").status, 200)
        self.assertTrue(curl.cookie("sessionid")[1], "Secure, because the proxy says that the request came over TLS")

    def test_plain_http_is_sent_to_https(self):
        _, proxy = self.one()
        connection = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("GET", "/mobile/login/", headers={"Host": "id.example.org"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Location")), (301, "https://id.example.org/mobile/login/"))

    def test_each_client_has_limits_and_a_trail_of_its_own(self):
        server, proxy = self.one("limits.registrations_per_prefix_burst=1")
        first, second = self.client(proxy, "127.0.0.2"), self.client(proxy, "127.0.0.3")
        self.assertEqual([first.register("ann"), second.register("bob")], [200, 200])
        claimed = [first.register("cid", "X-Forwarded-For: 192.0.2.1"), first.register("dan")]
        self.assertEqual(claimed, [405, 405], "what a client says of itself counts for nothing")
        listed = server.operator("audit", "list", "--json")
        actors = {entry["actor"] for entry in json.loads(listed.stdout) if entry["action"] == "account_created"}
        self.assertEqual(actors, {"client 127.0.0.2", "client 127.0.0.3"})

    def test_a_proxy_that_is_not_trusted_makes_all_clients_one(self):
        """The control of the case before."""
        _, proxy = self.one("limits.registrations_per_prefix_burst=1", trusted="192.0.2.7")
        statuses = [self.client(proxy, f"127.0.0.{n}").register(f"ann{n}") for n in (2, 3)]
        self.assertEqual(statuses, [200, 405])

    def test_a_registration_that_may_have_happened_is_not_repeated(self):
        droppers = [Dropper(), Dropper()]
        for dropper in droppers:
            self.addCleanup(dropper.close)
        proxy = self.before([dropper.node for dropper in droppers])
        self.assertEqual(self.client(proxy).register("ann"), 502)
        seen = [request for dropper in droppers for request in dropper.requests]
        self.assertEqual([request.split(b" ")[0] for request in seen], [b"POST"])

    def test_nodes_are_restarted_one_by_one_and_no_request_fails(self):
        port, listens = free_port(), [free_port(), free_port()]
        nodes = [self.start_node(port, number, listen) for number, listen in enumerate(listens)]
        proxy = self.before([Node(listen, node.metrics_host) for listen, node in zip(listens, nodes)], port)
        load = Load(proxy)
        self.addCleanup(load.close)
        for number, listen in enumerate(listens):
            load.wait_for_more(BEFORE_STOP)
            self.assertEqual(nodes[number].stop(), 0)
            load.wait_for_more(BEFORE_STOP)
            nodes[number] = self.start_node(port, number, listen, nodes[number].metrics_host)
            proxy.wait_for_nodes(2)
        load.wait_for_more(BEFORE_STOP)
        load.close()
        self.assertEqual(load.failures, [])
        accounts = [len(json.loads(node.operator("account", "list", "--json").stdout)) for node in nodes]
        self.assertEqual(sum(accounts), load.registered, "each acknowledged registration once")
        self.assertTrue(all(accounts), f"both nodes had work: {accounts}")

    def start_node(self, port, number, listen, metrics_host=None):
        """The nodes share nothing here but the proxy: the load needs no account that another node made."""
        settings = [f"server.metrics_listen={metrics_host}:9464"] if metrics_host else []
        node = self.node(port, f"data{number}", "limits.enabled=false", *settings, listen=f"127.0.0.1:{listen}")
        node.metrics_host = metrics_host or node.metrics_host
        return node


class Load:
    """Clients that ask for the form and register, until closed; what was not answered 200 is a failure."""

    def __init__(self, proxy):
        self.answered, self.registered, self.failures = 0, 0, []
        self.changed, self.is_over = threading.Condition(), False
        self.threads = [threading.Thread(target=self._run, args=(proxy, number)) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _run(self, proxy, number):
        client, turn = Client(proxy), 0
        while not self.is_over:
            turn += 1
            is_registration = turn % 2 == 0
            try:
                status = client.register(f"ann{number}x{turn}") if is_registration else client.get("/mobile/login/")
            except (OSError, http.client.HTTPException) as broken:
                status = repr(broken)
                client.close()
            with self.changed:
                self.answered += 1
                self.registered += is_registration and status == 200
                if status != 200:
                    self.failures.append(status)
                self.changed.notify_all()
        client.close()

    def wait_for_more(self, answers):
        with self.changed:
            goal = self.answered + answers
            if not self.changed.wait_for(lambda: self.answered >= goal, 4 * PATIENCE):
                raise AssertionError(f"no {answers} answers came within {4 * PATIENCE} s")

    def close(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()


class ThroughNginx(ProxyTest, propusk.EndToEndTest):
    proxy = Nginx


class ThroughHaproxy(ProxyTest, propusk.EndToEndTest):
    proxy = Haproxy


if __name__ == "__main__":
    propusk.main()
