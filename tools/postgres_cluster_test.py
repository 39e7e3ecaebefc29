#!/usr/bin/env python3
"""Is a private cluster one cluster however often it is asked for, private, as durable as was said, and gone in the end?"""
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).with_name("postgres_cluster.py")
sys.path.insert(0, str(TOOL.parent))
sys.dont_write_bytecode = True
import postgres_cluster  # noqa: E402 (beside this file, wherever the tests are started)


def tool(*arguments):
    return subprocess.run([sys.executable, TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)


def started(directory, *options):
    """The URL of a cluster that, as for its users, no child of this process is."""
    done = tool("start", directory, *options)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout.strip()


def cluster(directory):
    return postgres_cluster.Cluster((directory / "cluster").resolve())


def ask(sql, url):
    done = subprocess.run(["psql", "-XAtqc", sql, url], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


def crash(pid):
    """Ends a postmaster and its children as a crash of the machine would; back when all have ended."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    handles = [os.pidfd_open(int(each)) for each in (pid, *children)]
    for handle in handles:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    for handle in handles:
        select.select([handle], [], [], postgres_cluster.PATIENCE)
        os.close(handle)


def shared_memory(maker):
    """What is left of the pieces that the process `maker` made; other clusters come and go beside this one."""
    pieces = (line.split() for line in pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:])
    return {piece[1] for piece in pieces if piece[4] == str(maker)}


class Directory(unittest.TestCase):
    """A directory that postgres_cluster shall put a cluster in."""

    def setUp(self):
        self.parent = pathlib.Path(tempfile.mkdtemp(prefix="propusk-cluster-test-"))
        self.parent.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.parent)
        self.use(self.parent / "postgres")

    def use(self, directory):
        self.directory = directory
        self.addCleanup(tool, "stop", directory, "--mode", "immediate")


class StartTest(Directory):
    def test_those_who_start_it_at_once_get_one_cluster_that_takes_connections(self):
        starts = [subprocess.Popen([sys.executable, TOOL, "start", self.directory], stdout=subprocess.PIPE, text=True) for _ in range(4)]
        urls = {start.communicate()[0].strip() for start in starts}
        self.assertEqual([start.returncode for start in starts], [0] * 4)
        self.assertEqual(urls, {postgres_cluster.url(self.directory)})
        pid = cluster(self.directory).pid()
        self.assertEqual(started(self.directory), *urls)
        self.assertEqual(cluster(self.directory).pid(), pid)

    def test_who_connects_is_no_superuser_makes_databases_and_comes_by_a_private_socket(self):
        url = started(self.directory)
        self.assertEqual(ask("SELECT usename || usesuper || usecreatedb FROM pg_user WHERE usename = current_user", url), "propuskfalsetrue")
        self.assertEqual(ask("CREATE DATABASE another", url), "")
        self.assertEqual(ask("SELECT current_database()", postgres_cluster.url(self.directory, "another")), "another")
        self.assertEqual(ask("SHOW listen_addresses", url), "")
        self.assertEqual((self.directory / "cluster/socket").stat().st_mode & 0o777, 0o700)

    def test_a_durable_one_comes_back_from_a_crash_and_any_other_begins_anew(self):
        for options, fsync, found in ((["--durable"], "on", "1"), ([], "off", 'relation "facts" does not exist')):
            url = started(self.directory, *options)
            self.assertEqual(ask("SHOW fsync", url), fsync)
            ask("CREATE TABLE facts AS SELECT 1 AS fact", url)
            crash(cluster(self.directory).pid())
            self.assertIn(found, ask("SELECT fact FROM facts", started(self.directory, *options)))
            tool("stop", self.directory)

    def test_one_that_runs_does_not_pass_for_a_durable_one(self):
        started(self.directory)
        asked = tool("start", self.directory, "--durable")
        self.assertEqual(asked.returncode, 1)
        self.assertIn("without --durable", asked.stderr)

    def test_under_a_long_path_it_is_in_a_short_directory_that_goes_as_well(self):
        self.use(self.parent / ("long" * 30))
        self.assertEqual(ask("SELECT 1", started(self.directory)), "1")
        place = (self.directory / "cluster").resolve()
        self.assertNotEqual(place.parent, self.directory)
        self.assertEqual(tool("stop", self.directory).returncode, 0)
        self.assertFalse(place.exists() or self.directory.exists())

    @unittest.skipIf(os.geteuid(), "only root's directories are closed to the server's user")
    def test_where_its_user_may_not_go_it_is_in_a_directory_that_is_open(self):
        self.parent.chmod(0o700)
        self.assertEqual(ask("SELECT 1", started(self.directory)), "1")


class StopTest(Directory):
    def test_it_leaves_no_process_no_file_and_no_shared_memory_even_of_a_crashed_one(self):
        for is_crashed in (False, True):
            started(self.directory)
            pid = cluster(self.directory).pid()
            if is_crashed:
                crash(pid)
            self.assertEqual(len(shared_memory(pid)), 1)
            done = tool("stop", self.directory, "--mode", "immediate")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertFalse(pathlib.Path(f"/proc/{pid}/exe").exists())
            self.assertFalse(self.directory.exists())
            self.assertEqual(shared_memory(pid), set())
        self.assertEqual(tool("stop", self.directory).returncode, 0)

    def test_of_those_who_share_it_the_last_one_living_removes_it(self):
        alive, gone = (subprocess.Popen(["cat"], stdin=subprocess.PIPE) for _ in range(2))
        url = started(self.directory, "--shared")
        for user in (alive, gone):
            postgres_cluster.start(self.directory, user=user.pid)
        gone.communicate()
        self.assertEqual(tool("stop", self.directory, "--shared").stdout, "left to 1 more\n")
        self.assertEqual(ask("SELECT 1", url), "1")
        alive.communicate()
        self.assertEqual(tool("stop", self.directory, "--shared").stdout, "removed\n")
        self.assertFalse(self.directory.exists())

    def test_without_a_cluster_there_is_no_url(self):
        asked = tool("url", self.directory)
        self.assertEqual((asked.returncode, asked.stdout), (1, ""))
        self.assertFalse(self.directory.exists())


if __name__ == "__main__":
    unittest.main()
