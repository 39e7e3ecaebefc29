"""Builds the server with one seeded defect: the proof that must then fail shows that it can (SECURITY.md Q2)."""
import os
import shutil
import subprocess

from lib import report, server


def build(name):
    """The binary made from this tree with bench/prove/defects/NAME.patch applied; kept in build/ between runs."""
    patch = server.ROOT / "bench/prove/defects" / f"{name}.patch"
    tree, out = server.ROOT / "build/defects" / name / "tree", server.ROOT / "build/defects" / name / "build"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for part in ("src", "cmake", "CMakeLists.txt", "CMakePresets.json"):
        source = server.ROOT / part
        shutil.copytree(source, tree / part) if source.is_dir() else shutil.copy2(source, tree / part)
    for step in (["patch", "-p1", "-s", "-i", patch],
                 ["cmake", "--preset", "release", "-B", out, "-DPROPUSK_TESTS=OFF"],
                 ["cmake", "--build", out, "--target", "propusk"]):
        done = subprocess.run(step, cwd=tree, capture_output=True, text=True, check=False, env=os.environ)
        if done.returncode:
            raise RuntimeError(f"{step[0]} failed for the defect {name}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    report.note(f"built with the defect {name}")
    return out / "propusk"
