"""Several nodes on one PostgreSQL: servers with data directories of their own and one key that seals what they share."""
import random
import shutil
import socket

from lib import server

SEALING_KEY = "keys/sealing.key"


class Nodes:
    """So many servers with the store at `url`; use it in `with`, as a list of server.Server. `settings` are for all of them."""

    def __init__(self, count, url, *settings, **options):
        self.all = []
        for _ in range(count):
            node = server.Server(f"store.url={url}", *settings, listen=f"127.0.0.1:{lasting_port()}", **options)
            node.metrics_port = lasting_port()
            self.all.append(node)

    def __enter__(self):
        try:
            self.all[0].start()
            for node in self.all[1:]:
                share_sealing_key(self.all[0], node)
                node.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        self.kill()

    def __getitem__(self, number):
        return self.all[number]

    def __len__(self):
        return len(self.all)

    def kill(self):
        for node in self.all:
            if node.process:
                node.kill()

    def start_at_once(self, patience=30):
        """All of them again, none waiting for another."""
        for node in self.all:
            node.launch()
        for node in self.all:
            node.wait_until_ready(patience)

    def cpu_seconds(self):
        return sum(node.cpu_seconds() for node in self.all)


def share_sealing_key(source, target):
    """What operators do before the first start of a further node."""
    path = target.data / SEALING_KEY
    for directory in (target.data, path.parent):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source.data / SEALING_KEY, path)
    path.chmod(0o600)


def lasting_port():
    """A free port that stays free while its node restarts: none that the kernel gives to outgoing connections."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        first = int(file.read().split()[0])
    for port in random.sample(range(10_000, first), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no free port between 10,000 and {first}")
