"""Source trees that a checker's tests plant: gone when the test is."""
import pathlib
import tempfile


def plant(test, files):
    """The root of a new directory that holds `files`, {path: content}, until `test`, a unittest.TestCase, ends."""
    root = tempfile.TemporaryDirectory()
    test.addCleanup(root.cleanup)
    for name, content in files.items():
        path = pathlib.Path(root.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return pathlib.Path(root.name)
