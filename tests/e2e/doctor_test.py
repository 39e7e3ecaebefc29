#!/usr/bin/env python3
"""What `propusk doctor` says of installations that are sound, and of the same ones with one thing spoilt in each."""
import contextlib
import json
import os
import pathlib
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import unittest

import databases
import propusk
from certificate import self_signed
from propusk import PATIENCE, command
from smtp_server import SmtpServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
FINE, FOUND = 0, 1
CREDENTIALS = ("ann", "secret word")
CLOCK = "the clock is not synchronised"  # of the machine that the tests run on, and not theirs to set


def certify(certificate, key, name, days=90):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days),
                    "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)


def closed_port():
    """One at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def files_below(directory):
    """Everything that a look could change: names, contents, modes and times of change."""
    paths = sorted(pathlib.Path(directory).rglob("*"))
    return [(str(path), path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in paths if not path.is_socket()]


class DoctorTest(propusk.EndToEndTest):
    def setUp(self):
        super().setUp()
        # On a disk, as an installation is: the usual place of temporary files may be memory.
        self.home = tempfile.mkdtemp(dir=pathlib.Path(propusk.binary()).parent, prefix="doctor-")
        self.addCleanup(shutil.rmtree, self.home)
        self.data = self.place("data")

    def place(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text, mode=0o600):
        path = pathlib.Path(self.place(name))
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return str(path)

    def start_once(self):
        """Leaves the data directory as a server leaves it."""
        server = propusk.Server(self.data)
        self.addCleanup(server.close)
        server.wait_for("server.started")
        self.assertEqual(server.stop(), 0)

    def examine(self, *arguments, launcher=()):
        """What is wrong, as [severity, subject, what, fix]; checks that the exit code agrees."""
        done = subprocess.run([*launcher, propusk.binary(), "doctor", "--json", "--data", self.data, *arguments], capture_output=True,
                              text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.stderr, "")
        told = json.loads(done.stdout)
        wrong = [each for each in told if each["severity"] != "ok"]
        self.assertEqual(done.returncode, FOUND if wrong else FINE)
        for each in wrong:
            self.assertTrue(each["what"] and each["fix"], f"a finding has its fix: {each}")
        return [list(each.values()) for each in wrong if not each["what"].startswith(CLOCK)]


class Sound(DoctorTest):
    def test_nothing_is_wrong_with_a_server_that_nobody_configured(self):
        self.assertEqual(self.examine(), [])
        self.assertFalse(os.path.exists(self.data), "nothing is made")
        self.start_once()
        self.assertEqual(self.examine(), [])

    def test_nothing_is_wrong_with_the_configuration_of_the_package(self):
        self.start_once()
        self.assertEqual(self.examine("--config", str(ROOT / "packaging/propusk.toml")), [])

    def test_a_running_server_is_looked_at_and_not_disturbed(self):
        server = propusk.Server(self.data, launcher=("prlimit", "--nofile=600:600"))
        self.addCleanup(server.close)
        server.wait_for("server.started")
        before, said = files_below(self.data), list(server.lines)
        self.assertEqual([each[:2] for each in self.examine("--set", "limits.connections=500")], [["warning", "machine"]],
                         "the limit is the server's, not ours")
        self.assertEqual(self.examine("--set", "limits.connections=100"), [])
        self.assertEqual(files_below(self.data), before)
        self.assertEqual(server.lines, said, "and it says nothing of it")
        self.assertEqual(server.operator("account", "list").returncode, 0)

    def test_people_read_a_line_for_each_finding(self):
        done = command("doctor", "--data", self.data, "--listen", "0.0.0.0:80")
        self.assertEqual(done.returncode, FOUND)
        self.assertIn("error    configuration  --listen: server.listen = \"0.0.0.0:80\": other machines can reach this address",
                      done.stdout)
        self.assertIn("ok       store          ", done.stdout)

    @unittest.skipUnless(os.geteuid() == 0, "only root becomes another user")
    def test_another_user_is_told_to_be_the_owner(self):
        self.start_once()
        os.chmod(self.home, 0o711)
        if subprocess.run(["setpriv", "--reuid=12345", "--clear-groups", propusk.binary(), "version"], capture_output=True,
                          check=False).returncode:
            self.skipTest("another user cannot run the program from here")
        wrong = self.examine(launcher=("setpriv", "--reuid=12345", "--clear-groups"))
        self.assertIn(["directory", "belongs to user 0, and you are user 12345"],
                      [[subject, what.partition(" ")[2]] for _, subject, what, _ in wrong])


class Seeded(DoctorTest):
    """An installation that serves the world, and is sound but for what a test spoils."""

    def setUp(self):
        super().setUp()
        self.start_once()
        self_signed(self.place("mail.pem"), self.place("mail.key"), "mail")
        self.mail = SmtpServer((self.place("mail.pem"), self.place("mail.key")), credentials=CREDENTIALS)
        self.addCleanup(self.mail.close)
        certify(self.place("chain.pem"), self.place("key.pem"), "id.example.org")
        self.configure("ann")

    def configure(self, user):
        self.config = self.write("propusk.toml", f"""
[server]
listen = "0.0.0.0:8443"
public_origin = "https://id.example.org"
tls_certificate = "{self.place("chain.pem")}"
tls_key = "{self.place("key.pem")}"
[mail]
transport = "smtp"
from = "no-reply@example.org"
smtp_url = "{self.mail.url(user + "@")}"
smtp_password_file = "{self.write("password", CREDENTIALS[1])}"
smtp_ca_file = "{self.place("mail.pem")}"
""")

    def wrong(self, *settings, **how):
        return self.examine("--config", self.config, *(word for setting in settings for word in ("--set", setting)), **how)

    def assert_found(self, wrong, severity, subject, what, fix):
        """This, and nothing else."""
        self.assertEqual([each[:2] for each in wrong], [[severity, subject]], wrong)
        self.assertIn(what, wrong[0][2])
        self.assertIn(fix, wrong[0][3])

    def test_as_it_is_nothing_is_wrong(self):
        self.assertEqual(self.wrong(), [])
        self.assertEqual(self.mail.received, [], "no letter is sent")

    def test_01_a_public_listener_without_tls(self):
        self.assert_found(self.wrong("server.tls_certificate=", "server.tls_key="), "error", "configuration", "server.listen",
                          "set server.tls_certificate and server.tls_key")

    def test_02_an_origin_of_another_host_than_the_certificates(self):
        self.assert_found(self.wrong("server.public_origin=https://www.example.org"), "error", "certificate", "is not for www.example.org",
                          "get a certificate with that name")
        self.assert_found(self.wrong("server.public_origin=http://id.example.org"), "error", "configuration", "server.public_origin",
                          "write https://")
        self.assert_found(self.wrong("server.tls_certificate=", "server.tls_key=", "server.trusted_proxies=10.0.0.1",
                                     "server.public_origin=http://id.example.org"), "error", "listener", "in clear", "https://")

    def test_03_a_certificate_that_ends_or_whose_key_is_anothers_or_everybodys(self):
        certify(self.place("chain.pem"), self.place("key.pem"), "id.example.org", days=13)
        self.assert_found(self.wrong(), "warning", "certificate", "expires on", "renew it")
        certify(self.place("chain.pem"), self.place("key.pem"), "id.example.org")
        os.chmod(self.place("key.pem"), 0o644)
        self.assert_found(self.wrong(), "error", "certificate", "open to every user", "chmod o= ")
        certify(self.place("other.pem"), self.place("key.pem"), "id.example.org")
        os.chmod(self.place("key.pem"), 0o600)
        self.assert_found(self.wrong(), "error", "certificate", "does not belong to", "of one certificate")

    def test_04_a_data_directory_that_others_read_or_nobody_writes(self):
        os.chmod(self.data, 0o755)
        self.assert_found(self.wrong(), "error", "directory", "open to others", f"chmod go= {self.data}")
        os.chmod(self.data, 0o500)
        self.assert_found(self.wrong(), "error", "directory", "not writable", f"chmod u+w {self.data}")

    def test_05_a_sealing_key_that_is_lost_or_anothers_or_everybodys(self):
        key = pathlib.Path(self.data, "keys/sealing.key")
        right = key.read_text()
        key.chmod(0o644)
        self.assert_found(self.wrong(), "error", "keys", "by others than its owner", "chmod 600 ")
        key.chmod(0o600)
        key.write_text(secrets.token_hex(32) + "\n")
        self.assert_found(self.wrong(), "error", "keys", "not the key that sealed", "from a backup or from another node")
        key.unlink()
        self.assert_found(self.wrong(), "error", "keys", "is lost", "from a backup or from another node")
        key.write_text(right)
        key.chmod(0o600)
        self.assertEqual(self.wrong(), [])

    def test_06_mail_that_reaches_nobody(self):
        port = closed_port()
        self.assert_found(self.wrong("mail.smtp_url="), "error", "configuration", "mail.smtp_url", "set the mail server")
        self.assert_found(self.wrong(f"mail.smtp_url=smtp://127.0.0.1:{port}"), "error", "mail", f"127.0.0.1:{port}", "check mail.smtp_url")
        self.assert_found(self.wrong("mail.from=a@example.com"), "warning", "mail", "example.com", "same domain")
        self.assert_found(self.wrong("mail.transport=maildir"), "warning", "mail", "nobody gets a link", 'mail.transport = "smtp"')
        self.assert_found(self.wrong("mail.transport=log"), "error", "configuration", "mail.transport", "smtp or maildir")
        self.configure("bob")
        self.assert_found(self.wrong(), "error", "mail", "refuses our sign-in", "mail.smtp_password_file")

    def test_07_no_limits_in_public_and_all_else_is_still_told(self):
        self.assert_found(self.wrong("limits.enabled=false"), "error", "configuration", "limits.enabled", "write true")
        wrong = self.wrong("limits.enabled=false", "cors.origins=http://app.example.org", "mail.from=a@example.com")
        self.assertEqual([subject for _, subject, _, _ in wrong], ["configuration", "mail", "cors"])

    def test_08_proxies_that_may_be_anybody(self):
        self.assert_found(self.wrong("server.trusted_proxies=0.0.0.0/0"), "error", "configuration", "0.0.0.0/0", "name only those")
        self.assert_found(self.wrong("server.trusted_proxies=128.0.0.0/1"), "error", "listener", "128.0.0.0/1", "the proxies alone")
        self.assertEqual(self.wrong("server.trusted_proxies=10.0.0.0/8"), [])

    def test_09_a_provider_without_its_secret_or_its_servers(self):
        github = ("providers.github.client_id=ours", "outbound.allowed_networks=127.0.0.0/8",
                  *(f"providers.github.{place}=https://127.0.0.1:{closed_port()}/" for place in ("token_url", "api_url")))
        wrong = self.wrong(*github, f"providers.github.client_secret_file={self.write('github', '')}")
        self.assertIn("only line", wrong[0][2])
        self.assertIn("write the secret", wrong[0][3])
        self.assertEqual({subject for _, subject, _, _ in wrong}, {"providers"})
        self.assertTrue(all("does not answer" in what and "curl -v" in fix for _, _, what, fix in wrong[1:]) and wrong[1:], wrong)

    def test_10_scripts_of_anybody(self):
        for origin in ("*", "https://app.example.org/path"):
            self.assert_found(self.wrong(f"cors.origins={origin}"), "error", "configuration", "cors.origins", "without a path")
        self.assert_found(self.wrong("cors.origins=http://app.example.org"), "error", "cors", "http://app.example.org", "https://")
        self.assertEqual(self.wrong("cors.origins=https://app.example.org"), [])

    def test_11_a_disk_that_is_memory_or_full_or_cannot_be_written(self):
        disk = self.place("disk")
        os.mkdir(disk)
        inside = ("unshare", "--mount", "--map-root-user", "sh", "-c")
        if subprocess.run([*inside, f"mount -t tmpfs -o size=8m none {disk}"], capture_output=True, check=False).returncode:
            self.skipTest("no file system can be mounted here")
        self.data = f"{disk}/data"
        wrong = self.wrong(launcher=(*inside, f'mount -t tmpfs -o size=8m none {disk} && exec "$@"', "sh"))
        self.assertEqual([each[:2] for each in wrong], [["warning", "directory"], ["error", "directory"]], wrong)
        self.assertIn("MiB left of 8", wrong[0][2])
        self.assertIn("in memory (tmpfs)", wrong[1][2])
        wrong = self.wrong(launcher=(*inside, f'mount --bind {disk} {disk} && mount -o remount,bind,ro {disk} && exec "$@"', "sh"))
        self.assertIn("mounted read-only", wrong[-1][2])

    def test_12_fewer_open_files_than_connections(self):
        self.assert_found(self.wrong(launcher=("prlimit", "--nofile=4096:4096")), "warning", "machine", "4096 files", "LimitNOFILE=16640")
        self.assertEqual(self.wrong(launcher=("prlimit", "--nofile=16640:16640")), [])

    def test_13_a_database_of_a_newer_version_or_none_of_ours(self):
        with contextlib.closing(sqlite3.connect(os.path.join(self.data, "propusk.db"))) as database, database:
            database.execute("INSERT INTO schema_migrations VALUES ('9999_later', x'00', 0)")
        self.assert_found(self.wrong(), "error", "store", "9999_later", "run the newer propusk")
        self.write("text.db", "x" * 4096)
        self.assert_found(self.wrong(f"store.url=sqlite:{self.place('text.db')}"), "error", "store", "not a database", "restore a backup")

    def test_14_a_database_server_that_is_away_or_careless(self):
        self.assert_found(self.wrong(f"store.url=postgresql://propusk@127.0.0.1:{closed_port()}/propusk"), "error", "store",
                          "cannot be worked with", "see that the server runs")
        place = self.place("postgres")
        for durable in ((), ("--durable",)):
            subprocess.run(["python3", databases.TOOL, "start", place, *durable], check=True, capture_output=True)
            try:
                url = subprocess.run(["python3", databases.TOOL, "url", place], check=True, capture_output=True, text=True).stdout.strip()
                wrong = self.wrong(f"store.url={url}")
                self.assertEqual([what.partition(";")[0] for _, _, what, _ in wrong],
                                 [] if durable else ["fsync is off", "full_page_writes is off"])
                self.assertEqual(len(self.wrong(f"store.url={url}", "store.connections=100")), len(wrong))
                databases.Database._psql(url.replace("propusk@", "postgres@", 1), "ALTER ROLE propusk CONNECTION LIMIT 8")
                self.assertIn("CONNECTION LIMIT of the role is 8", self.wrong(f"store.url={url}")[-1][2])
            finally:
                subprocess.run(["python3", databases.TOOL, "stop", place], check=True, capture_output=True)


if __name__ == "__main__":
    propusk.main()
