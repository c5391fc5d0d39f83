"""Convolutions over one to three spatial axes."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Integers, Output, rank

_AUTOMATIC = {
    "valid": "VALID",
    "custom": "EXPLICIT",
    "same": "SAME_UPPER",
    "same_lower": "SAME_LOWER",
}


def conv(
    x: Output,
    weight: Output,
    bias: Output | None = None,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    dilations: Integers | None = None,
    groups: int = 1,
) -> Output:
    """Convolve (batch, channels, *sizes) with a weight (outputs, channels / groups, *kernel)."""
    spatial = rank(x) - 2
    edges = pad if pad and pad_type == "custom" else (0,) * 2 * spatial
    window = (
        list(strides or (1,) * spatial),
        list(edges[::2]),
        list(edges[1::2]),
        list(dilations or (1,) * spatial),
        _AUTOMATIC[pad_type],
    )
    if groups == 1:
        convolved = opset.convolution(x, weight, *window)
    else:
        convolved = opset.group_convolution(x, _grouped(weight, groups), *window)
    if bias is None:
        return convolved.output(0)
    return opset.add(convolved, by_channel(bias, rank(x))).output(0)


def by_channel(x: Output, axes: int) -> Output:
    """One number for each channel, to be broadcast over (batch, channels, ...)."""
    shape = np.array([1, -1, *(1,) * (axes - 2)])
    return opset.reshape(x, shape, special_zero=False).output(0)


def _grouped(weight: Output, groups: int) -> Output:
    outputs, *others = weight.get_shape()
    shape = np.array([groups, outputs // groups, *others])
    return opset.reshape(weight, shape, special_zero=False).output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {"conv": conv}
