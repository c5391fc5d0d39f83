"""Activations in 8 bits: a scale and a zero point, given once or for each index of an axis."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..arrays import torch_dtype
from .arguments import meaning

_LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}


def quantize(
    input: Tensor,  # noqa: A002 - MIL's name
    scale: Tensor,
    output_dtype: str,
    *,
    zero_point: Tensor | None = None,
    axis: int | None = None,
) -> Tensor:
    """Round input / scale to the nearest, halves to even, add the zero point and limit."""
    low, high = meaning("output_dtype", output_dtype, _LIMITS)
    steps = torch.round(input / _spread(scale, input, axis))
    shifted = steps if zero_point is None else steps + _spread(zero_point, input, axis)
    return shifted.clamp(low, high).to(torch_dtype(output_dtype))


def dequantize(
    input: Tensor,  # noqa: A002 - MIL's name
    scale: Tensor,
    *,
    zero_point: Tensor | None = None,
    axis: int | None = None,
) -> Tensor:
    """Multiply what is above the zero point with the scale."""
    shifted = input if zero_point is None else input - _spread(zero_point, input, axis)
    return shifted * _spread(scale, input, axis)


def _spread(parameter: Tensor, tensor: Tensor, axis: int | None) -> Tensor:
    if parameter.ndim == 0:
        return parameter
    sizes = [1] * tensor.ndim
    sizes[0 if axis is None else axis] = -1
    return parameter.reshape(sizes)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (quantize, dequantize)
}
