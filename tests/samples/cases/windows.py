"""Cases of the windows over an axis, and of the blocks of space moved into the batch."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case, known, widened
from samples.cases.drawing import FLOATS, numbers, one_of, some_axis, some_shape, truth, whole


@st.composite
def _sliding_windows(draw: st.DrawFn) -> Case:
    shape = list(some_shape(draw, 1, 4))
    axis, size = some_axis(draw, len(shape)), whole(draw, 1, 3)
    shape[axis] = size + whole(draw, 0, 4)
    x = numbers(draw, shape, one_of(draw, FLOATS))
    stride = whole(draw, 1, 3)
    first = axis % len(shape)
    starts = range(0, shape[axis] - size + 1, stride)
    windows = [np.take(widened(x), range(start, start + size), axis) for start in starts]
    arguments: dict[str, Any] = {"x": x, "axis": axis, "size": size}
    arguments |= {"stride": stride} if stride > 1 or truth(draw) else {}
    return known(arguments, np.stack(windows, first))


@st.composite
def _space_and_batch(draw: st.DrawFn, *, into_batch: bool) -> Case:
    """A picture whose sides are cut or padded, and its pixels block by block."""
    rows, columns = (whole(draw, 1, 3) for _ in range(2))
    height, width = rows * whole(draw, 2, 3), columns * whole(draw, 2, 3)
    (top, bottom), (left, right) = sides = [[whole(draw, 0, 1) for _ in range(2)] for _ in range(2)]
    whole_picture = numbers(
        draw, (whole(draw, 1, 2), whole(draw, 1, 3), height, width), one_of(draw, FLOATS)
    )
    inner = whole_picture[:, :, top : height - bottom, left : width - right]
    padded = np.pad(inner, [(0, 0), (0, 0), *sides]) if into_batch else whole_picture
    blocks = np.concatenate(
        [
            padded[:, :, row::rows, column::columns]
            for row in range(rows)
            for column in range(columns)
        ]
    )
    block_shape = {"block_shape": [rows, columns]}
    if into_batch:
        return known(
            {"x": inner, "paddings": np.array(sides, np.int32)} | block_shape, widened(blocks)
        )
    return known({"x": blocks, "crops": np.array(sides, np.int32)} | block_shape, widened(inner))


CASES: dict[str, st.SearchStrategy[Case]] = {
    "batch_to_space": _space_and_batch(into_batch=False),
    "sliding_windows": _sliding_windows(),
    "space_to_batch": _space_and_batch(into_batch=True),
}
