"""A real mail server (aiosmtpd) on a port of its own, which can be told to answer badly."""
import asyncio
import email
import email.policy
import logging
import ssl
import sys
import threading
import warnings

sys.path.append("/usr/lib/python3/dist-packages")  # where Debian has aiosmtpd, for another python3 on PATH too
from aiosmtpd.smtp import SMTP, AuthResult  # noqa: E402

PATIENCE = 30
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # clients that leave are what is tested
HANG_UP = "(hang up)"  # instead of an answer


class Received:
    """One message that the server took, or was about to take when it hung up."""

    def __init__(self, server, session, envelope):
        self.sender, self.recipients = envelope.mail_from, envelope.rcpt_tos
        self.bytes = envelope.content
        self.is_encrypted = server.transport.get_extra_info("ssl_object") is not None
        self.user = session.auth_data
        self.message = email.message_from_bytes(self.bytes, policy=email.policy.default)

    def part(self, kind):
        """The text of the part that is text/plain or text/html."""
        return self.message.get_body((kind,)).get_content().replace("\r\n", "\n")


class SmtpServer:
    """Serves at 127.0.0.1 until close(). `script` gives answers by command (MAIL, RCPT, DATA): each a list of which the
    next one is taken away and given; None or an empty list means what a healthy server says. `credentials`: (user,
    password) that it wants. `certificate`: (PEM file, key file) for STARTTLS, which it then requires, or for implicit TLS."""

    def __init__(self, certificate=None, implicit_tls=False, credentials=None, **script):
        self.script, self.credentials = script, credentials
        self.received, self.arrived = [], threading.Condition()
        context = None
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*certificate)
        starttls = {"tls_context": context, "require_starttls": True} if context and not implicit_tls else {}
        self.scheme = "smtps" if implicit_tls else "smtp"
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

        def serve_one():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # AUTH without TLS is insecure: it is what is tested
                return SMTP(self, hostname="mail.test", enable_SMTPUTF8=True, auth_required=bool(credentials),
                            auth_require_tls=False, authenticator=self._authenticate, loop=self.loop, **starttls)

        async def listen():
            return await self.loop.create_server(serve_one, "127.0.0.1", 0, ssl=context if implicit_tls else None)
        self.listener = asyncio.run_coroutine_threadsafe(listen(), self.loop).result(PATIENCE)
        self.port = self.listener.sockets[0].getsockname()[1]

    def url(self, user=""):
        return f"{self.scheme}://{user}127.0.0.1:{self.port}"

    def wait_for(self, count=1):
        """The messages, once so many have come."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.received) >= count, PATIENCE):
                raise AssertionError(f"{len(self.received)} of {count} messages came")
            return list(self.received)

    def close(self):
        async def end():
            self.listener.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
        asyncio.run_coroutine_threadsafe(end(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _answer(self, command, server):
        """The scripted answer, or nothing."""
        answers = self.script.get(command, [])
        answer = answers.pop(0) if answers else None
        if answer == HANG_UP:
            server.transport.abort()
        return answer

    def _authenticate(self, _server, _session, _envelope, _mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.credentials, handled=False, auth_data=given[0])

    # aiosmtpd calls these
    async def handle_MAIL(self, server, _session, envelope, address, options):
        envelope.mail_from, envelope.mail_options = address, options
        return self._answer("MAIL", server) or "250 2.1.0 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        answer = self._answer("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        """Called after the final dot."""
        answer = self._answer("DATA", server)
        if answer in (None, HANG_UP):
            with self.arrived:
                self.received.append(Received(server, session, envelope))
                self.arrived.notify_all()
        return answer or "250 2.0.0 taken"
