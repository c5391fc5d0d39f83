"""Activation functions."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Output, rank


def elu(x: Output, alpha: float) -> Output:
    """x, or alpha (exp(x) - 1) below zero."""
    return opset.elu(x, alpha).output(0)


def gelu(x: Output, mode: str = "EXACT") -> Output:
    """Multiply x by the normal distribution's cumulative function, or what stands for it."""
    if mode == "SIGMOID_APPROXIMATION":
        share = opset.sigmoid(opset.multiply(x, np.float32(1.702)))
        return opset.multiply(x, share).output(0)
    return opset.gelu(x, {"EXACT": "erf", "TANH_APPROXIMATION": "tanh"}[mode]).output(0)


def leaky_relu(x: Output, alpha: float) -> Output:
    """x, or alpha x below zero."""
    return opset.prelu(x, np.array([alpha], np.float32)).output(0)


def linear_activation(x: Output, alpha: float, beta: float) -> Output:
    """Alpha x + beta."""
    return opset.add(opset.multiply(x, np.float32(alpha)), np.float32(beta)).output(0)


def prelu(x: Output, alpha: Output) -> Output:
    """x, or the channel's alpha x below zero."""
    spread = opset.reshape(alpha, np.array([-1, *(1,) * (rank(x) - 2)]), special_zero=False)
    return opset.prelu(x, spread).output(0)


def relu(x: Output) -> Output:
    """x, or zero below zero."""
    return opset.relu(x).output(0)


def relu6(x: Output) -> Output:
    """Limit x to zero and six."""
    return opset.clamp(x, 0.0, 6.0).output(0)


def scaled_tanh(x: Output, alpha: float, beta: float) -> Output:
    """Alpha tanh(beta x)."""
    bounded = opset.tanh(opset.multiply(x, np.float32(beta)))
    return opset.multiply(bounded, np.float32(alpha)).output(0)


def sigmoid(x: Output) -> Output:
    """1 / (1 + exp(-x))."""
    return opset.sigmoid(x).output(0)


def sigmoid_hard(x: Output, alpha: float, beta: float) -> Output:
    """Alpha x + beta limited to zero and one."""
    return opset.clamp(linear_activation(x, alpha, beta), 0.0, 1.0).output(0)


def silu(x: Output) -> Output:
    """Multiply x by sigmoid(x)."""
    return opset.swish(x).output(0)


def softmax(x: Output, axis: int = -1) -> Output:
    """exp(x) over its sum along the axis."""
    return opset.softmax(x, axis).output(0)


def softplus(x: Output) -> Output:
    """ln(1 + exp(x))."""
    return opset.softplus(x).output(0)


def softsign(x: Output) -> Output:
    """Divide x by 1 + |x|."""
    return opset.softsign(x).output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {
    function.__name__: function
    for function in (
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
        softsign,
    )
}
