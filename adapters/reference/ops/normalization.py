"""Normalisations; the second axis holds the channels."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Integers


def batch_norm(
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    *,
    gamma: Tensor | None = None,
    beta: Tensor | None = None,
    epsilon: float = 1e-5,
) -> Tensor:
    """Normalise with statistics that are given for each channel."""
    return functional.batch_norm(x, mean, variance, gamma, beta, eps=epsilon)


def instance_norm(
    x: Tensor, gamma: Tensor | None = None, beta: Tensor | None = None, epsilon: float = 1e-5
) -> Tensor:
    """Normalise each channel of each example by itself."""
    if x.shape[2:].numel() == 1:
        # PyTorch refuses to normalise a single number, which is its own mean.
        return (x - x) if beta is None else (x - x) + beta.reshape(-1, *(1,) * (x.ndim - 2))
    return functional.instance_norm(x, weight=gamma, bias=beta, eps=epsilon)


def l2_norm(x: Tensor, epsilon: float = 1e-6) -> Tensor:
    """Divide by the length over the last three axes."""
    squares = x.square().sum((-3, -2, -1), keepdim=True)
    return x * torch.rsqrt(squares + epsilon)


def layer_norm(
    x: Tensor,
    axes: Integers | None = None,
    gamma: Tensor | None = None,
    beta: Tensor | None = None,
    epsilon: float = 1e-5,
) -> Tensor:
    """Normalise over the axes; gamma and beta have those axes only."""
    normalized = sorted(axis % x.ndim for axis in axes or range(x.ndim))
    last = range(x.ndim - len(normalized), x.ndim)
    turned = x.movedim(normalized, tuple(last))
    normal = functional.layer_norm(turned, turned.shape[last.start :], gamma, beta, epsilon)
    return normal.movedim(tuple(last), normalized)


def local_response_norm(
    x: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Tensor:
    """Divide by a power of the mean square over `size` neighbouring channels."""
    return functional.local_response_norm(x, size, alpha, beta, k)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (batch_norm, instance_norm, l2_norm, layer_norm, local_response_norm)
}
