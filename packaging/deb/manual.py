#!/usr/bin/env python3
"""Writes propusk(8) from docs/reference/command-line.md, whose every line is tested against the program.

usage: manual.py COMMAND_LINE.md VERSION > propusk.8
"""
import pathlib
import re
import sys

HEAD = r""".TH PROPUSK 8 "" "propusk {version}" "System administration"
.SH NAME
propusk \- self-hosted account server
.SH SYNOPSIS
.B propusk
.RI [ OPTIONS ]
.RI [ SUBCOMMAND ]
.SH DESCRIPTION
"""
TAIL = r"""
.SH FILES
.TP
.I /etc/propusk/propusk.toml
The configuration of the service; \fBpropusk config reference\fR lists every key.
.TP
.I /etc/propusk/propusk.env
Secrets, as \fBPROPUSK_SECTION__KEY=\fR\fIvalue\fR; not there until you write it.
.TP
.I /var/lib/propusk
The accounts, and the keys without which their tokens are noise. Purging the package leaves it.
.SH SEE ALSO
.I /usr/share/doc/propusk/README.md
"""


def escape(text):
    """Text as roff prints it: no escapes, plain hyphens, and no line that begins like a request."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + text if text[:1] in (".", "'") else text


def inline(text):
    """Markdown of one paragraph: `code` becomes bold, a link its words."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    parts = re.split(r"`([^`]*)`", text)
    return "".join(rf"\fB{escape(part)}\fR" if odd % 2 else escape(part) for odd, part in enumerate(parts))


def verbatim(lines):
    return [".PP", ".nf", ".RS 2", *(escape(line) for line in lines), ".RE", ".fi"]


def table(lines):
    """The head becomes a sentence, a row a tagged paragraph."""
    yield from (".PP", inline(lines[0].strip("| ").split(" | ")[0]).capitalize() + ":")
    for line in lines[2:]:
        name, _, meaning = line.strip("| ").partition(" | ")
        yield from (".TP", rf"\fB{inline(name)}\fR", inline(meaning))


def roff(text):
    """The lines of the manual's body."""
    blocks = re.findall(r"^```[^\n]*\n.*?^```$|^#+ [^\n]*$|(?:^\|[^\n]*\n)+|(?:^[^\n`#|][^\n]*\n|^`[^`\n][^\n]*\n)+", text, re.M | re.S)
    for block in blocks:
        lines = block.strip("\n").split("\n")
        if block.startswith("```"):
            yield from verbatim(lines[1:-1])
        elif block.startswith("# "):
            continue
        elif block.startswith("#"):
            yield f'.SH "{escape(block.lstrip("# ").upper())}"'
        elif block.startswith("|"):
            yield from table(lines)
        else:
            yield from (".PP", inline(" ".join(lines)))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    page = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    print(HEAD.format(version=sys.argv[2]) + "\n".join(roff(page)) + TAIL, end="")


main()
