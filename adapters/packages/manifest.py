"""`Manifest.json`: which file of a package is the model."""

import functools
import json
from pathlib import Path, PurePosixPath
from typing import Any

from .regular_files import check_regular, content

_LARGEST_BYTES = 2**22
_LONGEST_PATH = 255
_SHOWN = 40


def model_file(package: Path) -> Path:
    """Find the model file of a package.

    Raises ValueError with the reason where the manifest does not lead to one.
    """
    manifest = _read(package / "Manifest.json")
    try:
        root = manifest["itemInfoEntries"][manifest["rootModelIdentifier"]]["path"]
    except (KeyError, TypeError) as error:
        raise ValueError("Manifest.json names no root model") from error
    found = package / "Data" / path_inside(str(root))
    try:
        check_regular(found)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ValueError(f"the model file {found.relative_to(package)} is missing") from error
    return found


@functools.lru_cache
def path_inside(path: str) -> PurePosixPath:
    """Check that a path from a package's file stays in the package. Raises ValueError.

    Links are left alone: the Hub's cache is made of them.
    """
    if len(path) > _LONGEST_PATH:
        raise ValueError(f"a path of {len(path)} characters, {path[:_SHOWN]!r}..., is no file's")
    if not path.isprintable():
        raise ValueError(f"the path {path!r} is no file's")
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts:
        raise ValueError(f"the path {path!r} leaves the package")
    return parts


def _read(path: Path) -> Any:
    try:
        text = content(path, _LARGEST_BYTES)
    except FileNotFoundError as error:
        raise ValueError("it has no Manifest.json") from error
    except OSError as error:
        raise ValueError(f"Manifest.json cannot be opened: {error.strerror}") from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("Manifest.json is not JSON") from error
