"""The Hugging Face Hub, where people publish converted models."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from ..hub.listing import Listing, RepositoryFile


class Hub(Protocol):
    """Tells what repositories hold and brings files of them here."""

    def listing(self, repository: str, revision: str | None = None) -> Listing:
        """What the repository holds; what was fetched before where the Hub cannot be reached.

        Raises UnreachableRepository, and HostileRepository where a file's name is not safe.
        """
        ...

    def fetch(self, listing: Listing, files: Iterable[RepositoryFile]) -> Path:
        """Bring files here, those that are here excepted, and give the folder that has them.

        They stand under their paths. A fetch that broke off goes on where it ended. Raises
        UnreachableRepository, BrokenDownload where a file is not what the listing says, and
        UnwritableOutput where there is no room.
        """
        ...

    def document(self, listing: Listing, path: str) -> Any:
        """What a small JSON file of the repository says.

        Raises UnreachableRepository, and BrokenDownload where it is none.
        """
        ...

    def room_bytes(self) -> int:
        """How much may still be fetched onto this disk."""
        ...
