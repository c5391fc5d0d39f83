"""Operations that sort, count up and mark places."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..arrays import torch_dtype
from .arguments import Integers, Tensors


def argsort(x: Tensor, axis: int = -1, ascending: bool = False) -> Tensor:
    """The indices that sort along the axis."""
    return torch.argsort(x, dim=axis, descending=not ascending, stable=True).int()


def topk(
    x: Tensor,
    k: int = 1,
    axis: int = -1,
    *,
    ascending: bool = False,
    sort: bool = True,
    return_indices: bool = True,
    output_indices_dtype: str = "int32",
) -> Tensor | Tensors:
    """The k largest (ascending: smallest) elements along the axis, and where they are.

    A k of -1 means all of them.
    """
    count = x.shape[axis] if k == -1 else k
    values, places = torch.topk(x, count, axis, largest=not ascending, sorted=sort)
    return (values, places.to(torch_dtype(output_indices_dtype))) if return_indices else values


def cumsum(x: Tensor, axis: int = 0, exclusive: bool = False, reverse: bool = False) -> Tensor:
    """Sums of all elements so far, or of those before."""
    turned = x.flip(axis) if reverse else x
    sums = turned.cumsum(axis, dtype=x.dtype)
    if exclusive:
        none, before = torch.zeros_like(sums.narrow(axis, 0, 1)), x.shape[axis] - 1
        sums = torch.cat([none, sums.narrow(axis, 0, before)], axis)
    return sums.flip(axis) if reverse else sums


def reverse_sequence(x: Tensor, lengths: Tensor, seq_axis: int = 0, batch_axis: int = 0) -> Tensor:
    """Turn the first elements along an axis round, as many as each example's length says."""
    moved = x.movedim((batch_axis, seq_axis), (0, 1))
    places = torch.arange(moved.shape[1])
    turned = torch.where(places < lengths[:, None], lengths[:, None] - 1 - places, places)
    examples = torch.arange(moved.shape[0])[:, None]
    return moved[examples, turned.long()].movedim((0, 1), (batch_axis, seq_axis))


def band_part(x: Tensor, lower: int = -1, upper: int = -1) -> Tensor:
    """Zero what lies outside the diagonals; a negative number keeps that whole side."""
    kept = x if upper < 0 else x.triu(-lower).tril(upper) if lower >= 0 else x.tril(upper)
    return kept.triu(-lower) if lower >= 0 > upper else kept


def one_hot(
    indices: Tensor,
    one_hot_vector_size: int,
    axis: int = -1,
    on_value: Tensor | None = None,
    off_value: Tensor | None = None,
) -> Tensor:
    """A new axis with one value where the index says and another elsewhere."""
    places = torch.arange(one_hot_vector_size)
    on, off = (
        torch.tensor(default) if value is None else value
        for value, default in ((on_value, 1), (off_value, 0))
    )
    return torch.where(indices[..., None] == places, on, off).movedim(-1, axis)


def fill(shape: Integers, value: Tensor | None = None) -> Tensor:
    """A tensor of one value."""
    one = torch.tensor(0.0) if value is None else value
    return one.reshape(()).expand(shape)


def fill_like(ref_tensor: Tensor, value: Tensor | None = None) -> Tensor:
    """A tensor of one value in the shape of another."""
    return fill(tuple(ref_tensor.shape), value)


def range_1d(start: Tensor, end: Tensor, step: Tensor) -> Tensor:
    """Numbers from the start on, by the step, before the end."""
    return torch.arange(start.item(), end.item(), step.item(), dtype=start.dtype)


def non_zero(x: Tensor) -> Tensor:
    """The indices of the elements that are not zero, one a row."""
    return x.nonzero().int()


OPERATIONS: dict[str, Callable[..., Tensor | Tensors]] = {
    function.__name__: function
    for function in (
        argsort,
        topk,
        cumsum,
        reverse_sequence,
        band_part,
        one_hot,
        fill,
        fill_like,
        range_1d,
        non_zero,
    )
}
