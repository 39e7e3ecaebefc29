#!/usr/bin/env python3
"""Mail through a real SMTP server: what arrives, over what, and what becomes of it when the server says no."""
import json
import os
import re

import certificate
import propusk
from smtp_server import HANG_UP, SmtpServer

DONE, REFUSED = 0, 1
USER, PASSWORD = "id@example.org", "pa:ss wörd"


class MailTest(propusk.EndToEndTest):
    def smtp(self, **how):
        server = SmtpServer(**how)
        self.addCleanup(server.close)
        return server

    def make_certificate(self):
        paths = self.path("certificate.pem"), self.path("key.pem")
        certificate.self_signed(*paths, "mail.test")
        return paths

    def serve_by(self, *smtp_servers, user="", tls="none", **settings):
        first, *others = (server.url(user) for server in smtp_servers)
        settings = {"transport": "smtp", "from": "no-reply@example.org", "smtp_tls": tls, **settings}
        arguments = [f"mail.{name}={value}" for name, value in settings.items()]
        arguments += [f"mail.smtp_fallback_urls={','.join(others)}"] if others else []
        return self.serve("server.site_name=Пример", *arguments, environment={"PROPUSK_MAIL__SMTP_URL": first})

    def run_test_mail(self, server, address="ann@example.net", code=DONE):
        """`propusk mail test`; what it printed."""
        done = server.operator("mail", "test", address)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def ask_for_recovery(self, server, username, language):
        ann, speaking = self.curl(server), ("--header", f"Accept-Language: {language}")
        ann.register(username, *speaking)
        answer = ann.post("/auth/restore", {"email": f"{username}@example.org"}, *speaking)
        self.assertEqual(json.loads(answer.body)["error"], 0, answer.body)


class Arriving(MailTest):
    def test_over_starttls_with_a_password_from_a_file(self):
        pem = self.make_certificate()
        smtp = self.smtp(certificate=pem, credentials=(USER, PASSWORD))
        with open(self.path("password"), "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        server = self.serve_by(smtp, user="id%40example.org@", tls="required", smtp_ca_file=pem[0],
                               smtp_password_file=self.path("password"))
        self.assertIn("250 2.0.0 taken", self.run_test_mail(server))
        received = smtp.wait_for()[0]
        self.assertTrue(received.is_encrypted)
        self.assertEqual(received.user, USER)
        self.assertEqual((received.sender, received.recipients), ("no-reply@example.org", ["ann@example.net"]))

    def test_over_implicit_tls(self):
        pem = self.make_certificate()
        smtp = self.smtp(certificate=pem, implicit_tls=True)
        self.run_test_mail(self.serve_by(smtp, tls="required", smtp_ca_file=pem[0]))
        self.assertTrue(smtp.wait_for()[0].is_encrypted)

    def test_a_recovery_mail_reads_well_in_both_languages(self):
        smtp = self.smtp()
        server = self.serve_by(smtp)
        for count, (language, subject) in enumerate([("en", "Пример: set a new password"), ("ru", "Пример: новый пароль")], 1):
            username = f"ann_{language}"
            self.ask_for_recovery(server, username, language)
            received = smtp.wait_for(count)[-1]
            message = received.message
            self.assertEqual(message["From"], "Пример <no-reply@example.org>")
            self.assertEqual(message["To"], f"{username}@example.org")
            self.assertEqual(message["Subject"], subject)
            self.assertEqual(message["Content-Language"], language)
            self.assertEqual(message["Auto-Submitted"], "auto-generated")
            self.assertRegex(message["Message-ID"], r"^<propusk\.[0-9a-f]{16}@example\.org>$")
            self.assertEqual([part.get_content_type() for part in message.iter_parts()], ["text/plain", "text/html"])
            self.assertEqual(message.defects, [])
            self.assertTrue(all(len(line) <= 78 for line in received.bytes.split(b"\r\n")))
            text, page = received.part("plain"), received.part("html")
            link = re.search(r"^https?://\S+$", text, re.MULTILINE)[0]
            self.assertTrue(link.startswith(server.url + "/auth/restore/"), link)
            self.assertIn(f'href="{link}"', page)
            self.assertIn(username, text)
            self.assertIn(f'<html lang="{language}">', page)

    def test_what_a_server_refuses_once_is_sent_again_under_the_same_message_id(self):
        smtp = self.smtp(DATA=["451 4.3.0 later", HANG_UP])  # the second message is kept, but nobody is told
        server = self.serve_by(smtp)
        self.ask_for_recovery(server, "ann", "en")
        first, second = smtp.wait_for(2)
        self.assertEqual(first.message["Message-ID"], second.message["Message-ID"])
        self.assertEqual(first.message["Date"], second.message["Date"])

    def test_the_next_server_is_asked_when_the_first_has_no_time(self):
        busy, other = self.smtp(MAIL=["421 4.3.2 busy"] * 5), self.smtp()
        self.run_test_mail(self.serve_by(busy, other))
        other.wait_for()
        self.assertEqual(busy.received, [])


class Refused(MailTest):
    def test_a_dead_recipient_is_told_in_the_servers_words(self):
        server = self.serve_by(self.smtp(RCPT=["550 5.1.1 no such user"]))
        self.assertIn("(refused): 550 5.1.1 no such user", self.run_test_mail(server, code=REFUSED))

    def test_a_refused_recovery_mail_is_a_dead_letter(self):
        smtp = self.smtp(RCPT=["550 5.1.1 no such user"])
        server = self.serve_by(smtp)
        self.ask_for_recovery(server, "ann", "en")
        dead = []
        while not dead:
            dead = json.loads(server.operator("mail", "list", "--state", "dead", "--json").stdout)
        self.assertEqual(dead[0]["last_answer"], "550 5.1.1 no such user")
        server.operator("mail", "retry", dead[0]["id"])
        self.assertEqual(smtp.wait_for()[0].recipients, ["ann@example.org"])

    def test_a_wrong_password_says_what_to_check_and_not_the_password(self):
        smtp = self.smtp(credentials=(USER, PASSWORD))
        server = self.serve_by(smtp, user="id%40example.org:hunter2@")
        said = self.run_test_mail(server, code=REFUSED)
        self.assertIn("535", said)
        self.assertIn("mail.smtp_password_file", said)
        self.assertNotIn("hunter2", said + "".join(server.lines))

    def test_without_tls_nothing_leaves(self):
        smtp = self.smtp()
        self.assertIn("STARTTLS", self.run_test_mail(self.serve_by(smtp, tls="required"), code=REFUSED))
        self.assertEqual(smtp.received, [])

    def test_a_strangers_certificate_is_refused(self):
        smtp = self.smtp(certificate=self.make_certificate())
        self.assertIn("mail.smtp_ca_file", self.run_test_mail(self.serve_by(smtp, tls="required"), code=REFUSED))
        self.assertEqual(smtp.received, [])

    def test_a_broken_template_stops_the_start_with_its_line(self):
        os.mkdir(self.path("templates"))
        with open(self.path("templates/recovery.en.txt"), "w", encoding="utf-8") as file:
            file.write("Hello\n{{LINK}}\n")
        server = propusk.Server(self.path("data"), f"mail.templates={self.path('templates')}")
        self.addCleanup(server.close)
        self.assertNotEqual(server.exit_code(), DONE)
        self.assertIn("recovery.en.txt:2: `{{LINK}}` stands only between", "".join(server.lines))


if __name__ == "__main__":
    propusk.main()
