"""The network between a server and PostgreSQL, as a proof wants it: whole, cut, cut at one byte around a COMMIT, half open, deaf.

A TCP proxy in a process of its own, so that its speed is not the proof's. It reads the protocol (PostgreSQL 15, chapter 55) as far as
it must: who connects, which statement a batch runs, where the answer to a batch ends, what is a notification. Run as a program, this
file is that process: it reads commands from standard input, one JSON value a line, and answers each with one line.
"""
import asyncio
import collections
import contextlib
import fnmatch
import json
import subprocess
import sys
import threading
from pathlib import Path

SSL_REQUEST, GSS_REQUEST = (80877103).to_bytes(4, "big"), (80877104).to_bytes(4, "big")
CANCEL_REQUEST = (80877102).to_bytes(4, "big")
OF_A_BATCH = b"PBDECH"  # Parse, Bind, Describe, Execute, Close, Flush: more of the batch follows
MODES = ("pass", "stall", "deaf", "refuse")


class Link:
    """One client's connection and the one behind it. A batch is what a client sends up to a Sync, or one simple query."""

    def __init__(self, proxy, client, server):
        self.proxy = proxy
        (self.from_client, self.to_client), (self.from_server, self.to_server) = client, server
        self.application = ""
        self.texts, self.batch, self.batch_texts = {}, [], set()
        self.sent, self.answered = 0, 0  # batches, the start of the session being the first
        self.was_asked = False           # the client spoke last
        self.cut_in = None               # (number of the batch whose answer is cut, bytes of it that may still pass)

    async def run(self):
        try:
            await self.forward(self.to_server, await self.greet())
            self.sent = 1
            async with asyncio.TaskGroup() as both:
                both.create_task(self.upstream())
                both.create_task(self.downstream())
        finally:
            self.close()

    async def greet(self):
        """Everything up to the client's name. Encryption is declined, as PostgreSQL itself declines it on a Unix socket."""
        while True:
            head = await self.from_client.readexactly(4)
            body = await self.from_client.readexactly(int.from_bytes(head, "big") - 4)
            if body[:4] in (SSL_REQUEST, GSS_REQUEST):
                await self.forward(self.to_client, b"N")
                continue
            if body[:4] != CANCEL_REQUEST:
                words = body[4:].split(b"\0")
                self.application = dict(zip(words[::2], words[1::2])).get(b"application_name", b"").decode()
            if self.proxy.applies("refuse", self):
                raise ConnectionError
            return head + body

    async def upstream(self):
        while True:
            kind, message = await self.message(self.from_client)
            self.note(kind, message)
            self.batch.append(message)
            ends = kind not in OF_A_BATCH
            armed = self.proxy.armed
            if armed and armed.concerns(self):  # held until it is known what it runs
                if not ends:
                    continue
                if armed.statement in self.batch_texts:
                    await self.cut_here(armed)
            await self.forward(self.to_server, b"".join(self.batch))
            self.was_asked = True
            self.batch.clear()
            if ends:
                self.batch_texts.clear()
                self.sent += kind in b"QS"  # what the server answers with a ReadyForQuery

    def note(self, kind, message):
        """Which statements the batch runs, prepared earlier or not."""
        if kind == b"Q":
            self.batch_texts.add(message[5:-1])
        elif kind == b"P":
            name, text, _ = message[5:].split(b"\0", 2)
            self.texts[name] = text
        elif kind == b"B":
            _, name, _ = message[5:].split(b"\0", 2)
            self.batch_texts.add(self.texts.get(name, b""))

    async def cut_here(self, armed):
        """The batch in hand is the one: cuts within it, or leaves the cut to the answer."""
        self.proxy.armed, whole = None, b"".join(self.batch)
        self.proxy.fired = {"application": self.application, "bytes": None, "of": None}
        if armed.direction == "client":
            self.proxy.fired |= {"bytes": min(armed.after, len(whole)), "of": len(whole)}
            await self.forward(self.to_server, whole[:armed.after])
            raise ConnectionError
        self.cut_in = (self.sent, armed.after)

    async def downstream(self):
        passed = 0
        while True:
            kind, message = await self.message(self.from_server)
            if kind == b"A" and self.proxy.applies("deaf", self):
                continue
            self.proxy.round_trips[self.application] += self.was_asked and kind != b"A"
            self.was_asked = self.was_asked and kind == b"A"
            if self.cut_in and self.cut_in[0] == self.answered:
                rest = self.cut_in[1] - passed
                passed += len(message)
                if rest <= len(message) or kind == b"Z":
                    await self.forward(self.to_client, message[:rest])
                    self.proxy.fired |= {"bytes": min(self.cut_in[1], passed), "of": passed if kind == b"Z" else None}
                    raise ConnectionError
            await self.forward(self.to_client, message)
            self.answered += kind == b"Z"  # ReadyForQuery: one for each batch

    @staticmethod
    async def message(stream):
        head = await stream.readexactly(5)
        return head[:1], head + await stream.readexactly(int.from_bytes(head[1:], "big") - 4)

    async def forward(self, writer, data):
        while self.proxy.applies("stall", self):
            await self.proxy.changed.wait()
        writer.write(data)
        await writer.drain()

    def close(self):
        """What was forwarded arrives first."""
        for writer in (self.to_client, self.to_server):
            writer.close()


class Armed:
    """A cut that waits for its batch: `after` so many bytes of it (direction `client`) or of its answer (`server`)."""

    def __init__(self, statement, direction, after, only):
        self.statement, self.direction, self.after, self.only = statement.encode(), direction, after, only

    def concerns(self, link):
        return fnmatch.fnmatchcase(link.application, self.only)


class Proxy:
    def __init__(self, target):
        self.target, self.links = target, set()
        self.mode, self.only, self.changed = "pass", "*", asyncio.Event()
        self.armed = self.fired = None
        self.round_trips = collections.Counter()  # by application name

    def applies(self, mode, link):
        return self.mode == mode and fnmatch.fnmatchcase(link.application, self.only)

    def set_mode(self, mode, only):
        self.mode, self.only = mode, only
        self.changed.set()
        self.changed = asyncio.Event()
        if mode == "refuse":
            self.cut(only)

    def cut(self, only):
        """Ends the connections whose client's name matches, with what is under way in them; how many."""
        concerned = [link for link in self.links if fnmatch.fnmatchcase(link.application, only)]
        for link in concerned:
            link.task.cancel()
            for writer in (link.to_client, link.to_server):
                writer.transport.abort()
        return len(concerned)

    async def serve(self, reader, writer):
        try:
            server = await asyncio.open_unix_connection(self.target)
        except OSError:
            writer.close()
            return
        link = Link(self, (reader, writer), server)
        link.task = asyncio.current_task()
        self.links.add(link)
        try:
            with contextlib.suppress(asyncio.CancelledError):  # cut()
                await link.run()
        except* (OSError, asyncio.IncompleteReadError):
            pass  # an end, ours or theirs
        finally:
            self.links.discard(link)

    def obey(self, command):
        answer = {}
        if "target" in command:
            self.target = command["target"]
        if "mode" in command:
            self.set_mode(command["mode"], command["only"])
        if "cut" in command:
            answer["cut"] = self.cut(command["cut"])
        if "arm" in command:
            self.armed, self.fired = Armed(**command["arm"]), None
        if "disarm" in command:
            self.armed = None
        return {**answer, "fired": self.fired, "round_trips": self.round_trips, "connections": sorted(link.application for link in self.links)}


async def main():
    proxy = Proxy(sys.argv[1])
    listener = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    print(json.dumps({"port": listener.sockets[0].getsockname()[1]}), flush=True)
    while line := await commands.readline():
        print(json.dumps(proxy.obey(json.loads(line))), flush=True)


class CutProxy:
    """The process, as a proof sees it; use it in `with`. `only` is a pattern of application names (fnmatch)."""

    def __init__(self, cluster):
        self.cluster, self.lock = cluster, threading.Lock()

    def __enter__(self):
        from lib import server
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).resolve()), str(socket_of(self.cluster))], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        server.ends_with_proof(self.process)
        self.port = json.loads(self.process.stdout.readline())["port"]
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()  # its end
        self.process.wait()
        self.process.stdout.close()

    def url(self, database):
        return f"postgresql://propusk@127.0.0.1:{self.port}/{database}"

    def mode(self, mode, only="*"):
        """`pass`; `stall`: connections are taken and kept, nothing goes through until another mode, as with a half-open one; `deaf`:
        notifications are lost; `refuse`: connections end, and every new one at once."""
        if mode not in MODES:
            raise ValueError(mode)
        self._tell(mode=mode, only=only)

    def cut(self, only="*"):
        """Ends connections now; how many. New ones are as good as ever."""
        return self._tell(cut=only)["cut"]

    def cut_once_at(self, statement, direction, after, only="*"):
        """The next connection that runs `statement` is cut after so many bytes of the batch that has it (direction `client`), or of the
        answer to that batch (`server`), at its last byte at the latest."""
        self._tell(arm={"statement": statement, "direction": direction, "after": after, "only": only})

    def disarm(self):
        self._tell(disarm=True)

    def fired(self):
        """What the last cut_once_at() did: {application, bytes: that passed, of: in all, where known}; None if it still waits."""
        return self._tell()["fired"]

    def connections(self):
        """The application names of those connected."""
        return self._tell()["connections"]

    def round_trips(self, only="*"):
        """How often these clients have waited for an answer until now."""
        return sum(count for name, count in self._tell()["round_trips"].items() if fnmatch.fnmatchcase(name, only))

    def leads_to(self, cluster):
        """New connections go to this cluster."""
        self._tell(target=str(socket_of(cluster)))

    def _tell(self, **command):
        with self.lock:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())


def socket_of(cluster):
    return cluster.socket / ".s.PGSQL.5432"


if __name__ == "__main__":
    asyncio.run(main())
