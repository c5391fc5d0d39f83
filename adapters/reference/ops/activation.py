"""Activation functions."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import meaning

_GELU = {"EXACT": "none", "TANH_APPROXIMATION": "tanh"}


def clamped_relu(x: Tensor, alpha: float, beta: float) -> Tensor:
    """x, or alpha x below zero, limited to beta from above."""
    return functional.leaky_relu(x, alpha).clamp(max=beta)


def elu(x: Tensor, alpha: float) -> Tensor:
    """x, or alpha (exp(x) - 1) below zero."""
    return functional.elu(x, alpha)


def gelu(x: Tensor, mode: str = "EXACT") -> Tensor:
    """Multiply x by the normal distribution's cumulative function, or what stands for it."""
    if mode == "SIGMOID_APPROXIMATION":
        return x * torch.sigmoid(1.702 * x)
    return functional.gelu(x, approximate=meaning("mode", mode, _GELU))


def leaky_relu(x: Tensor, alpha: float) -> Tensor:
    """x, or alpha x below zero."""
    return functional.leaky_relu(x, alpha)


def linear_activation(x: Tensor, alpha: float, beta: float) -> Tensor:
    """Alpha x + beta."""
    return alpha * x + beta


def prelu(x: Tensor, alpha: Tensor) -> Tensor:
    """x, or the channel's alpha x below zero."""
    return functional.prelu(x, alpha)


def relu(x: Tensor) -> Tensor:
    """x, or zero below zero."""
    return functional.relu(x)


def relu6(x: Tensor) -> Tensor:
    """Limit x to zero and six."""
    return functional.relu6(x)


def scaled_tanh(x: Tensor, alpha: float, beta: float) -> Tensor:
    """Alpha tanh(beta x)."""
    return alpha * torch.tanh(beta * x)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return torch.sigmoid(x)


def sigmoid_hard(x: Tensor, alpha: float, beta: float) -> Tensor:
    """Alpha x + beta limited to zero and one."""
    return (alpha * x + beta).clamp(0, 1)


def silu(x: Tensor) -> Tensor:
    """Multiply x by sigmoid(x)."""
    return functional.silu(x)


def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """exp(x) over its sum along the axis."""
    return functional.softmax(x, axis)


def softplus(x: Tensor) -> Tensor:
    """ln(1 + exp(x))."""
    return functional.softplus(x)


def softplus_parametric(x: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
    """The channel's alpha ln(1 + exp(beta x))."""
    shape = (-1, *(1,) * (x.ndim - 2))
    return alpha.reshape(shape) * functional.softplus(beta.reshape(shape) * x)


def softsign(x: Tensor) -> Tensor:
    """Divide x by 1 + |x|."""
    return functional.softsign(x)


def thresholded_relu(x: Tensor, alpha: float) -> Tensor:
    """x, or zero below alpha."""
    return torch.where(x >= alpha, x, 0)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (
        clamped_relu,
        elu,
        gelu,
        leaky_relu,
        linear_activation,
        prelu,
        relu,
        relu6,
        scaled_tanh,
        sigmoid,
        sigmoid_hard,
        silu,
        softmax,
        softplus,
        softplus_parametric,
        softsign,
        thresholded_relu,
    )
}
