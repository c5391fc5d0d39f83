"""Parts of a tensor along its axes."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from .arguments import Flags, Integers


def slice_by_index(
    x: Tensor,
    begin: Integers,
    end: Integers,
    *,
    stride: Integers | None = None,
    begin_mask: Flags | None = None,
    end_mask: Flags | None = None,
    squeeze_mask: Flags | None = None,
) -> Tensor:
    """Cut as Python does; masked bounds are open, and squeezed axes take one index and go."""
    squeezed = squeeze_mask or (False,) * x.ndim
    spans = _spans(
        x.shape,
        begin,
        end,
        stride=stride,
        begin_mask=begin_mask,
        end_mask=end_mask,
        squeezed=squeezed,
    )
    for axis, (first, step, count) in enumerate(spans):
        x = _taken(x, axis, first, step, count)
    return x.squeeze(tuple(axis for axis, gone in enumerate(squeezed) if gone))


def slice_by_size(x: Tensor, begin: Integers, size: Integers) -> Tensor:
    """Cut so many elements from the begin on, -1 meaning all that are left."""
    for axis, (first, count) in enumerate(zip(begin, size, strict=True)):
        start = first % x.shape[axis] if first < 0 else first
        x = x.narrow(axis, start, x.shape[axis] - start if count == -1 else count)
    return x


def slice_update(
    x: Tensor,
    update: Tensor,
    begin: Integers,
    end: Integers,
    *,
    stride: Integers | None = None,
    begin_mask: Flags | None = None,
    end_mask: Flags | None = None,
    squeeze_mask: Flags | None = None,
) -> Tensor:
    """Replace what `slice_by_index` would cut."""
    places = torch.arange(x.numel()).reshape(x.shape)
    cut = slice_by_index(
        places,
        begin,
        end,
        stride=stride,
        begin_mask=begin_mask,
        end_mask=end_mask,
        squeeze_mask=squeeze_mask,
    )
    flat = x.flatten().clone()
    flat[cut.flatten()] = update.flatten()
    return flat.reshape(x.shape)


def _spans(
    shape: torch.Size,
    begin: Integers,
    end: Integers,
    *,
    stride: Integers | None,
    begin_mask: Flags | None,
    end_mask: Flags | None,
    squeezed: Flags,
) -> Iterator[tuple[int, int, int]]:
    """The first index, the step and the number of indices along each axis."""
    for axis, size in enumerate(shape):
        if squeezed[axis]:
            yield range(size)[begin[axis]], 1, 1
            continue
        open_begin = begin_mask is not None and begin_mask[axis]
        open_end = end_mask is not None and end_mask[axis]
        chosen = slice(
            None if open_begin else begin[axis],
            None if open_end else end[axis],
            stride[axis] if stride else 1,
        )
        indices = range(size)[chosen]
        yield indices.start, indices.step, len(indices)


def _taken(x: Tensor, axis: int, first: int, step: int, count: int) -> Tensor:
    if step == 1:
        return x if count == x.shape[axis] else x.narrow(axis, first if count else 0, count)
    return x.index_select(axis, torch.arange(count) * step + first)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (slice_by_index, slice_by_size, slice_update)
}
