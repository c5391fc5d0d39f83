"""Cases of the elements taken and put by index."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Array, Case, known, widened
from samples.cases.drawing import (
    NUMBERS,
    generator,
    numbers,
    one_of,
    some_axis,
    some_shape,
    truth,
    whole,
)

_INDICES = (np.int32, np.int16)
_MODES: dict[str, Callable[[Any, Any], Any]] = {
    "update": lambda _, update: update,
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "max": np.maximum,
    "min": np.minimum,
}


def _indices(draw: st.DrawFn, shape: Sequence[int], size: int, dtype: Any = np.int32) -> Array:
    """Indices of an axis of this size, counted from either end."""
    return generator(draw).integers(-size, size, shape).astype(dtype)


@st.composite
def _gather(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4)
    axis = some_axis(draw, len(shape))
    batch_dims = whole(draw, 0, min(2, axis % len(shape)))
    places = (*shape[:batch_dims], *some_shape(draw, 0, 2, 4))
    dtype = one_of(draw, _INDICES)
    indices = _indices(draw, places, shape[axis], dtype)
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    arguments = {"x": x, "indices": indices, "axis": axis}
    arguments |= {"batch_dims": batch_dims} if batch_dims or truth(draw) else {}
    return known(arguments, _taken(widened(x), indices, axis % len(shape), batch_dims))


def _taken(x: Array, indices: Array, axis: int, batch_dims: int) -> Array:
    if batch_dims == 0:
        return np.asarray(np.take(x, indices, axis))
    pairs = zip(x, indices, strict=True)
    return np.stack([_taken(*pair, axis - 1, batch_dims - 1) for pair in pairs])


@st.composite
def _gather_along_axis(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4)
    axis = some_axis(draw, len(shape))
    places = list(shape)
    places[axis] = whole(draw, 1, 6)
    indices = _indices(draw, places, shape[axis], one_of(draw, _INDICES))
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    return Case({"x": x, "indices": indices, "axis": axis})


@st.composite
def _gather_nd(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4, 4)
    x = numbers(draw, shape, one_of(draw, NUMBERS))
    batch_dims = whole(draw, 0, len(shape) - 1)
    depth = whole(draw, 1, len(shape) - batch_dims)
    places = (*shape[:batch_dims], *some_shape(draw, 1, 2, 3))
    sizes = shape[batch_dims : batch_dims + depth]
    indices = np.stack([_indices(draw, places, size) for size in sizes], -1)
    result = np.empty((*places, *shape[batch_dims + depth :]), x.dtype)
    for place in np.ndindex(*places):
        result[place] = x[(*place[:batch_dims], *indices[place])]
    options = {"batch_dims": batch_dims} if batch_dims or truth(draw) else {}
    return known({"x": x, "indices": indices} | options, widened(result))


@st.composite
def _scatter(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4, 4)
    axis = some_axis(draw, len(shape))
    first = axis % len(shape)
    mode, dtype = _mode(draw)
    count = shape[axis] if mode == "update" else whole(draw, 1, 5)
    places = (count,) if mode == "update" or truth(draw) else (count, whole(draw, 1, 2))
    indices = _places(draw, places, shape[axis], unique=mode == "update")
    updates = _updates(draw, (*shape[:first], *places, *shape[first + 1 :]), dtype)
    data = numbers(draw, shape, dtype)
    result = widened(data).copy()
    open_axes = (slice(None),) * first
    for place in np.ndindex(*places):
        slot = (*open_axes, indices[place])
        result[slot] = _MODES[mode](result[slot], widened(updates)[(*open_axes, *place)])
    given = {"data": data, "indices": indices, "updates": updates}
    return known(given | {"axis": axis, "mode": mode}, result)


@st.composite
def _scatter_along_axis(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4, 4)
    axis = some_axis(draw, len(shape))
    mode, dtype = _mode(draw)
    places = list(shape)
    if mode == "update":
        order = generator(draw).permuted(np.indices(shape)[axis], axis=axis)
        indices = order.astype(np.int32)
    else:
        places[axis] = whole(draw, 1, 5)
        indices = _indices(draw, places, shape[axis])
    data, updates = numbers(draw, shape, dtype), _updates(draw, places, dtype)
    result = widened(data).copy()
    for place in np.ndindex(*places):
        slot = list(place)
        slot[axis] = indices[place]
        result[tuple(slot)] = _MODES[mode](result[tuple(slot)], widened(updates)[place])
    given = {"data": data, "indices": indices, "updates": updates}
    return known(given | {"axis": axis, "mode": mode}, result)


@st.composite
def _scatter_nd(draw: st.DrawFn) -> Case:
    shape = some_shape(draw, 1, 4, 4)
    mode, dtype = _mode(draw)
    depth = whole(draw, 1, len(shape))
    rows = np.stack([each.flatten() for each in np.indices(shape[:depth])], -1)
    chosen = generator(draw).permutation(len(rows))[: whole(draw, 1, 4)]
    if mode != "update" and truth(draw):
        chosen = np.concatenate([chosen, chosen])
    indices = rows[chosen].astype(np.int32)
    data, updates = (
        numbers(draw, shape, dtype),
        _updates(draw, (len(indices), *shape[depth:]), dtype),
    )
    result = widened(data).copy()
    for row, update in zip(indices, widened(updates), strict=True):
        result[tuple(row)] = _MODES[mode](result[tuple(row)], update)
    return known({"data": data, "indices": indices, "updates": updates, "mode": mode}, result)


def _mode(draw: st.DrawFn) -> tuple[str, Any]:
    mode = one_of(draw, tuple(_MODES))
    return mode, one_of(draw, NUMBERS[:1] if mode == "div" else NUMBERS)


def _updates(draw: st.DrawFn, shape: Sequence[int], dtype: Any) -> Array:
    """Numbers of which several can be multiplied, and divided by."""
    return numbers(draw, shape, dtype, 1, 2)


def _places(draw: st.DrawFn, shape: Sequence[int], size: int, *, unique: bool) -> Array:
    if unique:
        return generator(draw).permutation(size).astype(np.int32).reshape(shape)
    return _indices(draw, shape, size)


CASES: dict[str, st.SearchStrategy[Case]] = {
    "gather": _gather(),
    "gather_along_axis": _gather_along_axis(),
    "gather_nd": _gather_nd(),
    "scatter": _scatter(),
    "scatter_along_axis": _scatter_along_axis(),
    "scatter_nd": _scatter_nd(),
}
