"""Operations that arrange elements anew: shapes, axes, pieces and copies."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Integers, Tensors, meaning

_MIRRORS = {"reflect": "reflect", "replicate": "replicate"}


def reshape(x: Tensor, shape: Integers) -> Tensor:
    """Give another shape; 0 keeps the axis there, counted from the last, -1 takes what is left."""
    added = len(shape) - x.ndim
    kept = (1,) * added + x.shape[max(0, -added) :]
    return x.reshape([have if want == 0 else want for want, have in zip(shape, kept, strict=True)])


def reshape_like(
    x: Tensor, ref_tensors: Tensors, begins: Integers, ends: Integers, end_masks: Integers
) -> Tensor:
    """Take the sizes from spans of the axes of other tensors."""
    spans = zip(ref_tensors, begins, ends, end_masks, strict=True)
    sizes = [
        size
        for reference, begin, end, mask in spans
        for size in reference.shape[begin : None if mask else end]
    ]
    return x.reshape(sizes)


def shape(x: Tensor) -> Tensor:
    """The sizes of all axes."""
    return torch.tensor(x.shape, dtype=torch.int32)


def flatten2d(x: Tensor, axis: int = 1) -> Tensor:
    """Fold the axes before `axis` into one and those from it on into another."""
    split = axis if axis >= 0 else axis + x.ndim
    return x.reshape(x.shape[:split].numel(), -1)


def expand_dims(x: Tensor, axes: Integers) -> Tensor:
    """Insert axes of size 1, counted in the result."""
    rank = x.ndim + len(axes)
    for axis in sorted(each % rank for each in axes):
        x = x.unsqueeze(axis)
    return x


def squeeze(x: Tensor, axes: Integers | None = None) -> Tensor:
    """Remove axes of size 1; none named means all of them."""
    return x.squeeze() if axes is None else x.squeeze(axes)


def transpose(x: Tensor, perm: Integers) -> Tensor:
    """Put the axes into another order."""
    return x.permute(perm)


def concat(values: Tensors, axis: int, interleave: bool = False) -> Tensor:
    """Join along an axis, one after the other or element by element in turn; numbers to a list."""
    if interleave:
        return torch.stack(values, axis % values[0].ndim + 1).flatten(
            axis % values[0].ndim, axis % values[0].ndim + 1
        )
    return torch.cat([each if each.ndim else each[None] for each in values], axis)


def stack(values: Tensors, axis: int) -> Tensor:
    """Join along a new axis."""
    return torch.stack(values, axis)


def split(
    x: Tensor, axis: int, num_splits: int | None = None, split_sizes: Integers | None = None
) -> Tensors:
    """Cut along an axis, into pieces of these sizes or so many equal ones."""
    sizes = list(split_sizes) if split_sizes else x.shape[axis] // (num_splits or 1)
    return torch.split(x, sizes, axis)


def tile(x: Tensor, reps: Integers) -> Tensor:
    """Repeat the whole along each axis."""
    return x.tile(reps)


def reverse(x: Tensor, axes: Integers | None = None) -> Tensor:
    """Turn the order along the axes round; none named means all of them."""
    return x.flip(axes or tuple(range(x.ndim)))


def pad(x: Tensor, pad: Integers, mode: str = "constant", constant_val: float = 0.0) -> Tensor:
    """Pad the last axes, each before and after."""
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    while len(pairs) > 1 and pairs[0] == (0, 0):
        pairs.pop(0)
    edges = [edge for pair in reversed(pairs) for edge in pair]
    if mode == "constant":
        return functional.pad(x, edges, value=constant_val)
    # PyTorch takes at most three padded axes here, behind exactly two others.
    spatial = len(pairs)
    folded = x.reshape(1, -1, *x.shape[x.ndim - spatial :])
    padded = functional.pad(folded, edges, mode=meaning("mode", mode, _MIRRORS))
    return padded.reshape(*x.shape[: x.ndim - spatial], *padded.shape[2:])


def pixel_shuffle(x: Tensor, upscale_factor: int) -> Tensor:
    """Move blocks of channels into space, channels outermost."""
    return functional.pixel_shuffle(x, upscale_factor)


def pixel_unshuffle(x: Tensor, downscale_factor: int) -> Tensor:
    """Move blocks of space into channels, channels outermost."""
    return functional.pixel_unshuffle(x, downscale_factor)


def depth_to_space(x: Tensor, block_size: int) -> Tensor:
    """Move blocks of channels into space, the block outermost."""
    batch, channels, height, width = x.shape
    inner = channels // block_size**2
    blocks = x.reshape(batch, block_size, block_size, inner, height, width)
    spread = blocks.permute(0, 3, 4, 1, 5, 2)
    return spread.reshape(batch, inner, height * block_size, width * block_size)


def space_to_depth(x: Tensor, block_size: int) -> Tensor:
    """Move blocks of space into channels, the block outermost."""
    batch, channels, height, width = x.shape
    inner_height, inner_width = height // block_size, width // block_size
    blocks = x.reshape(batch, channels, inner_height, block_size, inner_width, block_size)
    folded = blocks.permute(0, 3, 5, 1, 2, 4)
    return folded.reshape(batch, channels * block_size**2, inner_height, inner_width)


OPERATIONS: dict[str, Callable[..., Tensor | Tensors]] = {
    function.__name__: function
    for function in (
        reshape,
        reshape_like,
        shape,
        flatten2d,
        expand_dims,
        squeeze,
        transpose,
        concat,
        stack,
        split,
        tile,
        reverse,
        pad,
        pixel_shuffle,
        pixel_unshuffle,
        depth_to_space,
        space_to_depth,
    )
}
