"""Weights stored small: what the operations that decompress them give, exactly.

The operations of iOS16 carry flat packed bytes and a shape, those of iOS18 tensors of their shape.
Matches coremltools 9.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .data_type import DataType
from .packing import unpack

_AT_ONCE = 2**15

_Array = NDArray[Any]


def affine_dequantize(
    quantized_data: _Array, zero_point: _Array, scale: _Array, axis: _Array
) -> _Array:
    """Scale (data - zero point), both given once or for each index of the axis."""
    spread = [1] * quantized_data.ndim
    spread[int(axis)] = -1
    shifted = quantized_data.astype(np.float32) - zero_point.reshape(spread)
    return shifted * scale.reshape(spread).astype(np.float32)


def blockwise_shift_scale(data: _Array, scale: _Array, offset: _Array | None = None) -> _Array:
    """Scale (data - offset), both given for each block of the data."""
    shifted = data.astype(np.float32)
    if offset is not None:
        shifted = shifted - _repeated(offset, data.shape)
    return shifted * _repeated(scale.astype(np.float32), data.shape)


def cast(source_val: _Array, output_dtype: _Array) -> _Array:
    """Change the type."""
    return source_val.astype(DataType(str(output_dtype)).numpy)


def lut_to_dense(
    indices: _Array, lut: _Array, shape: _Array | None = None, vector_axis: _Array | None = None
) -> _Array:
    """Look indices up in the palette of their block; iOS16's indices are packed bytes."""
    if shape is None:
        return _looked_up(indices, lut, vector_axis)
    index_type = DataType(f"uint{len(lut).bit_length() - 1}")
    unpacked = unpack(indices, index_type, int(np.prod(shape, dtype=np.int64)))
    return _entries(lut, unpacked.reshape(shape))


def lut_to_sparse(
    indices_mask: _Array,
    indices_nonzero_data: _Array,
    lut: _Array,
    vector_axis: _Array | None = None,
) -> tuple[_Array, _Array]:
    """Look up the indices that are there; returns the mask and the elements that it lets pass."""
    dense = _looked_up(_spread(indices_nonzero_data, indices_mask), lut, vector_axis)
    mask = indices_mask
    if vector_axis is not None:
        mask = mask.repeat(lut.shape[-1], int(vector_axis))
    return mask, dense[mask.astype(bool)]


def sparse_blockwise_shift_scale(
    data_mask: _Array, nonzero_data: _Array, scale: _Array, offset: _Array | None = None
) -> tuple[_Array, _Array]:
    """Shift and scale the elements that are there; returns the mask and what it lets pass."""
    dense = blockwise_shift_scale(_spread(nonzero_data, data_mask), scale, offset)
    return data_mask, dense[data_mask.astype(bool)]


def sparse_to_dense(nonzero_data: _Array, mask: _Array, shape: _Array | None = None) -> _Array:
    """Put elements where the mask is one, zeros elsewhere; iOS16's mask is packed bytes."""
    if shape is None:
        return _spread(nonzero_data, mask)
    bits = unpack(mask, DataType.UINT1, int(np.prod(shape, dtype=np.int64)))
    return _spread(nonzero_data, bits.reshape(shape))


def _looked_up(indices: _Array, lut: _Array, vector_axis: _Array | None) -> _Array:
    """A lut of (*palettes along each axis, entries, vector length)."""
    *blocks, entries, length = lut.shape
    palettes = np.arange(int(np.prod(blocks))).reshape(blocks)
    entry = _repeated(palettes, indices.shape) * entries + indices
    if length == 1:
        return _entries(lut.reshape(-1), entry)
    vectors: _Array = lut.reshape(-1, length)[entry]
    axis = int(vector_axis or 0) % indices.ndim
    moved = np.moveaxis(vectors, -1, axis + 1)
    return moved.reshape(*indices.shape[:axis], -1, *indices.shape[axis + 1 :])


def _entries(palette: _Array, indices: _Array) -> _Array:
    """Entries in the shape of the indices, a part at a time, which a processor has near."""
    taken = np.empty(indices.size, palette.dtype)
    flat = indices.reshape(-1)
    for begin in range(0, len(flat), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        taken[part] = palette.take(flat[part])
    return taken.reshape(indices.shape)


def _repeated(blocks: _Array, shape: tuple[int, ...]) -> _Array:
    for axis, (have, want) in enumerate(zip(blocks.shape, shape, strict=True)):
        blocks = blocks.repeat(want // have, axis) if want != have else blocks
    return blocks


def _spread(elements: _Array, mask: _Array) -> _Array:
    dense = np.zeros(mask.shape, elements.dtype)
    dense[mask.astype(bool)] = elements
    return dense


#: What each operation computes, of arguments by their names.
DECOMPRESSIONS: Mapping[str, Callable[..., _Array | tuple[_Array, ...]]] = {
    f"constexpr_{function.__name__}": function
    for function in (
        affine_dequantize,
        blockwise_shift_scale,
        cast,
        lut_to_dense,
        lut_to_sparse,
        sparse_blockwise_shift_scale,
        sparse_to_dense,
    )
}
