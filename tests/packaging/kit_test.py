#!/usr/bin/env python3
"""What can be known of the deployment kit without installing it: the units, the configuration and the container files.

usage: kit_test.py [unittest arguments] PROPUSK
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KIT = ROOT / "packaging"
EXPOSURE = 1.5  # of 10, by systemd's own measure; the bar for a server that faces everybody
# Dockerfile reference: what a Containerfile may say.
INSTRUCTIONS = {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "STOPSIGNAL",
                "USER", "VOLUME", "WORKDIR"}


def exposure(unit):
    said = subprocess.run(["systemd-analyze", "security", "--offline=yes", unit], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"exposure level for \S+: ([0-9.]+)", said)[1])


def print_configuration(**variables):
    """What the server makes of the configuration that is installed, and of these variables."""
    command = [os.environ["PROPUSK_BINARY"], "config", "print", "--config", KIT / "propusk.toml"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8", **variables})


class TestWithDirectory(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="propusk-kit-"))
        self.addCleanup(shutil.rmtree, self.directory)


class Units(TestWithDirectory):
    def test_the_service_is_exposed_as_little_as_promised(self):
        self.assertLessEqual(exposure(KIT / "propusk.service"), EXPOSURE)

    def test_without_its_filters_it_would_not_be(self):
        """The control of the case before."""
        text = (KIT / "propusk.service").read_text(encoding="utf-8")
        (self.directory / "propusk.service").write_text(re.sub(r"(?m)^(SystemCallFilter|PrivateUsers)=.*\n", "", text), encoding="utf-8")
        self.assertGreater(exposure(self.directory / "propusk.service"), EXPOSURE)

    def verify(self, *units):
        return subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units], capture_output=True, text=True,
                              check=False, cwd=self.directory)

    def test_systemd_understands_every_line(self):
        """As the service and as an instance; the programs stand where this machine has them."""
        service = (KIT / "propusk.service").read_text(encoding="utf-8").replace("/usr/bin/propusk", os.environ["PROPUSK_BINARY"])
        for name in ("propusk.service", "propusk@b.service"):
            (self.directory / name).write_text(service, encoding="utf-8")
        for path in (KIT / "propusk.socket", *KIT.glob("examples/*.s*")):
            shutil.copy(path, self.directory)
        units = sorted(path.name for path in self.directory.iterdir())
        done = self.verify(*(self.directory / unit for unit in units))
        ours = [line for line in done.stderr.splitlines() if "propusk" in line]
        self.assertEqual((len(units), ours), (5, []))

    def test_systemd_would_say_if_it_did_not(self):
        """The control of the case before."""
        (self.directory / "propusk.service").write_text("[Service]\nExecStart=/bin/true\nProtectEverything=yes\n", encoding="utf-8")
        self.assertIn("ProtectEverything", self.verify(self.directory / "propusk.service").stderr)

    def test_the_server_takes_the_configuration_as_it_is_installed(self):
        done = print_configuration()
        self.assertEqual((done.returncode, done.stderr), (0, ""))


def instructions(text):
    """[instruction, its arguments] of a Containerfile, continued lines joined."""
    text = re.sub(r"(?m)^\s*#.*\n", "", text).replace("\\\n", " ")
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def installed_files():
    """Where the Debian package puts what, as its install file says."""
    lines = (KIT / "deb/debian/propusk.install").read_text(encoding="utf-8").splitlines()
    return {f"/{folder}/{pathlib.PurePath(source).name}" for source, folder in (line.split() for line in lines if not line.startswith("#"))}


class Containerfile(unittest.TestCase):
    def setUp(self):
        self.said = instructions((KIT / "container/Containerfile").read_text(encoding="utf-8"))

    def all(self, instruction):
        return [arguments for name, arguments in self.said if name == instruction]

    def test_every_instruction_is_one(self):
        self.assertEqual({name for name, _ in self.said} - INSTRUCTIONS, set())

    def test_it_begins_with_debian_and_copies_what_is_there(self):
        self.assertEqual({image.split()[0] for image in self.all("FROM")}, {"debian:bookworm-slim"})
        stages = {words[2] for words in (image.split() for image in self.all("FROM")) if words[1:2] == ["AS"]}
        for arguments in self.all("COPY"):
            *sources, _ = arguments.split()
            if sources[0].startswith("--from="):
                self.assertIn(sources[0].removeprefix("--from="), stages)
            else:
                self.assertEqual([source for source in sources if not (ROOT / source).exists()], [])

    def test_it_starts_what_the_package_installs(self):
        named = re.findall(r'"(/(?:usr|etc)/[^"]+)"', " ".join(self.all("ENTRYPOINT") + self.all("CMD")))
        self.assertEqual(set(named) - installed_files(), set())
        self.assertEqual(len(named), 2)

    def test_the_shell_understands_every_run(self):
        for command in self.all("RUN"):
            subprocess.run(["sh", "-n", "-c", command], check=True)


class Compose(unittest.TestCase):
    FILE = KIT / "container/compose.yaml"

    def configuration(self, **variables):
        """What docker-compose makes of the file; it needs no engine for that."""
        return subprocess.run(["docker-compose", "-f", self.FILE, "config"], capture_output=True, text=True, check=False,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables})

    def services(self):
        done = self.configuration(PUBLIC_ORIGIN="https://id.example.org", POSTGRES_PASSWORD="example")
        self.assertEqual(done.returncode, 0, done.stderr)
        return yaml.safe_load(done.stdout)["services"]

    def nodes(self):
        return {name: service for name, service in self.services().items() if service["image"] == "propusk"}

    def test_it_asks_for_what_env_example_names(self):
        wanted = set(re.findall(r"^(\w+)=", (KIT / "container/env.example").read_text(encoding="utf-8"), re.M))
        self.assertEqual(set(re.findall(r"\$\{(\w+)", self.FILE.read_text(encoding="utf-8"))), wanted)
        self.assertNotEqual(self.configuration().returncode, 0, "none of them has a default")

    def test_every_file_that_it_names_is_there(self):
        for service in self.services().values():
            sources = [volume.split(":")[0] for volume in service.get("volumes", []) if volume.startswith("/")]
            own = {str(KIT / "container/tls/propusk.pem")}  # the operator's certificate
            self.assertEqual([source for source in sources if source not in own and not os.path.exists(source)], [])
            if "build" in service:
                self.assertTrue((pathlib.Path(service["build"]["context"]) / service["build"]["dockerfile"]).exists())

    def test_haproxy_knows_the_nodes_where_they_are(self):
        text = (KIT / "examples/haproxy.cfg").read_text(encoding="utf-8")
        servers = re.findall(r"^    server \S+ (\S+) check addr (\S+) port (\d+)$", text, re.M)
        settings = [node["environment"] for node in self.nodes().values()]
        nodes = [(node["PROPUSK_SERVER__LISTEN"], node["PROPUSK_SERVER__METRICS_LISTEN"]) for node in settings]
        self.assertEqual(nodes, [(at, f"{host}:{port}") for at, host, port in servers])

    def test_the_server_takes_the_settings_of_a_node(self):
        for node in self.nodes().values():
            done = print_configuration(**node["environment"])
            self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    if len(sys.argv) < 2 or not os.access(sys.argv[-1], os.X_OK):
        raise SystemExit(__doc__)
    os.environ["PROPUSK_BINARY"] = os.path.abspath(sys.argv.pop())
    unittest.main()
