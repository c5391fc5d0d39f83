"""Where results are made before they take their place."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class Workspace(Protocol):
    """Makes results appear whole or not at all, and tells what is there."""

    def replacing(self, destination: Path) -> AbstractContextManager[Path]:
        """Lend a free path beside the destination; when the block ends well, what stands there (a
        file or a folder) takes the destination's place, replacing what was there; when it ends with
        any exception, a KeyboardInterrupt too, it is removed and the destination is as it was.

        Missing parent folders are made. Raises UnwritableOutput where the place cannot be written,
        and where a file would replace a folder, a folder a file, or a folder another that has
        nothing at its top by the same name.
        """
        ...

    def copy(self, source: Path, destination: Path) -> None:
        """Copy a file to its place, whole or not at all, replacing the file that was there.

        Raises UnwritableOutput.
        """
        ...

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it; nothing where nothing is.

        Raises UnwritableOutput.
        """
        ...

    def digests(self, folder: Path) -> Mapping[str, str]:
        """The SHA-256 of every file in the folder by its path in it; empty where nothing is."""
        ...
