"""Weights stored small: quantized, palettized and sparse, decompressed once at load.

The operations of iOS16 carry flat packed bytes and a shape, those of iOS18 tensors of their shape.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from ..arrays import torch_dtype
from .arguments import Integers


def constexpr_affine_dequantize(
    quantized_data: Tensor, zero_point: Tensor, scale: Tensor, axis: int
) -> Tensor:
    """Scale (data - zero point), both given once or for each index of the axis."""
    spread = [1] * quantized_data.ndim
    spread[axis] = -1
    return (quantized_data - zero_point.reshape(spread)) * scale.reshape(spread)


def constexpr_blockwise_shift_scale(
    data: Tensor, scale: Tensor, offset: Tensor | None = None
) -> Tensor:
    """Scale (data - offset), both given for each block of the data."""
    shifted = data if offset is None else data - _repeated(offset, data.shape)
    return shifted * _repeated(scale, data.shape)


def constexpr_cast(source_val: Tensor, output_dtype: str) -> Tensor:
    """Change the type."""
    return source_val.to(torch_dtype(output_dtype))


def constexpr_lut_to_dense(
    indices: Tensor, lut: Tensor, shape: Integers | None = None, vector_axis: int | None = None
) -> Tensor:
    """Look indices up in the palette of their block; iOS16's indices are packed bytes."""
    if shape is not None:
        bits = len(lut).bit_length() - 1
        return lut[_unpacked(indices, bits, shape).long()]
    return _looked_up(indices, lut, vector_axis)


def constexpr_lut_to_sparse(
    indices_mask: Tensor, indices_nonzero_data: Tensor, lut: Tensor, vector_axis: int | None = None
) -> tuple[Tensor, Tensor]:
    """Look up the indices that are there; returns the mask and the elements that it lets pass."""
    dense = _looked_up(_spread(indices_nonzero_data, indices_mask), lut, vector_axis)
    mask = indices_mask
    if vector_axis is not None:
        mask = mask.repeat_interleave(lut.shape[-1], vector_axis)
    return mask, dense[mask.bool()]


def constexpr_sparse_blockwise_shift_scale(
    data_mask: Tensor, nonzero_data: Tensor, scale: Tensor, offset: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Shift and scale the elements that are there; returns the mask and what it lets pass."""
    dense = constexpr_blockwise_shift_scale(_spread(nonzero_data, data_mask), scale, offset)
    return data_mask, dense[data_mask.bool()]


def constexpr_sparse_to_dense(
    nonzero_data: Tensor, mask: Tensor, shape: Integers | None = None
) -> Tensor:
    """Put elements where the mask is one, zeros elsewhere; iOS16's mask is packed bytes."""
    return _spread(nonzero_data, mask if shape is None else _unpacked(mask, 1, shape))


def _looked_up(indices: Tensor, lut: Tensor, vector_axis: int | None) -> Tensor:
    """A lut of (*palettes along each axis, entries, vector length)."""
    *blocks, entries, length = lut.shape
    palettes = torch.arange(lut[..., 0, 0].numel(), device=lut.device).reshape(blocks)
    entry = _repeated(palettes, indices.shape) * entries + indices
    vectors = lut.reshape(-1, length)[entry]
    if length == 1:
        return vectors[..., 0]
    axis = (vector_axis or 0) % indices.ndim
    return vectors.movedim(-1, axis + 1).flatten(axis, axis + 1)


def _repeated(blocks: Tensor, shape: torch.Size) -> Tensor:
    for axis, (have, want) in enumerate(zip(blocks.shape, shape, strict=True)):
        blocks = blocks.repeat_interleave(want // have, axis) if want != have else blocks
    return blocks


def _spread(elements: Tensor, mask: Tensor) -> Tensor:
    dense = torch.zeros(mask.shape, dtype=elements.dtype)
    dense[mask.bool()] = elements
    return dense


def _unpacked(packed: Tensor, bits: int, shape: Integers) -> Tensor:
    """Numbers of so many bits each, from the lowest bit of the first byte on."""
    count = torch.Size(shape).numel()
    stream = (packed[:, None] >> torch.arange(8)) & 1
    numbers = stream.flatten()[: count * bits].reshape(count, bits)
    return (numbers << torch.arange(bits)).sum(-1).reshape(shape)


OPERATIONS: dict[str, Callable[..., Tensor | tuple[Tensor, ...]]] = {
    function.__name__: function
    for function in (
        constexpr_affine_dequantize,
        constexpr_blockwise_shift_scale,
        constexpr_cast,
        constexpr_lut_to_dense,
        constexpr_lut_to_sparse,
        constexpr_sparse_blockwise_shift_scale,
        constexpr_sparse_to_dense,
    )
}
