"""Who may change a folder now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

#: Gives what is to be entered for the time that one waits.
Waiting = Callable[[], AbstractContextManager[object]]


class FolderTurns(Protocol):
    """Lets threads and processes change a folder one after another."""

    def alone_in(self, folder: Path, waiting: Waiting) -> AbstractContextManager[None]:
        """Wait until nobody else is in a block for this folder, and keep others out until it ends.

        What `waiting` gives is entered while somebody is. Raises UnwritableOutput.
        """
        ...
