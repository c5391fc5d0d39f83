"""Operations that fold axes; no axes named means all of them."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..arrays import torch_dtype
from .arguments import Integers


def reduce_argmax(
    x: Tensor, axis: int = -1, keep_dims: bool = False, output_dtype: str = "int32"
) -> Tensor:
    """Where along the axis the largest element is, the first of equals."""
    return torch.argmax(x, axis, keep_dims).to(torch_dtype(output_dtype))


def reduce_argmin(
    x: Tensor, axis: int = -1, keep_dims: bool = False, output_dtype: str = "int32"
) -> Tensor:
    """Where along the axis the smallest element is, the first of equals."""
    return torch.argmin(x, axis, keep_dims).to(torch_dtype(output_dtype))


def _sum(x: Tensor, axes: Integers, keep_dims: bool) -> Tensor:
    return torch.sum(x, axes, keep_dims, dtype=x.dtype)


def _product(x: Tensor, axes: Integers, keep_dims: bool) -> Tensor:
    for axis in sorted((each % x.ndim for each in axes), reverse=True):
        x = torch.prod(x, axis, keep_dims, dtype=x.dtype)
    return x


_FOLDS: dict[str, Callable[[Tensor, Integers, bool], Tensor]] = {
    "reduce_l1_norm": lambda x, axes, keep: _sum(x.abs(), axes, keep),
    "reduce_l2_norm": lambda x, axes, keep: _sum(x.square(), axes, keep).sqrt(),
    "reduce_log_sum": lambda x, axes, keep: _sum(x, axes, keep).log(),
    "reduce_log_sum_exp": torch.logsumexp,
    "reduce_max": torch.amax,
    "reduce_mean": torch.mean,
    "reduce_min": torch.amin,
    "reduce_prod": _product,
    "reduce_sum": _sum,
    "reduce_sum_square": lambda x, axes, keep: _sum(x.square(), axes, keep),
}


def _reduction(fold: Callable[[Tensor, Integers, bool], Tensor]) -> Callable[..., Tensor]:
    def reduce(x: Tensor, axes: Integers | None = None, keep_dims: bool = False) -> Tensor:
        # An empty tuple means "all" to some of PyTorch's functions and "none" to others.
        return fold(x, axes or tuple(range(x.ndim)), keep_dims)

    return reduce


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "reduce_argmax": reduce_argmax,
    "reduce_argmin": reduce_argmin,
} | {name: _reduction(fold) for name, fold in _FOLDS.items()}
