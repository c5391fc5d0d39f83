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
    edges = _edges(x, kernel_sizes, strides, pad_type, pad, ceil_mode=ceil_mode)
    padded = functional.pad(x, edges, value=-torch.inf)
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
    edges = _edges(x, kernel_sizes, strides, pad_type, pad, ceil_mode=ceil_mode)
    averages = pool(functional.pad(x, edges), kernel_sizes, strides)
    if not exclude_padding_from_average:
        return averages
    inside = functional.pad(torch.ones_like(x), edges)
    return averages / pool(inside, kernel_sizes, strides)


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
    means = avg_pool(
        x.square(),
        kernel_sizes,
        strides=strides,
        pad_type=pad_type,
        pad=pad,
        ceil_mode=ceil_mode,
    )
    return (means * torch.Size(kernel_sizes).numel()).sqrt()


def _edges(
    x: Tensor,
    kernel: Integers,
    strides: Integers,
    pad_type: str,
    pad: Integers | None,
    *,
    ceil_mode: bool,
) -> list[int]:
    """How far to pad each axis before and after, the last axis first, as PyTorch wants it."""
    sizes = x.shape[2:]
    ones = (1,) * len(kernel)
    padding = spatial_padding(
        pad_type, pad, sizes=sizes, kernel=kernel, strides=strides, dilations=ones
    )
    edges: list[int] = []
    for size, window, stride, (before, after) in zip(sizes, kernel, strides, padding, strict=True):
        beyond = -(size + before + after - window) % stride if ceil_mode else 0
        edges = [before, after + beyond, *edges]
    return edges


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (max_pool, avg_pool, l2_pool)
}
