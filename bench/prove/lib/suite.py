"""The tests in C++ (tests/), for proofs of what they compare case by case."""
import re
import subprocess

from lib import server

TESTS = server.ROOT / "build/asan/tests/propusk_tests"


def build():
    for step in (["cmake", "--preset", "asan"], ["cmake", "--build", "build/asan", "--target", "propusk_tests"]):
        subprocess.run(step, cwd=server.ROOT, check=True, capture_output=True)


def run(pattern):
    """(names of the tests that passed, how many did not, what was said)."""
    said = subprocess.run([TESTS, f"--gtest_filter={pattern}"], capture_output=True, text=True, check=False).stdout
    begun, passed = (re.findall(rf"^\[{mark}\] (\S+)", said, re.MULTILINE) for mark in (" RUN      ", "       OK "))
    return passed, len(begun) - len(passed), said
