"""Named arrays as NumPy's `.npz` files."""

import contextlib
import math
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal, final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ...domain.errors import UnreadableTensors, UnwritableOutput, first_line
from ...domain.examination import Record
from ...domain.ports.tensor_files import TensorFiles
from ...domain.ports.workspace import Workspace
from ...domain.tensor import Tensors

_Header = tuple[tuple[int, ...], bool, np.dtype[Any]]
#: What comes of a broken list of members.
_BROKEN = (ValueError, zipfile.BadZipFile, NotImplementedError, struct.error)
# NumPy does not type these.
_read_magic: Callable[[IO[bytes]], tuple[int, int]] = npy.read_magic
_READ_HEADER: Mapping[tuple[int, int], Callable[[IO[bytes]], _Header]] = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
}


@final
class NpzFiles(TensorFiles):
    """Reads no pickled objects, which could run anything."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, path: Path) -> Tensors:
        """Read an `.npz` file; see the port."""
        try:
            with path.open("rb") as file:
                if not zipfile.is_zipfile(file):
                    raise UnreadableTensors(path, "it is no .npz file")
                with zipfile.ZipFile(file) as archive:
                    return {
                        entry.filename.removesuffix(".npy"): _member(archive, entry)
                        for entry in archive.infolist()
                    }
        except OSError as error:
            raise UnreadableTensors(path, error.strerror or first_line(error)) from error
        except _BROKEN as error:
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


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[np.generic]:
    """Raises ValueError for what is no array."""
    try:
        with archive.open(entry) as member:
            return _array(member, entry.file_size)
    # NumPy's parser and every unpacker have errors of their own.
    except Exception as error:
        problem = f"{entry.filename} is no array that can be read ({first_line(error)})"
        raise ValueError(problem) from error


def _array(member: IO[bytes], size_bytes: int) -> NDArray[np.generic]:
    """Take no more memory than there are bytes, whatever is declared."""
    version = _read_magic(member)
    if version not in _READ_HEADER:
        raise ValueError("its format is newer than 2.0")
    shape, is_fortran, dtype = _READ_HEADER[version](member)
    if dtype.hasobject:
        raise ValueError("it has Python's objects, which could run anything")
    if math.prod(shape) * dtype.itemsize != size_bytes - member.tell():
        raise ValueError(f"it has not the size of {dtype} {shape}")
    order: Literal["C", "F"] = "F" if is_fortran else "C"
    return np.ndarray(shape, dtype, member.read(), order=order).copy()
