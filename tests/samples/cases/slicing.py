"""Cases of the parts of a tensor, by Python's own slices."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case, known, widened
from samples.cases.drawing import NUMBERS, numbers, one_of, some_shape, truth, whole

Cut = tuple[slice | int, ...]


def _cut(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[dict[str, Any], Cut]:
    """MIL's arguments, and the index in Python that they stand for; no part is empty."""
    begins, ends, strides, begin_masks, end_masks, squeezed = [], [], [], [], [], []
    index: list[slice | int] = []
    for size in shape:
        low = whole(draw, 0, size - 1)
        high = whole(draw, low + 1, size)
        step = whole(draw, 1, 3)
        kind = one_of(draw, ("part", "part", "backwards", "one"))
        begin, end = (high - 1, low - 1) if kind == "backwards" else (low, high)
        step = -step if kind == "backwards" else 1 if kind == "one" else step
        open_begin = kind == "part" and low == 0 and truth(draw)
        open_end = (kind == "part" and high == size and truth(draw)) or (
            kind == "backwards" and low == 0
        )
        index.append(low if kind == "one" else slice(begin, None if open_end else end, step))
        begins.append(begin - size * truth(draw))
        ends.append(end - size if end < size and end > 0 and truth(draw) else end)
        strides.append(step)
        begin_masks.append(open_begin)
        end_masks.append(open_end)
        squeezed.append(kind == "one")
    given: dict[str, Any] = {
        "begin": np.array(begins, np.int32),
        "end": np.array(ends, np.int32),
        "end_mask": end_masks,
    }
    given |= {"stride": strides} if any(each != 1 for each in strides) or truth(draw) else {}
    given |= {"begin_mask": begin_masks} if any(begin_masks) or truth(draw) else {}
    given |= {"squeeze_mask": squeezed} if any(squeezed) else {}
    return given, tuple(index)


@st.composite
def _slice_by_index(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw, 1, 4), one_of(draw, NUMBERS))
    given, cut = _cut(draw, x.shape)
    return known({"x": x} | given, widened(x)[cut])


@st.composite
def _slice_by_size(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw, 1, 4), one_of(draw, NUMBERS))
    begin = [whole(draw, 0, size - 1) for size in x.shape]
    spans = list(zip(begin, x.shape, strict=True))
    count = [one_of(draw, (-1, whole(draw, 1, size - first))) for first, size in spans]
    given = {"begin": np.array(begin, np.int32), "size": np.array(count, np.int32)}
    return Case({"x": x} | given)


@st.composite
def _slice_update(draw: st.DrawFn) -> Case:
    x = numbers(draw, some_shape(draw, 1, 4), one_of(draw, NUMBERS))
    given, cut = _cut(draw, x.shape)
    update = numbers(draw, np.shape(x[cut]), x.dtype)
    result = widened(x).copy()
    result[cut] = widened(update)
    return known({"x": x, "update": update} | given, result)


CASES: dict[str, st.SearchStrategy[Case]] = {
    "slice_by_index": _slice_by_index(),
    "slice_by_size": _slice_by_size(),
    "slice_update": _slice_update(),
}
