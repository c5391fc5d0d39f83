"""Elements taken and put by index; negative indices count from the end."""

from collections.abc import Callable

import torch
from torch import Tensor

from .arguments import meaning

_REDUCTIONS = {"mul": "prod", "div": "prod", "min": "amin", "max": "amax"}


def gather(
    x: Tensor,
    indices: Tensor,
    *,
    axis: int = 0,
    batch_dims: int = 0,
    validate_indices: bool = False,  # noqa: ARG001 - PyTorch always validates
) -> Tensor:
    """Take whole slices along an axis, for each place in the first `batch_dims` axes its own."""
    axis %= x.ndim
    batch = x.shape[:batch_dims]
    rows = _from_start(indices.reshape(*batch, -1), x.shape[axis])
    if batch_dims == 0:
        taken = x.index_select(axis, rows)
    else:
        spread = rows.reshape(*batch, *(1,) * (axis - batch_dims), -1, *(1,) * (x.ndim - axis - 1))
        shape = (*x.shape[:axis], rows.shape[-1], *x.shape[axis + 1 :])
        taken = x.gather(axis, spread.expand(shape))
    return taken.reshape((*x.shape[:axis], *indices.shape[batch_dims:], *x.shape[axis + 1 :]))


def gather_along_axis(
    x: Tensor,
    indices: Tensor,
    *,
    axis: int = 0,
    validate_indices: bool = False,  # noqa: ARG001 - PyTorch always validates
) -> Tensor:
    """Take single elements along an axis, as NumPy's take_along_axis."""
    return x.gather(axis, _from_start(indices, x.shape[axis]))


def gather_nd(
    x: Tensor,
    indices: Tensor,
    *,
    batch_dims: int = 0,
    validate_indices: bool = False,  # noqa: ARG001 - PyTorch always validates
) -> Tensor:
    """Take the slices whose leading indices are the last axis of `indices`."""
    batch = x.shape[:batch_dims]
    flat = x.reshape(batch.numel(), *x.shape[batch_dims:])
    rows = indices.reshape(batch.numel(), -1, indices.shape[-1]).long()
    examples = torch.arange(batch.numel())[:, None]
    taken = flat[(examples, *rows.unbind(-1))]
    return taken.reshape((*indices.shape[:-1], *x.shape[batch_dims + indices.shape[-1] :]))


def scatter(
    data: Tensor,
    indices: Tensor,
    updates: Tensor,
    *,
    axis: int = 0,
    mode: str = "add",
    validate_indices: bool = False,  # noqa: ARG001 - PyTorch always validates
) -> Tensor:
    """Combine whole slices along an axis with the updates."""
    axis %= data.ndim
    rows = _from_start(indices.flatten(), data.shape[axis])
    moved = data.movedim(axis, 0)
    axes = range(axis, axis + indices.ndim)
    sources = updates.movedim(tuple(axes), tuple(range(indices.ndim)))
    result = _combined(moved, (rows,), sources.reshape(len(rows), *moved.shape[1:]), mode)
    return result.movedim(0, axis)


def scatter_along_axis(
    data: Tensor,
    indices: Tensor,
    updates: Tensor,
    *,
    axis: int = 0,
    mode: str = "add",
    validate_indices: bool = False,  # noqa: ARG001 - PyTorch always validates
) -> Tensor:
    """Combine single elements along an axis with the updates."""
    axis %= data.ndim
    places = [
        torch.arange(size).reshape(-1, *(1,) * (indices.ndim - 1 - each))
        for each, size in enumerate(indices.shape)
    ]
    places[axis] = _from_start(indices, data.shape[axis])
    return _combined(data, tuple(places), updates, mode)


def scatter_nd(
    data: Tensor,
    indices: Tensor,
    updates: Tensor,
    *,
    mode: str = "add",
    validate_indices: bool = False,  # noqa: ARG001 - PyTorch always validates
) -> Tensor:
    """Combine the slices whose leading indices are the last axis of `indices` with the updates."""
    return _combined(data, tuple(indices.long().unbind(-1)), updates, mode)


def _from_start(indices: Tensor, size: int) -> Tensor:
    return torch.where(indices < 0, indices + size, indices).long()


def _combined(data: Tensor, places: tuple[Tensor, ...], updates: Tensor, mode: str) -> Tensor:
    """Indices that come several times count every time."""
    if mode == "update":
        return data.index_put(places, updates)
    if mode == "add":
        return data.index_put(places, updates, accumulate=True)
    if mode == "sub":
        return data.index_put(places, -updates, accumulate=True)
    flat_places = torch.arange(data.numel()).reshape(data.shape)[places].flatten()
    reduction = meaning("mode", mode, _REDUCTIONS)
    factors = updates.reciprocal() if mode == "div" else updates
    sources = factors.expand(data[places].shape).flatten()
    return data.flatten().scatter_reduce(0, flat_places, sources, reduction).reshape(data.shape)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (
        gather,
        gather_along_axis,
        gather_nd,
        scatter,
        scatter_along_axis,
        scatter_nd,
    )
}
