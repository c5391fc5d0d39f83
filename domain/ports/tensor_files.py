"""Files of named arrays, which networks are given and give back."""

from pathlib import Path
from typing import Protocol

from ..tensor import Tensors


class TensorFiles(Protocol):
    """Keeps arrays by their names."""

    def read(self, path: Path) -> Tensors:
        """Read all arrays. Raises UnreadableTensors where the file is none of arrays."""
        ...

    def write(self, path: Path, tensors: Tensors) -> None:
        """Write the arrays, whole or not at all, replacing what is there.

        Raises UnwritableOutput.
        """
        ...
