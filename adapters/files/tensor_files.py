"""Named arrays as NumPy's `.npz` files."""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from ...domain.errors import UnreadableTensors, UnwritableOutput, first_line
from ...domain.examination import Record
from ...domain.ports.tensor_files import TensorFiles
from ...domain.ports.workspace import Workspace
from ...domain.tensor import Tensors


@final
class NpzFiles(TensorFiles):
    """Reads no pickled objects, which could run anything."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, path: Path) -> Tensors:
        """Read an `.npz` file; see the port."""
        try:
            if not zipfile.is_zipfile(path):
                raise UnreadableTensors(path, "it is no .npz file, as numpy.savez writes them")
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise UnreadableTensors(path, first_line(error)) from error

    @contextlib.contextmanager
    def recording(self, path: Path) -> Iterator[Record]:
        """Write an `.npz` file array by array; see the port."""
        if path.is_dir():
            raise UnwritableOutput(path, "it is a folder; name a file")
        # numpy.savez has parameters of its own, whose names no array could have.
        with self._workspace.replacing(path) as partial, zipfile.ZipFile(partial, "w") as archive:

            def record(name: str, array: NDArray[np.generic]) -> None:
                with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                    np.save(file, array, allow_pickle=False)

            yield record
