#!/usr/bin/env python3
r"""Answers the JSON texts of src/dialects/drf/testing/python_json.tsv as json.load behind DRF's JSONParser does.

usage: python_json_cases.py [--check] [FILE]
       prints the file with its answers computed anew; --check: says which lines differ, and fails if any do

A line is `text<TAB>answer`; in both `\xNN` is a byte and `\\` a backslash. An answer is `! message`, or `type:str()` of
the value, then ` name=type:str();` for the members of a dict. Needs CPython 3.11 and its C scanner: run it with
/usr/bin/python3 of Debian 12.
"""
import argparse
import codecs
import io
import json
import pathlib
import re

CASES = pathlib.Path(__file__).resolve().parent.parent / "src/dialects/drf/testing/python_json.tsv"


def bytes_of(written):
    def byte(match):
        return b"\\" if match[1] == b"\\" else bytes.fromhex(match[1][1:].decode())
    return re.sub(rb"\\(x..|\\)", byte, written.encode())


def written_as(raw):
    return "".join(chr(byte) if 0x20 <= byte < 0x7f and byte != 0x5c else "\\\\" if byte == 0x5c else f"\\x{byte:02x}"
                   for byte in raw)


def refuse_constant(name):
    raise ValueError("Out of range float values are not JSON compliant: " + repr(name))  # rest_framework.utils.json


def told(value):
    text = str(value) if isinstance(value, (bool, int, float, str)) else ""
    return type(value).__name__ + ":" + written_as(text.encode("utf-8", "surrogatepass"))


def answer(raw):
    try:
        value = json.load(codecs.getreader("utf-8")(io.BytesIO(raw)), parse_constant=refuse_constant)
    except ValueError as mistake:
        return "! " + written_as(str(mistake).encode())
    members = value.items() if isinstance(value, dict) else ()
    return told(value) + "".join(f" {written_as(name.encode('utf-8', 'surrogatepass'))}={told(member)};"
                                 for name, member in members)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("file", nargs="?", type=pathlib.Path, default=CASES)
    options = parser.parse_args()
    differing = 0
    for line in options.file.read_text(encoding="ascii").splitlines():
        text = line.partition("\t")[0]
        now = line if line.startswith("#") else text + "\t" + answer(bytes_of(text))
        differing += now != line
        if not options.check or now != line:
            print(now)
    raise SystemExit(1 if options.check and differing else 0)


if __name__ == "__main__":
    main()
