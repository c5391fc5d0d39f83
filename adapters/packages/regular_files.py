"""The files of packages and bundles, in whose place a download may have put a pipe or a device."""

import stat
from pathlib import Path


def check_regular(path: Path) -> None:
    """Refuse what is no file with an end, links to one aside. Raises ValueError and OSError.

    Opening a pipe waits until somebody writes to it, and a device may never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(f"{path.name} is no regular file")


def content(path: Path, most_bytes: int) -> bytes:
    """Read a regular file whole, unless it is larger. Raises ValueError and OSError.

    The bounds of those who ask are far beyond any model; a longer file wants to fill the memory.
    """
    check_regular(path)
    if path.stat().st_size > most_bytes:
        raise ValueError(f"{path.name} has more than {most_bytes} bytes")
    return path.read_bytes()
