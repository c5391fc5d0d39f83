"""Normalisations; the second axis holds the channels."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Integers, Output, rank
from .convolution import by_channel


def batch_norm(
    x: Output,
    mean: Output,
    variance: Output,
    *,
    gamma: Output | None = None,
    beta: Output | None = None,
    epsilon: float = 1e-5,
) -> Output:
    """Normalise with statistics that are given for each channel."""
    deviation = opset.sqrt(opset.add(variance, np.float32(epsilon)))
    centred = opset.subtract(x, by_channel(mean, rank(x)))
    result = opset.divide(centred, by_channel(deviation.output(0), rank(x)))
    return _scaled(result, gamma, beta, (1, -1, *(1,) * (rank(x) - 2)))


def instance_norm(
    x: Output, gamma: Output | None = None, beta: Output | None = None, epsilon: float = 1e-5
) -> Output:
    """Normalise each channel of each example by itself."""
    result = _normalised(x, tuple(range(2, rank(x))), epsilon)
    return _scaled(result, gamma, beta, (1, -1, *(1,) * (rank(x) - 2)))


def l2_norm(x: Output, epsilon: float = 1e-6) -> Output:
    """Divide by the length over the last three axes."""
    squares = opset.reduce_sum(opset.multiply(x, x), np.array((-3, -2, -1)), keep_dims=True)
    return opset.divide(x, opset.sqrt(opset.add(squares, np.float32(epsilon)))).output(0)


def layer_norm(
    x: Output,
    axes: Integers | None = None,
    gamma: Output | None = None,
    beta: Output | None = None,
    epsilon: float = 1e-5,
) -> Output:
    """Normalise over the axes; gamma and beta have those axes only."""
    normalised = sorted(axis % rank(x) for axis in axes or range(rank(x)))
    # Sizes that are not normalised are 1 in gamma and beta; at most one of the others is unknown.
    sizes = x.get_partial_shape()
    spread = tuple(sizes[axis].get_length() if axis in normalised else 1 for axis in range(rank(x)))
    return _scaled(_normalised(x, tuple(normalised), epsilon), gamma, beta, spread)


def group_norm(
    x: Output,
    shape: Integers,
    groups: int,
    epsilon: float,
    *,
    gamma: Output,
    beta: Output,
) -> Output:
    """Normalise groups of channels of x in the shape (batch, channels, ...)."""
    shaped = opset.reshape(x, np.array(shape), special_zero=False)
    return opset.group_normalization(shaped, gamma, beta, groups, epsilon).output(0)


def _normalised(x: Output, axes: Integers, epsilon: float) -> Output:
    return opset.mvn(x, np.array(axes), True, epsilon, "inside_sqrt")


def _scaled(x: Output, gamma: Output | None, beta: Output | None, shape: tuple[int, ...]) -> Output:
    spread = np.array(shape)
    if gamma is not None:
        x = opset.multiply(x, opset.reshape(gamma, spread, special_zero=False))
    if beta is not None:
        x = opset.add(x, opset.reshape(beta, spread, special_zero=False))
    return x.output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {
    function.__name__: function for function in (batch_norm, instance_norm, l2_norm, layer_norm)
}
