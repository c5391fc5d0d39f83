"""Files of named arrays, which networks are given and give back."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from ..examination import Record
from ..tensor import Tensors


class TensorFiles(Protocol):
    """Keeps arrays by their names."""

    def read(self, path: Path) -> Tensors:
        """Read all arrays. Raises UnreadableTensors where the file is none of arrays."""
        ...

    def recording(self, path: Path) -> AbstractContextManager[Record]:
        """Lend a function that writes one array after another, none of them kept in memory.

        When the block ends well the file is there, replacing the one that was; when it ends with
        any exception everything is as it was. Raises UnwritableOutput, before the block where the
        place is known not to do: a folder, or below a file.
        """
        ...
