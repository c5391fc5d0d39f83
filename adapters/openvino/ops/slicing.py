"""Parts of a tensor along its axes, and elements taken by index."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Flags, Integers, Output, Refusal, rank

# What OpenVINO limits to the first or last index of an axis.
_FIRST, _LAST = np.iinfo(np.int32).min, np.iinfo(np.int32).max


def slice_by_index(
    x: Output,
    begin: Integers,
    end: Integers,
    *,
    stride: Integers | None = None,
    begin_mask: Flags | None = None,
    end_mask: Flags | None = None,
    squeeze_mask: Flags | None = None,
) -> Output:
    """Cut as Python does; masked bounds are open, and squeezed axes take one index and go."""
    axes = range(rank(x))
    none = (False,) * rank(x)
    open_begin, open_end, squeezed = (
        begin_mask or none,
        end_mask or none,
        squeeze_mask or none,
    )
    steps = [1 if squeezed[axis] or stride is None else stride[axis] for axis in axes]
    starts, stops = list(begin), list(end)
    for axis in axes:
        if squeezed[axis]:
            stops[axis] = begin[axis] + 1 or _LAST
        else:
            ascending = steps[axis] > 0
            if open_begin[axis]:
                starts[axis] = 0 if ascending else _LAST
            if open_end[axis]:
                stops[axis] = _LAST if ascending else _FIRST
    cut = opset.slice(x, np.array(starts), np.array(stops), np.array(steps), np.array(axes))
    gone = [axis for axis in axes if squeezed[axis]]
    return (opset.squeeze(cut, np.array(gone)) if gone else cut).output(0)


def slice_by_size(x: Output, begin: Integers, size: Integers) -> Output:
    """Cut so many elements from the begin on, -1 meaning all that are left."""
    stops = [
        _LAST if count == -1 or first < 0 <= first + count else first + count
        for first, count in zip(begin, size, strict=True)
    ]
    ones = np.ones(len(stops), np.int64)
    return opset.slice(x, np.array(begin), np.array(stops), ones).output(0)


def gather(
    x: Output,
    indices: Output,
    *,
    axis: int = 0,
    batch_dims: int = 0,
    validate_indices: bool = False,  # noqa: ARG001 - what is beyond the end is OpenVINO's zero
) -> Output:
    """Take whole slices along an axis."""
    if batch_dims:
        # OpenVINO 2026.4 crashes where there is one index for each place.
        raise Refusal("gather(batch_dims=)")
    return opset.gather(x, indices, np.array(axis)).output(0)


def gather_nd(
    x: Output,
    indices: Output,
    *,
    batch_dims: int = 0,
    validate_indices: bool = False,  # noqa: ARG001 - see gather
) -> Output:
    """Take the slices whose leading indices are the last axis of `indices`."""
    if batch_dims:
        raise Refusal("gather_nd(batch_dims=)")
    return opset.gather_nd(x, indices).output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {
    function.__name__: function for function in (slice_by_index, slice_by_size, gather, gather_nd)
}
