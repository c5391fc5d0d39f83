"""Prompts out of a file or standard input, one a line."""

import sys
from pathlib import Path

from ...domain.errors import InvalidRequest

_OPTION = "--prompts"
STANDARD_INPUT = Path("-")


def read_prompts(file: Path) -> tuple[str, ...]:
    """The lines that hold anything but blanks. Raises InvalidRequest where there are none."""
    name = "standard input" if file == STANDARD_INPUT else file
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidRequest(_OPTION, f"{name} is not text in UTF-8") from error
    except OSError as error:
        raise InvalidRequest(_OPTION, f"{name}: {error.strerror or error}") from error
    prompts = tuple(filter(None, map(str.strip, lines)))
    if not prompts:
        raise InvalidRequest(_OPTION, f"{name} has no prompts; write one a line")
    return prompts
