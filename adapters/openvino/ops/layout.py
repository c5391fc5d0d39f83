"""Operations that arrange elements anew: shapes, axes, pieces and copies."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Integers, Output, Outputs, rank

_PADDING = {"constant": "constant", "reflect": "reflect", "replicate": "edge"}


def reshape(x: Output, shape: Output) -> Output:
    """Give another shape; 0 keeps a size, counted from the last axis, -1 takes what is left."""
    return opset.reshape(x, _from_the_last(x, shape), special_zero=True).output(0)


def shape(x: Output) -> Output:
    """The sizes of all axes."""
    return opset.shape_of(x, "i32").output(0)


def expand_dims(x: Output, axes: Integers) -> Output:
    """Insert axes of size 1, counted in the result."""
    return opset.unsqueeze(x, np.array(axes)).output(0)


def squeeze(x: Output, axes: Integers | None = None) -> Output:
    """Remove axes of size 1; none named means all of them."""
    return opset.squeeze(x, None if axes is None else np.array(axes)).output(0)


def transpose(x: Output, perm: Integers) -> Output:
    """Put the axes into another order."""
    return opset.transpose(x, np.array([axis % rank(x) for axis in perm])).output(0)


def concat(values: Outputs, axis: int, interleave: bool = False) -> Output:
    """Join along an axis, one after the other or element by element in turn."""
    if not interleave:
        return opset.concat(list(values), axis).output(0)
    axis %= rank(values[0])
    sizes = [0] * rank(values[0])
    sizes[axis] = -1
    # Behind the joined axis nothing but sizes known beforehand can be named.
    behind = [each.get_length() for each in list(values[0].get_partial_shape())[axis + 1 :]]
    folded = np.array([*sizes[: axis + 1], *behind])
    return opset.reshape(stack(values, axis + 1), folded, special_zero=True).output(0)


def stack(values: Outputs, axis: int) -> Output:
    """Join along a new axis."""
    spread = [opset.unsqueeze(each, np.array([axis])) for each in values]
    return opset.concat(spread, axis).output(0)


def split(
    x: Output, axis: int, num_splits: int | None = None, split_sizes: Integers | None = None
) -> Outputs:
    """Cut along an axis, into pieces of these sizes or so many equal ones."""
    if split_sizes:
        cut = opset.variadic_split(x, axis, np.array(split_sizes))
    else:
        cut = opset.split(x, axis, num_splits or 1)
    return tuple(cut.outputs())


def tile(x: Output, reps: Integers) -> Output:
    """Repeat the whole along each axis."""
    return opset.tile(x, np.array(reps)).output(0)


def pad(x: Output, pad: Integers, mode: str = "constant", constant_val: float = 0.0) -> Output:
    """Pad the last axes, each before and after."""
    untouched = [0] * (rank(x) - len(pad) // 2)
    before, after = [*untouched, *pad[::2]], [*untouched, *pad[1::2]]
    value = opset.convert_like(opset.constant(np.float32(constant_val)), x)
    return opset.pad(x, before, after, _PADDING[mode], value).output(0)


def pixel_shuffle(x: Output, upscale_factor: int) -> Output:
    """Move blocks of channels into space, channels outermost."""
    return opset.depth_to_space(x, "depth_first", upscale_factor).output(0)


def pixel_unshuffle(x: Output, downscale_factor: int) -> Output:
    """Move blocks of space into channels, channels outermost."""
    return opset.space_to_depth(x, "depth_first", downscale_factor).output(0)


def depth_to_space(x: Output, block_size: int) -> Output:
    """Move blocks of channels into space, the block outermost."""
    return opset.depth_to_space(x, "blocks_first", block_size).output(0)


def space_to_depth(x: Output, block_size: int) -> Output:
    """Move blocks of space into channels, the block outermost."""
    return opset.space_to_depth(x, "blocks_first", block_size).output(0)


def fill(shape: Output, value: Output | None = None) -> Output:
    """A tensor of one value."""
    one = opset.constant(np.float32(0)) if value is None else value
    return opset.broadcast(one, shape).output(0)


def fill_like(ref_tensor: Output, value: Output | None = None) -> Output:
    """A tensor of one value in the shape of another."""
    return fill(opset.shape_of(ref_tensor), value)


def _from_the_last(x: Output, shape: Output) -> Output:
    """The shape with 0 as OpenVINO means it, which counts axes from the first."""
    node = shape.get_node()
    added = shape.get_shape()[0] - rank(x)
    if node.get_type_name() != "Constant" or added == 0:
        return shape
    sizes = list(node.data)
    for axis, size in enumerate(sizes):
        if size == 0 and axis >= added:
            sizes[axis] = x.get_partial_shape()[axis - added].get_length()
    return opset.constant(np.array(sizes))


OPERATIONS: dict[str, Callable[..., Output | Outputs]] = {
    function.__name__: function
    for function in (
        reshape,
        shape,
        expand_dims,
        squeeze,
        transpose,
        concat,
        stack,
        split,
        tile,
        pad,
        pixel_shuffle,
        pixel_unshuffle,
        depth_to_space,
        space_to_depth,
        fill,
        fill_like,
    )
}
