"""Requests that arrive at one moment: one kept-alive connection each, spread by the kernel over the server's threads."""
import time

from lib import client


class Volley:
    """So many connections to one server; use it in `with`."""

    def __init__(self, port, size):
        self.connections = [client.Connection(port) for _ in range(size)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self.connections:
            connection.socket.close()

    def fire(self, requests, apart=0.0):
        """The answers of as many raw requests, in their order. Each is there but for its last byte before the first can begin; the
        second half follows `apart` seconds later."""
        pairs = list(zip(self.connections, requests, strict=True))
        for connection, raw in pairs:
            connection.send(raw[:-1])
        half = len(pairs) // 2
        for some, pause in ((pairs[:half], 0), (pairs[half:], apart)):
            time.sleep(pause)
            for connection, raw in some:
                connection.send(raw[-1:])
        return [connection.answer() for connection in self.connections]
