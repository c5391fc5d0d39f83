"""Writes docs/reference/command-line.md from the help of every command; `make docs` runs it."""

import sys
from pathlib import Path

from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from .main import app

_WIDTH = 96
_OPENING = """\
# The command line

<!-- Written by `make docs` from the help of every command; a test sees that it is up to date. -->
"""


def manual() -> str:
    """The help of the program and of each of its commands as one Markdown page."""
    program = Context(_program(), info_name="coreml-sd", terminal_width=_WIDTH)
    sections = [("coreml-sd", program.get_help())]
    for name, command in _program().commands.items():
        context = Context(command, info_name=name, parent=program, terminal_width=_WIDTH)
        sections.append((f"coreml-sd {name}", context.get_help()))
    pages = [f"## {title}\n\n```\n{text}\n```\n" for title, text in sections]
    return "\n".join([_OPENING, *pages])


def _program() -> TyperGroup:
    program = get_command(app)
    if not isinstance(program, TyperGroup):
        raise TypeError(program)
    return program


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(manual(), encoding="utf-8")
