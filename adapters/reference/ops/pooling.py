"""Pools over one to three spatial axes."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Integers
from .padding import spatial_padding

_MAX = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}
_AVERAGE = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}


def max_pool(
    x: Tensor,
    kernel_sizes: Integers,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """The largest element of each window; padding never is."""
    strides = strides or (1,) * len(kernel_sizes)
    edges, beyond = _edges(x, kernel_sizes, strides, pad_type, pad, ceil_mode=ceil_mode)
    padded = _padded(x, edges, beyond, value=-torch.inf)
    return _MAX[len(kernel_sizes)](padded, kernel_sizes, strides)


def avg_pool(
    x: Tensor,
    kernel_sizes: Integers,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    exclude_padding_from_average: bool = False,
    ceil_mode: bool = False,
) -> Tensor:
    """The mean of each window, with or without its padding."""
    strides = strides or (1,) * len(kernel_sizes)
    pool = _AVERAGE[len(kernel_sizes)]
    edges, beyond = _edges(x, kernel_sizes, strides, pad_type, pad, ceil_mode=ceil_mode)
    averages = pool(_padded(x, edges, beyond), kernel_sizes, strides)
    if not exclude_padding_from_average and not any(beyond):
        return averages
    counted = functional.pad(torch.ones_like(x), edges, value=not exclude_padding_from_average)
    return averages / pool(functional.pad(counted, beyond), kernel_sizes, strides)


def l2_pool(
    x: Tensor,
    kernel_sizes: Integers,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """The length of each window as a vector."""
    strides = strides or (1,) * len(kernel_sizes)
    edges, beyond = _edges(x, kernel_sizes, strides, pad_type, pad, ceil_mode=ceil_mode)
    squares = _padded(x.square(), edges, beyond)
    means = _AVERAGE[len(kernel_sizes)](squares, kernel_sizes, strides)
    return (means * torch.Size(kernel_sizes).numel()).sqrt()


def _edges(
    x: Tensor,
    kernel: Integers,
    strides: Integers,
    pad_type: str,
    pad: Integers | None,
    *,
    ceil_mode: bool,
) -> tuple[list[int], list[int]]:
    """How far each axis is padded, and beyond that for the last window, as PyTorch wants it.

    As in PyTorch, that window begins in the picture or in the padding before it.
    """
    sizes = x.shape[2:]
    padding = spatial_padding(
        pad_type, pad, sizes=sizes, kernel=kernel, strides=strides, dilations=(1,) * len(kernel)
    )
    edges: list[int] = []
    beyond: list[int] = []
    for size, window, stride, (before, after) in zip(sizes, kernel, strides, padding, strict=True):
        left = (size + before + after - window) % stride
        begins = before + size + after - window - left + stride
        further = ceil_mode and left > 0 and begins < before + size
        edges = [before, after, *edges]
        beyond = [0, (stride - left) * further, *beyond]
    return edges, beyond


def _padded(x: Tensor, edges: list[int], beyond: list[int], value: float = 0.0) -> Tensor:
    return functional.pad(functional.pad(x, edges, value=value), beyond, value=value)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (max_pool, avg_pool, l2_pool)
}
