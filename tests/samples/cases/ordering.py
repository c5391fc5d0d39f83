"""Cases of the operations that sort, count up and mark places."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case, known, widened
from samples.cases.drawing import (
    FLOATS,
    NUMBERS,
    generator,
    number,
    numbers,
    one_of,
    optional,
    some_axis,
    some_shape,
    truth,
    whole,
)


def _different(draw: st.DrawFn, shape: tuple[int, ...], dtype: Any) -> Any:
    """Numbers of which no two are equal, so that their order is one."""
    order = generator(draw).permutation(int(np.prod(shape))).reshape(shape)
    return (order - order.size // 2).astype(dtype) / dtype(1 if dtype is np.int32 else 4)


@st.composite
def _argsort(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4)
    x = _different(draw, shape, one_of(draw, NUMBERS)).astype(one_of(draw, FLOATS))
    axis, rising = some_axis(draw, x.ndim), truth(draw)
    return Case({"x": x} | optional(draw, axis=axis, ascending=rising))


@st.composite
def _topk(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4)
    x = _different(draw, shape, np.float32).astype(one_of(draw, NUMBERS[:2]))
    axis = some_axis(draw, x.ndim)
    k = one_of(draw, (-1, whole(draw, 1, shape[axis])))
    rising, indices = truth(draw), truth(draw)
    order = np.argsort(widened(x) if rising else -widened(x), axis)
    places = np.take(order, np.arange(shape[axis] if k == -1 else k), axis).astype(np.int32)
    values = np.take_along_axis(widened(x), places, axis)
    options = optional(draw, sort=True) | ({} if indices else {"return_indices": False})
    given = {"x": x, "k": k, "axis": axis, "ascending": rising}
    return known(given | options, values, *([places] if indices else []))


@st.composite
def _cumsum(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw, 1, 4), one_of(draw, NUMBERS))
    if x.dtype.kind == "f" and truth(draw):
        x.flat[whole(draw, 0, x.size - 1)] = np.inf
    axis, exclusive, backwards = whole(draw, -1, x.ndim - 1), truth(draw), truth(draw)
    turned = np.flip(widened(x), axis) if backwards else widened(x)
    sums = np.cumsum(turned, axis, dtype=turned.dtype)
    if exclusive:
        before = np.zeros_like(sums.take([0], axis))
        sums = np.concatenate([before, sums.take(range(x.shape[axis] - 1), axis)], axis)
    arguments = {"x": x, "axis": axis, "exclusive": exclusive, "reverse": backwards}
    return known(arguments, np.flip(sums, axis) if backwards else sums)


@st.composite
def _reverse_sequence(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 2, 4)
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    batch, sequence = draw(st.permutations(range(len(shape))))[:2]
    lengths = generator(draw).integers(0, shape[sequence] + 1, shape[batch]).astype(np.int32)
    result = np.moveaxis(widened(x).copy(), (batch, sequence), (0, 1))
    for example, length in enumerate(lengths):
        result[example, :length] = result[example, :length][::-1].copy()
    arguments = {"x": x, "lengths": lengths, "seq_axis": sequence, "batch_axis": batch}
    return known(arguments, np.moveaxis(result, (0, 1), (batch, sequence)))


@st.composite
def _band_part(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 2, 4)
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    lower, upper = (whole(draw, -1, 3) for _ in range(2))
    row, column = np.indices(shape[-2:])
    below, above = row - column, column - row
    kept = ((lower < 0) | (below <= lower)) & ((upper < 0) | (above <= upper))
    return known({"x": x, "lower": lower, "upper": upper}, np.where(kept, widened(x), 0))


@st.composite
def _one_hot(draw: st.DrawFn) -> Case:
    size = whole(draw, 1, 5)
    shape = some_shape(draw, 1, 3)
    indices = generator(draw).integers(0, size, shape).astype(np.int32)
    axis = whole(draw, -len(shape) - 1, len(shape))
    dtype = one_of(draw, NUMBERS)
    on, off = number(draw, dtype, 1, 3), number(draw, dtype, -2, 0)
    hot = indices[..., None] == np.arange(size)
    result = np.moveaxis(np.where(hot, widened(on), widened(off)), -1, axis)
    given = {"indices": indices, "one_hot_vector_size": np.int32(size), "axis": axis}
    return known(given | {"on_value": on, "off_value": off}, result)


@st.composite
def _fill(draw: st.DrawFn) -> Case:
    value = number(draw, one_of(draw, NUMBERS))
    return Case({"shape": np.array(some_shape(draw), np.int32), "value": value})


@st.composite
def _fill_like(draw: st.DrawFn) -> Case:
    value = number(draw, one_of(draw, (np.float32, np.int32)))
    reference = numbers(draw, some_shape(draw))
    return known({"ref_tensor": reference, "value": value}, np.full(reference.shape, value))


@st.composite
def _range_1d(draw: st.DrawFn) -> Case:
    """Ranges that end between two of their numbers."""
    dtype = one_of(draw, (np.float32, np.int32))
    start, count = whole(draw, -5, 5), whole(draw, 1, 6)
    step = one_of(draw, (1, 2, 3, -1, -2))
    end = start + step * count
    if dtype is np.float32:
        end = end - step * 0.25
    numbers_ = (dtype(each) for each in (start, end, step))
    return Case(dict(zip(("start", "end", "step"), numbers_, strict=True)))


@st.composite
def _non_zero(draw: st.DrawFn) -> Case:
    x = np.round(numbers(draw, some_shape(draw, 1, 4), one_of(draw, NUMBERS))).astype(
        one_of(draw, (np.float32, np.int32))
    )
    return Case({"x": x})


CASES: dict[str, st.SearchStrategy[Case]] = {
    "argsort": _argsort(),
    "band_part": _band_part(),
    "cumsum": _cumsum(),
    "fill": _fill(),
    "fill_like": _fill_like(),
    "non_zero": _non_zero(),
    "one_hot": _one_hot(),
    "range_1d": _range_1d(),
    "reverse_sequence": _reverse_sequence(),
    "topk": _topk(),
}
