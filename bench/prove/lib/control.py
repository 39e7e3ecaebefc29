"""Speaks to DIR/control.sock as the operator's commands do, without a process per request: length (4 bytes), then JSON."""
import json
import socket


class Unanswered(Exception):
    """The server may have done it or not."""


def ask(data, verb, **members):
    """The result object of one operation, or the failure's kind as text (`refused`, `outage`, ...)."""
    body = json.dumps({"verb": verb, **members}).encode()
    try:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(90)  # the server itself gives up an operator's request after 60 s
            peer.connect(str(data / "control.sock"))
            peer.sendall(len(body).to_bytes(4, "big") + body)
            size = int.from_bytes(_exactly(peer, 4), "big")
            answer = json.loads(_exactly(peer, size))
    except OSError as error:
        raise Unanswered(str(error)) from error
    return answer.get("result", answer.get("failure"))


def _exactly(peer, size):
    received = b""
    while len(received) < size:
        chunk = peer.recv(size - len(received))
        if not chunk:
            raise Unanswered("closed")
        received += chunk
    return received
