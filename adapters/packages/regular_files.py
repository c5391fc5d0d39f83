"""The files of packages and bundles, in whose place a download may have put a pipe or a device."""

import stat
from pathlib import Path


def check_regular(path: Path) -> None:
    """Refuse what is no file with an end, links to one aside. Raises ValueError and OSError.

    Opening a pipe waits until somebody writes to it, and a device may never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(f"{path.name} is no regular file")


def content(path: Path) -> bytes:
    """Read a regular file whole. Raises ValueError and OSError."""
    check_regular(path)
    return path.read_bytes()
