"""A real SMTP server (aiosmtpd) in a process of its own, behind a fault injector that a proof steers.

The server keeps what it accepted in memory and tells it on request; the injector is a TCP proxy in front of it, so a fault
happens on the wire and the server behind stays a correct one. Run as a program, this file is that process: it reads
commands from standard input, one JSON value a line, and answers each with one line.
"""
import asyncio
import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

FINAL_DOT = b"\r\n.\r\n"


class Accepting:
    """The handler: keeps the recipient, the Message-ID, the moment and the first link of each message."""

    def __init__(self):
        self.accepted, self.reply_rcpt = [], {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        domain = address.rpartition("@")[2]
        for pattern, reply in self.reply_rcpt.items():
            if pattern in ("*", domain):
                return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        message_id = re.search(r"^Message-ID: *(<[^>]+>)", text, re.MULTILINE | re.IGNORECASE)
        self.accepted.append((envelope.rcpt_tos[0], message_id[1] if message_id else "", time.time()))
        return "250 taken"


class Injector:
    """Modes: pass; blackhole (accepts, never answers); tarpit:SECONDS (each answer that late); drop_after_dot (the answer to
    the message is lost after the server took it); down (connections are refused)."""

    def __init__(self, backend):
        self.backend, self.mode, self.server, self.port, self.seen = backend, "pass", None, None, 0
        self.connections = set()

    async def listen(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port or 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def set_mode(self, mode):
        was, self.mode = self.mode, mode
        if mode == "down" and self.server:
            self.server.close()
            self.server = None
        if was == "down" and mode != "down":
            await self.listen()
        if mode != was:  # nobody goes on as before
            for writer in list(self.connections):
                writer.close()

    async def serve(self, reader, writer):
        self.seen += 1
        self.connections.add(writer)
        try:
            if self.mode == "blackhole":
                await reader.read(-1)
                return
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self.backend)
            self.connections.add(back_writer)
            said = {"dot": False}
            await asyncio.gather(self.upstream(reader, back_writer, said), self.downstream(back_reader, writer, said))
        except OSError:
            pass
        finally:
            self.connections.discard(writer)
            writer.close()

    async def upstream(self, reader, writer, said):
        tail = b""
        while chunk := await reader.read(65536):
            tail = (tail + chunk)[-len(FINAL_DOT):]
            said["dot"] = tail == FINAL_DOT
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def downstream(self, reader, writer, said):
        while chunk := await reader.read(65536):
            if self.mode.startswith("tarpit:"):
                await asyncio.sleep(float(self.mode.partition(":")[2]))
            if said["dot"] and self.mode == "drop_after_dot":
                break
            writer.write(chunk)
            await writer.drain()
        writer.close()


async def obey(handler, injector, command):
    if "mode" in command:
        await injector.set_mode(command["mode"])
    if "rcpt" in command:
        handler.reply_rcpt = command["rcpt"]
    answer = {"port": injector.port, "connections": injector.seen, "count": len(handler.accepted)}
    if command.get("accepted") is not None:
        answer["accepted"] = handler.accepted[command["accepted"]:]
    return answer


async def main():
    from aiosmtpd.smtp import SMTP
    handler = Accepting()
    loop = asyncio.get_running_loop()
    backend = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    injector = Injector(backend.sockets[0].getsockname()[1])
    await injector.listen()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    print(json.dumps({"port": injector.port}), flush=True)
    while line := await commands.readline():
        print(json.dumps(await obey(handler, injector, json.loads(line))), flush=True)


class Smtp:
    """The process, as a proof sees it."""

    def __init__(self):
        from lib import server
        self.process = subprocess.Popen(["/usr/bin/python3", str(Path(__file__).resolve())], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        server.ends_with_proof(self.process)
        self.lock = threading.Lock()
        self.port = json.loads(self.process.stdout.readline())["port"]

    def tell(self, **command):
        with self.lock:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def mode(self, mode):
        return self.tell(mode=mode)

    def reply_to_recipients(self, replies):
        """{domain or "*": "450 try again"}; the others are accepted."""
        return self.tell(rcpt=replies)

    def count(self):
        return self.tell()["count"]

    def connections(self):
        return self.tell()["connections"]

    def accepted(self, since=0):
        """[(recipient, Message-ID, Unix time)] in the order in which they were taken."""
        return self.tell(accepted=since)["accepted"]

    def settings(self):
        return ("mail.transport=smtp", "mail.smtp_tls=none", "mail.from=no-reply@example.org",
                f"mail.smtp_url=smtp://127.0.0.1:{self.port}")


if __name__ == "__main__":
    asyncio.run(main())
