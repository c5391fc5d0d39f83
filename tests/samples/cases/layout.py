"""Cases of the operations that arrange elements anew."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import (
    FLOATS,
    NUMBERS,
    number,
    numbers,
    one_of,
    optional,
    some_axes,
    some_axis,
    some_shape,
    truth,
    truths,
    whole,
)

_PADDED = {"constant": "constant", "reflect": "reflect", "replicate": "edge"}


def _any(draw: st.DrawFn, shape: tuple[int, ...]) -> Array:
    """An array of any type that can be arranged."""
    dtype = one_of(draw, (*NUMBERS, np.bool_, np.int8, np.uint16))
    return truths(draw, shape) if dtype is np.bool_ else numbers(draw, shape, dtype)


@st.composite
def _reshape(draw: st.DrawFn) -> Case:
    """Some of the axes swapped and joined; 0 stands for an axis counted from the last."""
    x = _any(draw, some_shape(draw, 1, 4))
    sizes = list(draw(st.permutations(x.shape)))
    if len(sizes) > 1 and truth(draw):
        sizes[:2] = [sizes[0] * sizes[1]]
    target = [*([1] * whole(draw, 0, 1)), *sizes]
    shape = list(target)
    for offset in range(1, min(len(target), x.ndim) + 1):
        if target[-offset] == x.shape[-offset] and truth(draw):
            shape[-offset] = 0
    if truth(draw):
        shape[whole(draw, 0, len(shape) - 1)] = -1
    return known({"x": x, "shape": shape}, widened(x).reshape(target))


@st.composite
def _reshape_like(draw: st.DrawFn) -> Case:
    """The sizes of two others: all of the first, and of the second those from an axis on."""
    first, second = some_shape(draw, 1, 2), some_shape(draw, 2, 3)
    begin = whole(draw, 0, len(second) - 1)
    sizes = (*first, *second[begin:])
    x = numbers(draw, draw(st.permutations(sizes)), one_of(draw, FLOATS))
    arguments: dict[str, Any] = {
        "x": x,
        "ref_tensors": (numbers(draw, first), numbers(draw, second)),
        "begins": [0, begin - len(second) * truth(draw)],
        "ends": [len(first), 0],
        "end_masks": [False, True],
    }
    return known(arguments, widened(x).reshape(sizes))


@st.composite
def _shape(draw: st.DrawFn) -> Case:
    return Case({"x": numbers(draw, some_shape(draw), one_of(draw, NUMBERS))})


@st.composite
def _flatten2d(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw), one_of(draw, FLOATS))
    given = optional(draw, axis=whole(draw, -x.ndim, x.ndim))
    before = x.shape[: given.get("axis", 1)]
    return known({"x": x} | given, widened(x).reshape(int(np.prod(before)), -1))


@st.composite
def _expand_dims(draw: st.DrawFn) -> Case:
    x = _any(draw, some_shape(draw, 1, 3))
    more = whole(draw, 1, 2)
    rank = x.ndim + more
    places = draw(st.lists(st.integers(0, rank - 1), min_size=more, max_size=more, unique=True))
    return Case({"x": x, "axes": [axis - rank * truth(draw) for axis in places]})


@st.composite
def _squeeze(draw: st.DrawFn) -> Case:
    shape = (*(size if truth(draw) else 1 for size in some_shape(draw, 1, 3)), 1, 2)
    x = _any(draw, shape)
    ones = [axis for axis, size in enumerate(shape) if size == 1]
    axes = draw(st.lists(st.sampled_from(ones), min_size=1, unique=True))
    counted = [axis - len(shape) * truth(draw) for axis in axes]
    return Case({"x": x} | optional(draw, axes=counted))


@st.composite
def _transpose(draw: st.DrawFn) -> Case:
    x = _any(draw, some_shape(draw))
    order = draw(st.permutations(range(x.ndim)))
    return Case({"x": x, "perm": [axis - x.ndim * truth(draw) for axis in order]})


@st.composite
def _concat(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4)
    axis, dtype = some_axis(draw, len(shape)), one_of(draw, NUMBERS)
    sizes = [list(shape) for _ in range(whole(draw, 1, 3))]
    if interleaved := len(sizes) > 1 and truth(draw):
        values = tuple(numbers(draw, shape, dtype) for _ in sizes)
        first = axis % len(shape)
        together = np.stack(widened(values), first + 1)
        joined = together.reshape(*shape[:first], -1, *shape[first + 1 :])
    else:
        for each in sizes:
            each[axis] = whole(draw, 1, 4)
        values = tuple(numbers(draw, each, dtype) for each in sizes)
        joined = np.concatenate(widened(values), axis)
    given = {"values": values, "axis": axis}
    return known(given | ({"interleave": interleaved} if interleaved else {}), joined)


@st.composite
def _stack(draw: st.DrawFn) -> Case:
    shape, dtype = some_shape(draw, 1, 4), one_of(draw, NUMBERS)
    values = tuple(numbers(draw, shape, dtype) for _ in range(whole(draw, 1, 3)))
    axis = whole(draw, -len(shape) - 1, len(shape))
    return known({"values": values, "axis": axis}, np.stack(widened(values), axis))


@st.composite
def _split(draw: st.DrawFn) -> Case:
    shape = list(some_shape(draw, 1, 4))
    axis = some_axis(draw, len(shape))
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    if equal := truth(draw):
        sizes = [sizes[0]] * len(sizes)
    shape[axis] = sum(sizes)
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    how = {"num_splits": len(sizes)} if equal else {"split_sizes": sizes}
    return Case({"x": x, "axis": axis} | how)


@st.composite
def _tile(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw, 1, 4, 3), one_of(draw, NUMBERS))
    return Case({"x": x, "reps": [whole(draw, 1, 3) for _ in range(x.ndim)]})


@st.composite
def _reverse(draw: st.DrawFn) -> Case:
    x = _any(draw, some_shape(draw))
    return Case({"x": x} | optional(draw, axes=some_axes(draw, x.ndim)))


@st.composite
def _pad(draw: st.DrawFn) -> Case:
    shape, dtype = some_shape(draw, 1, 5, 4), one_of(draw, FLOATS)
    mode = one_of(draw, tuple(_PADDED))
    x = numbers(draw, shape, dtype)
    axes = whole(draw, 1, len(shape) if mode == "constant" else min(2, len(shape)))
    most = {"reflect": -1, "replicate": 0, "constant": 3}[mode]
    sides = [(0, 0)] * (x.ndim - axes) + [
        (whole(draw, 0, size + most), whole(draw, 0, size + most)) for size in shape[-axes:]
    ]
    arguments: dict[str, Any] = {"x": x, "pad": np.ravel(sides[-axes:]).astype(np.int32)}
    arguments |= {"mode": mode} if mode != "constant" or truth(draw) else {}
    filling: dict[str, Any] = {}
    if mode == "constant" and truth(draw):
        value = number(draw, dtype)
        arguments["constant_val"] = value
        filling["constant_values"] = widened(value)
    padded = np.pad(widened(x), sides, _PADDED[mode], **filling)  # type: ignore[call-overload]  # a mode is a literal there
    return known(arguments, padded)


@st.composite
def _blocks(draw: st.DrawFn, *, into_space: bool, block_outermost: bool, size_name: str) -> Case:
    """A picture with its blocks apart, put together as channels or as space."""
    block, channels, height, width = (whole(draw, 1, 3) for _ in range(4))
    batch = whole(draw, 1, 2)
    apart = numbers(draw, (batch, channels, block, block, height, width), one_of(draw, FLOATS))
    outer = apart.transpose(0, 2, 3, 1, 4, 5) if block_outermost else apart
    folded = outer.reshape(batch, -1, height, width)
    spread = apart.transpose(0, 1, 4, 2, 5, 3)
    space = spread.reshape(batch, channels, height * block, width * block)
    given, wanted = (folded, space) if into_space else (space, folded)
    # coremltools writes the sizes of one of these only as uint32.
    size = np.uint32(block) if size_name == "downscale_factor" else block
    return known({"x": given, size_name: size}, widened(wanted))


CASES: dict[str, st.SearchStrategy[Case]] = {
    "concat": _concat(),
    "depth_to_space": _blocks(into_space=True, block_outermost=True, size_name="block_size"),
    "expand_dims": _expand_dims(),
    "flatten2d": _flatten2d(),
    "pad": _pad(),
    "pixel_shuffle": _blocks(into_space=True, block_outermost=False, size_name="upscale_factor"),
    "pixel_unshuffle": _blocks(
        into_space=False, block_outermost=False, size_name="downscale_factor"
    ),
    "reshape": _reshape(),
    "reshape_like": _reshape_like(),
    "reverse": _reverse(),
    "shape": _shape(),
    "space_to_depth": _blocks(into_space=False, block_outermost=True, size_name="block_size"),
    "split": _split(),
    "squeeze": _squeeze(),
    "stack": _stack(),
    "tile": _tile(),
    "transpose": _transpose(),
}
