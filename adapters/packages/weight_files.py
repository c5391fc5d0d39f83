"""`weight.bin`: tensors behind 64-byte records, mapped into memory one at a time.

The format is MILBlob's version 2, as coremltools 9 writes it. All numbers are little-endian.
"""

import os
import struct
from pathlib import Path
from typing import BinaryIO

import attrs
import numpy as np
from numpy.typing import NDArray

from ...domain.errors import BrokenPackage
from ...domain.mil.data_type import DataType
from ...domain.mil.packing import unpack
from ...domain.mil.value import StoredWeight, WeightStorage
from .manifest import path_inside
from .regular_files import check_regular

HEADER = struct.Struct("<II56x")  # number of records, format version
RECORD = struct.Struct("<IIQQQ32x")  # sentinel, data type, bytes, where they are, unused bits
SENTINEL = 0xDEADBEEF
VERSION = 2
#: What stands for the folder of the model in the paths that programs give.
MODEL_PATH = "@model_path/"
_DATA_TYPES = {
    1: DataType.FP16,
    2: DataType.FP32,
    3: DataType.UINT8,
    4: DataType.INT8,
    5: DataType.BF16,
    6: DataType.INT16,
    7: DataType.UINT16,
    8: DataType.INT4,
    9: DataType.UINT1,
    10: DataType.UINT2,
    11: DataType.UINT4,
    12: DataType.UINT3,
    13: DataType.UINT6,
    14: DataType.INT32,
    15: DataType.UINT32,
}
#: The codes of the element types that a weight file can hold.
CODES = {data_type: code for code, data_type in _DATA_TYPES.items()}


@attrs.frozen
class WeightFiles(WeightStorage):
    """The weight files of a package; `folder` is the one that "@model_path" stands for."""

    package: Path
    folder: Path

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        """Map the weight's elements into memory, read-only, until the array is let go.

        Raises BrokenPackage where the file has changed since the package was read.
        """
        try:
            with self._opened(weight) as file:
                stored = _mapped(file, *_span(file, weight))
            count = weight.type.element_count or 0
            elements = unpack(stored, weight.type.data_type, count)
            return elements.reshape(weight.type.shape or ())
        except (OSError, ValueError) as error:
            raise BrokenPackage(self.package, _reason(error)) from error

    def check(self, weight: StoredWeight) -> None:
        """Compare the weight's record with its type and the file's size. Raises ValueError."""
        try:
            with self._opened(weight) as file:
                _span(file, weight)
        except OSError as error:
            raise ValueError(_reason(error)) from error

    def _opened(self, weight: StoredWeight) -> BinaryIO:
        name = weight.file.removeprefix(MODEL_PATH)
        path = self.folder / path_inside(name)
        if name == weight.file:
            raise ValueError(f"the weight file {name!r} is not in the package")
        check_regular(path)
        return path.open("rb", buffering=0)


def _span(file: BinaryIO, weight: StoredWeight) -> tuple[int, int]:
    """Where the weight's bytes are: offset and size."""
    place = f"{weight.file.rpartition('/')[2]}, offset {weight.offset}"
    file_size = file.seek(0, os.SEEK_END)
    header = _bytes(file, 0, HEADER)
    record = _bytes(file, min(weight.offset, file_size), RECORD)
    if weight.offset < HEADER.size or len(record) < RECORD.size:
        raise ValueError(f"{place}: no weight can be there, the file has {file_size} bytes")
    _, version = HEADER.unpack(header)
    sentinel, code, size, start, _ = RECORD.unpack(record)
    if version != VERSION or sentinel != SENTINEL:
        raise ValueError(f"{place}: no weight begins here")
    if _DATA_TYPES.get(code) is not weight.type.data_type:
        stored = _DATA_TYPES[code].value if code in _DATA_TYPES else f"type code {code}"
        raise ValueError(f"{place}: holds {stored} where {weight.type} is declared")
    if weight.type.element_count is None:
        raise ValueError(f"{place}: {weight.type} has no fixed size")
    if size != weight.type.data_type.stored_bytes(weight.type.element_count):
        raise ValueError(f"{place}: holds {size} bytes, which is not a {weight.type}")
    if start + size > file_size:
        raise ValueError(f"{place}: its data ends at {start + size}, the file at {file_size}")
    return start, size


def _bytes(file: BinaryIO, offset: int, form: struct.Struct) -> bytes:
    file.seek(offset)
    return file.read(form.size)


def _mapped(file: BinaryIO, offset: int, size: int) -> NDArray[np.uint8]:
    if size == 0:  # which no operating system maps
        return np.empty(0, np.uint8)
    return np.memmap(file, np.uint8, "r", offset=offset, shape=(size,))


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{Path(error.filename).name} is missing"
    return str(error)
