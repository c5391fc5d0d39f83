"""Folders by their own names, which results get."""

from pathlib import Path


def named_folder(told: Path) -> Path:
    """The folder itself where it is told as `.` or `..`, or by a path that ends so.

    >>> str(named_folder(Path("packages/Unet.mlpackage")))
    'packages/Unet.mlpackage'
    >>> named_folder(Path()) == Path.cwd()
    True
    """
    return told.resolve() if told.name in ("", "..") else told
