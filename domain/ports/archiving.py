"""How a folder becomes one file, and a folder again."""

from pathlib import Path
from typing import Protocol


class Archiver(Protocol):
    """Makes archives and opens those of strangers."""

    def archive(self, folder: Path, title: str, archive: Path) -> None:
        """Write a file that unpacks to a folder `title` with all files of `folder`.

        Files with hidden names are left out. The same files give the same bytes. Raises OSError
        where the disk refuses, which `Workspace.replacing` translates.
        """
        ...

    def unpack(self, archive: Path, folder: Path) -> None:
        """Write the files of an archive into a folder that does not exist yet.

        Raises HostileArchive where it is broken, would write outside the folder, holds anything but
        files and folders, or would grow beyond all measure; OSError where the disk refuses.
        """
        ...
