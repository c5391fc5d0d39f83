"""Cases of the weights stored small, in the forms of iOS16 and iOS18."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import (
    FLOATS,
    generator,
    numbers,
    one_of,
    some_axis,
    some_shape,
    truth,
    truths,
    whole,
)


def _blocks(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many blocks there are along each axis, and the shape of all of them together."""
    blocks = some_shape(draw, 1, 3, 3)
    return blocks, tuple(count * whole(draw, 1, 3) for count in blocks)


def _repeated(blocks: Array, shape: tuple[int, ...]) -> Array:
    for axis, size in enumerate(shape):
        blocks = np.repeat(blocks, size // blocks.shape[axis], axis)
    return blocks


def _packed(values: Array, bits: int) -> Array:
    """So many bits of each value, the lowest first, in bytes."""
    spread = (values.reshape(-1, 1) >> np.arange(bits)) & 1
    return np.packbits(spread.astype(np.uint8).ravel(), bitorder="little")


@st.composite
def _affine_dequantize(draw: st.DrawFn) -> Case:
    kept, real, shape = one_of(draw, (np.int8, np.uint8)), one_of(draw, FLOATS), some_shape(draw)
    axis, spread = some_axis(draw, len(shape)), [1] * len(shape)
    spread[axis] = -1
    data = _whole_numbers(draw, shape, kept)
    zero = _whole_numbers(draw, (shape[axis],) if truth(draw) else (), kept)
    scale = numbers(draw, (shape[axis],) if truth(draw) else (), real, 0.01, 0.5)
    zeros, scales = (
        each.reshape(spread).astype(np.float32) if each.ndim else np.float32(each)
        for each in (zero, scale)
    )
    given = {"quantized_data": data, "zero_point": zero, "scale": scale, "axis": axis}
    return known(given, (data - zeros) * scales)


@st.composite
def _blockwise(draw: st.DrawFn, *, sparse: bool) -> Case:
    kept, real = one_of(draw, (np.int8, np.uint8)), one_of(draw, FLOATS)
    blocks, shape = _blocks(draw)
    data, scale = _whole_numbers(draw, shape, kept), numbers(draw, blocks, real, 0.01, 0.5)
    given: dict[str, Any] = {"scale": scale}
    dense = data.astype(np.float32)
    if truth(draw):
        given["offset"] = _whole_numbers(draw, blocks, kept)
        dense = dense - _repeated(given["offset"], shape)
    dense = dense * _repeated(widened(scale), shape)
    if not sparse:
        return known({"data": data} | given, dense)
    mask = truths(draw, shape)
    stored = {"data_mask": mask.astype(np.uint8), "nonzero_data": data[mask]}
    return known(stored | given, mask.astype(np.uint8), dense[mask])


@st.composite
def _lut(draw: st.DrawFn, *, sparse: bool) -> Case:
    real, bits = one_of(draw, FLOATS), one_of(draw, (1, 2, 3, 4, 6, 8))
    blocks, shape = _blocks(draw)
    indices = generator(draw).integers(0, 2**bits, shape).astype(np.uint8)
    if not sparse and bits != 3 and truth(draw):  # iOS16 has no palettes of eight
        lut = numbers(draw, (2**bits,), real)
        given = {"indices": _packed(indices, bits), "lut": lut}
        return known(given | {"shape": np.array(shape, np.uint32)}, widened(lut)[indices])
    length = whole(draw, 1, 3)
    lut = numbers(draw, (*blocks, 2**bits, length), real)
    axis = some_axis(draw, len(shape))
    dense = np.empty((*shape, length), np.float32)
    for place in np.ndindex(*shape):
        block = tuple(
            each * count // size for each, count, size in zip(place, blocks, shape, strict=True)
        )
        dense[place] = widened(lut)[(*block, indices[place])]
    first = axis % len(shape)
    whole_ = np.moveaxis(dense, -1, first + 1).reshape(
        *shape[:first], shape[first] * length, *shape[first + 1 :]
    )
    vectors = {} if length == 1 else {"vector_axis": axis}
    if not sparse:
        return known({"indices": indices, "lut": lut} | vectors, whole_)
    mask = truths(draw, shape)
    stored = {"indices_mask": mask.astype(np.uint8), "indices_nonzero_data": indices[mask]}
    wide = np.repeat(mask, length, first)
    return known(stored | {"lut": lut} | vectors, wide.astype(np.uint8), whole_[wide])


@st.composite
def _sparse(draw: st.DrawFn) -> Case:
    real, shape = one_of(draw, FLOATS), some_shape(draw)
    mask = truths(draw, shape)
    elements = numbers(draw, (int(mask.sum()),), real)
    dense = np.zeros(shape, np.float32)
    dense[mask] = elements
    if truth(draw):
        packed = {"mask": _packed(mask, 1), "shape": np.array(shape, np.uint32)}
        return known({"nonzero_data": elements} | packed, dense)
    return known({"nonzero_data": elements, "mask": mask.astype(np.uint8)}, dense)


@st.composite
def _cast(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw), np.float32)
    return Case({"source_val": x.astype(np.float16), "output_dtype": "fp32"},
                (x.astype(np.float16).astype(np.float32),))  # fmt: skip


def _whole_numbers(draw: st.DrawFn, shape: tuple[int, ...], kept: Any) -> Array:
    return numbers(draw, shape, kept, np.iinfo(kept).min, np.iinfo(kept).max)


CASES: dict[str, st.SearchStrategy[Case]] = {
    "constexpr_affine_dequantize": _affine_dequantize(),
    "constexpr_blockwise_shift_scale": _blockwise(sparse=False),
    "constexpr_cast": _cast(),
    "constexpr_lut_to_dense": _lut(sparse=False),
    "constexpr_lut_to_sparse": _lut(sparse=True),
    "constexpr_sparse_blockwise_shift_scale": _blockwise(sparse=True),
    "constexpr_sparse_to_dense": _sparse(),
}
