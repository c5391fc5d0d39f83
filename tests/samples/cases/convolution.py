"""Cases of the convolutions and pools, window by window."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import FLOATS, numbers, one_of, optional, truth, whole
from torch.nn import functional

Sides = list[tuple[int, int]]


@st.composite
def _conv(draw: st.DrawFn) -> Case:
    dtype, axes = one_of(draw, FLOATS), whole(draw, 1, 3)
    groups, inner, outer = (whole(draw, 1, 2) for _ in range(3))
    kernel, strides, dilations = ([whole(draw, 1, most) for _ in range(axes)] for most in (3, 3, 2))
    reach = [dilation * (size - 1) + 1 for size, dilation in zip(kernel, dilations, strict=True)]
    sizes = [size + whole(draw, 0, 3) for size in reach]
    x = numbers(draw, (whole(draw, 1, 2), groups * inner, *sizes), dtype)
    weight = numbers(draw, (groups * outer, inner, *kernel), dtype)
    padding, sides = _padding(draw, sizes, reach, strides)
    given = {"x": x, "weight": weight} | padding
    given |= _unless_ones(draw, strides=strides, dilations=dilations)
    given |= {"groups": groups} if groups > 1 or truth(draw) else {}
    given |= optional(draw, bias=numbers(draw, (groups * outer,), dtype))
    padded = np.pad(widened(x), [(0, 0), (0, 0), *sides])
    shape, windows = _windows(padded, reach, strides)
    result: Any = np.zeros((len(x), groups * outer, *shape), np.float32)
    for place, window in windows:
        taps = window[(..., *(slice(None, None, each) for each in dilations))]
        for group in range(groups):
            own = slice(group * inner, (group + 1) * inner)
            rows = slice(group * outer, (group + 1) * outer)
            product = np.tensordot(taps[:, own], widened(weight)[rows], _last(axes + 1))
            result[(slice(None), rows, *place)] = product
    return known(given, result + _bias(given, result))


@st.composite
def _conv_quantized(draw: st.DrawFn) -> Case:
    """A convolution of 1 x 1 pixels, its weights told in bytes."""
    dtype, inputs, outputs = one_of(draw, FLOATS), whole(draw, 1, 3), whole(draw, 1, 3)
    x = numbers(draw, (whole(draw, 1, 2), inputs, whole(draw, 1, 4), whole(draw, 1, 4)), dtype)
    weight = numbers(draw, (outputs, inputs, 1, 1), np.uint8, 0, 255)
    scale, shift = (numbers(draw, (outputs,), dtype, *ends) for ends in ((0.001, 0.01), (-1, 0)))
    dense = weight[..., 0, 0] * widened(scale)[:, None] + widened(shift)[:, None]
    given = {"x": x, "weight": weight, "quant_scale": scale, "quant_bias": shift}
    bias = numbers(draw, (outputs,), np.uint8, 0, 255)
    arguments = given | {"quantization_type": "linear"} | optional(draw, nbits=8, bias=bias)
    result = np.einsum("oi,nihw->nohw", dense, widened(x))
    return known(arguments, result + _bias(arguments, result))


@st.composite
def _conv_transpose(draw: st.DrawFn) -> Case:
    """Every element of x adds a kernel to the result, of which the edges are cut off."""
    dtype, axes = one_of(draw, FLOATS), whole(draw, 1, 3)
    groups, inner, outer = (whole(draw, 1, 2) for _ in range(3))
    kernel, strides, dilations = ([whole(draw, 1, most) for _ in range(axes)] for most in (3, 3, 2))
    sizes = [whole(draw, 2, 4) for _ in range(axes)]
    x = numbers(draw, (whole(draw, 1, 2), groups * inner, *sizes), dtype)
    weight = numbers(draw, (groups * inner, outer, *kernel), dtype)
    given: dict[str, Any] = {"x": x, "weight": weight}
    given |= _unless_ones(draw, strides=strides, dilations=dilations)
    given |= {"groups": groups} if groups > 1 or truth(draw) else {}
    given |= optional(draw, bias=numbers(draw, (groups * outer,), dtype))
    full = [
        (size - 1) * stride + dilation * (taps - 1) + 1
        for size, stride, dilation, taps in zip(sizes, strides, dilations, kernel, strict=True)
    ]
    result: Any = np.zeros((len(x), groups * outer, *full), np.float32)
    for place in np.ndindex(*sizes):
        corner = [each * stride for each, stride in zip(place, strides, strict=True)]
        touched = tuple(
            slice(start, start + dilation * (taps - 1) + 1, dilation)
            for start, dilation, taps in zip(corner, dilations, kernel, strict=True)
        )
        for group in range(groups):
            own = slice(group * inner, (group + 1) * inner)
            rows = slice(group * outer, (group + 1) * outer)
            pixel = widened(x)[(slice(None), own, *place)]
            result[(slice(None), rows, *touched)] += np.tensordot(
                pixel, widened(weight)[own], ([1], [0])
            )
    if truth(draw):
        cut = [(whole(draw, 0, 1), whole(draw, 0, min(1, size - 2))) for size in full]
        given |= {"pad_type": "custom", "pad": list(itertools.chain(*cut))}
        kept = [slice(low, size - high) for size, (low, high) in zip(full, cut, strict=True)]
        result = result[(..., *kept)]
    return known(given, result + _bias(given, result))


@st.composite
def _pool(draw: st.DrawFn, fold: Callable[[Array, Array], Array], *, average: bool = False) -> Case:
    """`fold` is given windows with nothing but pixels, and the sizes of all of them."""
    dtype, axes = one_of(draw, FLOATS), whole(draw, 1, 3)
    kernel, strides = ([whole(draw, 1, 3) for _ in range(axes)] for _ in range(2))
    sizes = [size + whole(draw, 1, 3) for size in kernel]
    x = numbers(draw, (whole(draw, 1, 2), whole(draw, 1, 2), *sizes), dtype)
    padding, sides = _padding(draw, sizes, kernel, strides, most=[size // 2 for size in kernel])
    given = {"x": x, "kernel_sizes": kernel, "pad_type": "valid"} | padding
    given |= _unless_ones(draw, strides=strides)
    inside = np.pad(np.ones_like(widened(x)), [(0, 0), (0, 0), *sides])
    padded = np.pad(widened(x), [(0, 0), (0, 0), *sides])
    without = average and truth(draw)
    given |= {"exclude_padding_from_average": True} if without else {}
    shape, windows = _windows(padded, kernel, strides)
    _, counted = _windows(inside, kernel, strides)
    result: Any = np.zeros((*x.shape[:2], *shape), np.float32)
    for (place, window), (_, ones) in zip(windows, counted, strict=True):
        flat, pixels = (each.reshape(*x.shape[:2], -1) for each in (window, ones))
        result[(..., *place)] = fold(flat, pixels if without or not average else pixels * 0 + 1)
    return known(given, result)


@st.composite
def _pool_with_ceiling(draw: st.DrawFn, *, average: bool) -> Case:
    """Beside PyTorch, whose mode it is; MIL has it for one axis or two, padded alike."""
    dtype, axes = one_of(draw, FLOATS), whole(draw, 1, 2)
    kernel = [whole(draw, 1, 3) for _ in range(axes)]
    strides, sides = (
        [whole(draw, low, high) for low, high in ends]
        for ends in ([(1, 3)] * axes, [(0, size // 2) for size in kernel])
    )
    sizes = [size + whole(draw, 1, 3) for size in kernel]
    x = numbers(draw, (whole(draw, 1, 2), whole(draw, 1, 2), *sizes), dtype)
    pad = [side for each in sides for side in (each, each)]
    given = {"x": x, "kernel_sizes": kernel, "strides": strides, "ceil_mode": True}
    given |= {"pad_type": "custom", "pad": pad} if any(pad) else {"pad_type": "valid"}
    source = torch.from_numpy(widened(x))
    if not average:
        pool: Any = (functional.max_pool1d, functional.max_pool2d)[axes - 1]
        return known(given, pool(source, kernel, strides, sides, ceil_mode=True))
    without = truth(draw)
    given |= {"exclude_padding_from_average": without}
    pool = (functional.avg_pool1d, functional.avg_pool2d)[axes - 1]
    return known(given, pool(source, kernel, strides, sides, True, not without))


def _padding(
    draw: st.DrawFn,
    sizes: Sequence[int],
    reach: Sequence[int],
    strides: Sequence[int],
    most: Sequence[int] | None = None,
) -> tuple[dict[str, Any], Sides]:
    """MIL's arguments, and the zeros around each axis that they mean."""
    kind = one_of(draw, ("valid", "custom", "same", "same_lower"))
    if kind == "valid":
        return ({"pad_type": kind} if truth(draw) else {}), [(0, 0)] * len(sizes)
    if kind == "custom":
        largest = most or [2] * len(sizes)
        sides = [(whole(draw, 0, each), whole(draw, 0, each)) for each in largest]
        return {"pad_type": kind, "pad": list(itertools.chain(*sides))}, sides
    sides = []
    for size, taps, stride in zip(sizes, reach, strides, strict=True):
        total = max(0, (-(-size // stride) - 1) * stride + taps - size)
        less, more = total // 2, total - total // 2
        sides.append((less, more) if kind == "same" else (more, less))
    return {"pad_type": kind}, sides


def _windows(
    x: Any, reach: Sequence[int], strides: Sequence[int]
) -> tuple[tuple[int, ...], Iterator[tuple[tuple[int, ...], Any]]]:
    """How many windows there are along each axis, and all of them with their places."""
    spans = zip(x.shape[2:], reach, strides, strict=True)
    shape = tuple((size - taps) // stride + 1 for size, taps, stride in spans)

    def each() -> Iterator[tuple[tuple[int, ...], Any]]:
        for place in np.ndindex(*shape):
            starts = [index * stride for index, stride in zip(place, strides, strict=True)]
            spans = zip(starts, reach, strict=True)
            yield place, x[(..., *(slice(start, start + taps) for start, taps in spans))]

    return shape, each()


def _unless_ones(draw: st.DrawFn, **steps: list[int]) -> dict[str, list[int]]:
    return {name: each for name, each in steps.items() if set(each) != {1} or truth(draw)}


def _last(count: int) -> tuple[list[int], list[int]]:
    axes = list(range(-count, 0))
    return axes, axes


def _bias(given: dict[str, Any], result: Array) -> Any:
    if "bias" not in given:
        return np.float32(0)
    return widened(given["bias"]).reshape(1, -1, *(1,) * (result.ndim - 2))


CASES: dict[str, st.SearchStrategy[Case]] = {
    "conv": _conv(),
    "conv_quantized": _conv_quantized(),
    "conv_transpose": _conv_transpose(),
    "avg_pool": st.one_of(
        _pool(lambda x, pixels: x.sum(-1) / pixels.sum(-1), average=True),
        _pool_with_ceiling(average=True),
    ),
    "l2_pool": _pool(lambda x, _: np.sqrt(np.square(x).sum(-1))),
    "max_pool": st.one_of(
        _pool(lambda x, pixels: np.where(pixels, x, -np.inf).max(-1)),
        _pool_with_ceiling(average=False),
    ),
}
