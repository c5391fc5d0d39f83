"""How two places come to have one file between them."""

from pathlib import Path
from typing import Protocol


class FileSharing(Protocol):
    """Saves the room that equal files would take twice."""

    def share(self, source: Path, destination: Path) -> int:
        """Let the destination be another name of the source, in place of the equal file there, and
        give the bytes that both take now.

        Whoever writes files anew, as this program does, parts them again. Raises UnwritableOutput
        where the two lie on different disks, or on one without hard links.
        """
        ...
