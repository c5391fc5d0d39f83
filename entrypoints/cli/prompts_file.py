"""Prompts out of a file or standard input, one a line."""

from pathlib import Path
from typing import BinaryIO

from ...domain.errors import InvalidRequest

_OPTION = "--prompts"
STANDARD_INPUT = Path("-")


def read_prompts(file: Path, standard_input: BinaryIO) -> tuple[str, ...]:
    """The lines that hold anything but blanks, "-" being those of standard input.

    Raises InvalidRequest where there are none.
    """
    name = "standard input" if file == STANDARD_INPUT else file
    try:
        content = standard_input.read() if file == STANDARD_INPUT else file.read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidRequest(_OPTION, f"{name} is not text in UTF-8") from error
    except OSError as error:
        raise InvalidRequest(_OPTION, f"{name}: {error.strerror or error}") from error
    prompts = tuple(filter(None, map(str.strip, lines)))
    if not prompts:
        raise InvalidRequest(_OPTION, f"{name} has no prompts; write one a line")
    return prompts
