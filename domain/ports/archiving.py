"""How a folder becomes one file."""

from pathlib import Path
from typing import Protocol


class Archiver(Protocol):
    """Makes archives."""

    def archive(self, folder: Path, title: str, archive: Path) -> None:
        """Write a file that unpacks to a folder `title` with all files of `folder`.

        Files with hidden names are left out. The same files give the same bytes. Raises OSError
        where the disk refuses, which `Workspace.replacing` translates.
        """
        ...
