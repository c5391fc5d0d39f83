"""What the pictures of one command are called."""

import re
from pathlib import Path

from ...domain.errors import InvalidRequest

_LONGEST_NAME = 50


def picture_files(output: Path | None, *, prompt: str, seed: int, count: int) -> tuple[Path, ...]:
    """The file of each picture; without `output` named after the prompt and the seed.

    >>> [str(file) for file in picture_files(None, prompt="A red circle!", seed=7, count=2)]
    ['a-red-circle-7.png', 'a-red-circle-7-2.png']
    """
    first = output or Path(f"{_words(prompt)}-{seed}.png")
    if first.suffix.lower() != ".png":
        raise InvalidRequest("--output", f"{first} is no PNG file; let its name end in .png")
    others = (first.with_stem(f"{first.stem}-{number}") for number in range(2, count + 1))
    return (first, *others)


def _words(prompt: str) -> str:
    words = re.sub(r"\W+", "-", prompt.lower()).strip("-")
    return words[:_LONGEST_NAME].rstrip("-") or "picture"
