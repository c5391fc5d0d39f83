"""Elements in bytes: little-endian, those under 8 bits packed from the lowest bit on.

Matches the `weight.bin` of coremltools 9 (MILBlob) for 1, 2, 3, 4 and 6 bits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .data_type import DataType

_EIGHTS_AT_ONCE = 2**14
_WORDS: tuple[Any, ...] = (np.uint16, np.uint32, np.uint64)


def unpack(stored: NDArray[np.uint8], data_type: DataType, count: int) -> NDArray[np.generic]:
    """Read `count` elements, flat; whole bytes stay where they are, a view of `stored`.

    Raises ValueError where `stored` has not the bytes of so many elements, and for strings, which
    no bytes hold.

    >>> unpack(np.array([0b10_000_111, 0b1], np.uint8), DataType.UINT3, 3)
    array([7, 0, 6], dtype=uint8)
    """
    if data_type is DataType.STRING:
        raise ValueError("strings are not stored in bytes")
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
        return _pack_bits(flat.view(np.uint8), data_type)
    if data_type is DataType.BF16:
        flat = (flat.view(np.uint32) >> 16).astype(np.uint16)
    return flat.astype(flat.dtype.newbyteorder("<"), copy=False).view(np.uint8)


def _pack_bits(flat: NDArray[np.uint8], data_type: DataType) -> NDArray[np.uint8]:
    """Join neighbours in twos, then fours, then eights, which take as many bytes as one has bits.

    Higher bits than the type has are left out; a part at a time, which a processor has near.
    """
    width = data_type.bits
    eights = -(-len(flat) // 8)
    packed = np.empty(eights, np.dtype((np.void, width)))
    elements, high = np.empty((2, 8 * min(eights, _EIGHTS_AT_ONCE)), np.uint8)
    joined = np.ndarray(len(elements) // 8, packed.dtype, elements, strides=(8,))
    for begin in range(0, eights, _EIGHTS_AT_ONCE):
        part = flat[8 * begin : 8 * (begin + _EIGHTS_AT_ONCE)]
        np.bitwise_and(part, np.uint8(2**width - 1), out=elements[: len(part)])
        elements[len(part) :] = 0
        for step, word in enumerate(_WORDS):
            pairs, upper = elements.view(word), high.view(word)
            half = 8 * pairs.itemsize // 2
            np.right_shift(pairs, word(half), out=upper)
            # The upper element moves down to the end of the lower one.
            np.multiply(upper, word(2**half - 2 ** (width << step)), out=upper)
            np.subtract(pairs, upper, out=pairs)
        packed[begin : begin + _EIGHTS_AT_ONCE] = joined[: eights - begin]
    return packed.view(np.uint8)[: data_type.stored_bytes(len(flat))]


def _unpack_bits(stored: NDArray[np.uint8], data_type: DataType, count: int) -> NDArray[np.generic]:
    """Part eights of elements into fours, then twos, then ones: as `_pack_bits`, backwards."""
    width = data_type.bits
    eights = -(-count // 8)
    packed = np.zeros(eights, np.dtype((np.void, width)))
    packed.view(np.uint8)[: len(stored)] = stored
    elements, high = np.zeros(8 * eights, np.uint8), np.empty(8 * _EIGHTS_AT_ONCE, np.uint8)
    np.ndarray(eights, packed.dtype, elements, strides=(8,))[:] = packed
    for begin in range(0, 8 * eights, 8 * _EIGHTS_AT_ONCE):
        part = elements[begin : begin + 8 * _EIGHTS_AT_ONCE]
        for step, word in reversed([*enumerate(_WORDS)]):
            pairs, upper = part.view(word), high[: len(part)].view(word)
            half = 8 * pairs.itemsize // 2
            np.right_shift(pairs, word(width << step), out=upper)
            # The upper element moves up to the middle.
            np.multiply(upper, word(2**half - 2 ** (width << step)), out=upper)
            np.add(pairs, upper, out=pairs)
    if data_type is DataType.INT4:
        elements = ((elements ^ 8).astype(np.int8) - 8).astype(np.int8)
    return elements[:count]
