"""Elements in bytes: little-endian, those under 8 bits packed from the lowest bit on.

Matches the `weight.bin` of coremltools 9 (MILBlob) for 1, 2, 3, 4 and 6 bits.
"""

import numpy as np
from numpy.typing import NDArray

from .data_type import DataType


def unpack(stored: NDArray[np.uint8], data_type: DataType, count: int) -> NDArray[np.generic]:
    """Read `count` elements, flat; whole bytes stay where they are, a view of `stored`.

    Raises ValueError where `stored` has not the bytes of so many elements.

    >>> unpack(np.array([0b10_000_111, 0b1], np.uint8), DataType.UINT3, 3)
    array([7, 0, 6], dtype=uint8)
    """
    if len(stored) != data_type.stored_bytes(count):
        raise ValueError(
            f"{len(stored)} bytes where {count} of {data_type.value}"
            f" take {data_type.stored_bytes(count)}"
        )
    if data_type.bits < 8:
        return _unpack_bits(stored, data_type, count)
    if data_type is DataType.BF16:
        return (stored.view("<u2").astype(np.uint32) << 16).view(np.float32)
    return stored.view(data_type.numpy.newbyteorder("<"))


def pack(elements: NDArray[np.generic], data_type: DataType) -> NDArray[np.uint8]:
    """The bytes of elements, flat; whole bytes that are in order already are not copied.

    >>> pack(np.array([7, 0, 6], np.uint8), DataType.UINT3).tolist()
    [135, 1]
    """
    flat = np.ascontiguousarray(elements).reshape(-1)
    if data_type.bits < 8:
        bits = np.unpackbits(flat.view(np.uint8)[:, None], axis=1, bitorder="little")
        return np.packbits(bits[:, : data_type.bits], bitorder="little")
    if data_type is DataType.BF16:
        flat = (flat.view(np.uint32) >> 16).astype(np.uint16)
    return flat.astype(flat.dtype.newbyteorder("<"), copy=False).view(np.uint8)


def _unpack_bits(stored: NDArray[np.uint8], data_type: DataType, count: int) -> NDArray[np.generic]:
    width = data_type.bits
    bits = np.unpackbits(stored, count=count * width, bitorder="little").reshape(count, width)
    elements = np.packbits(bits, axis=1, bitorder="little")[:, 0]
    if data_type is DataType.INT4:
        return ((elements ^ 8).astype(np.int8) - 8).astype(np.int8)
    return elements
