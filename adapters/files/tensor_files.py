"""Named arrays as NumPy's `.npz` files."""

import zipfile
import zlib
from pathlib import Path
from typing import final

import numpy as np

from ...domain.errors import UnreadableTensors, first_line
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

    def write(self, path: Path, tensors: Tensors) -> None:
        """Write an `.npz` file; see the port."""
        # numpy.savez has parameters of its own, whose names no array could have.
        with self._workspace.replacing(path) as partial, zipfile.ZipFile(partial, "w") as archive:
            for name, array in tensors.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                    np.save(file, array, allow_pickle=False)
