"""Convolutions over one to three spatial axes."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Integers
from .padding import Padding, spatial_padding


def conv(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    dilations: Integers | None = None,
    groups: int = 1,
) -> Tensor:
    """Convolve (batch, channels, *sizes) with a weight (outputs, channels / groups, *kernel)."""
    ones = (1,) * (x.ndim - 2)
    strides, dilations = strides or ones, dilations or ones
    padding = spatial_padding(
        pad_type,
        pad,
        sizes=x.shape[2:],
        kernel=weight.shape[2:],
        strides=strides,
        dilations=dilations,
    )
    x, symmetric = _split_padding(x, padding)
    return torch.convolution(
        x, weight, bias, strides, symmetric, dilations, False, [0] * len(ones), groups
    )


def conv_quantized(
    x: Tensor,
    weight: Tensor,
    quantization_type: str,
    quant_scale: Tensor,
    quant_bias: Tensor,
    *,
    bias: Tensor | None = None,
    nbits: int = 8,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    dilations: Integers | None = None,
    groups: int = 1,
) -> Tensor:
    """Convolve with weights of 8 bits that are scaled and shifted, for each output or all alike.

    The bias, of 8 bits too, is added as it is.
    """
    if (quantization_type, nbits) != ("linear", 8):
        raise ValueError(f"weights of {nbits} bits and type {quantization_type!r} are not known")
    spread = (-1, *(1,) * (weight.ndim - 1))
    dense = weight * quant_scale.reshape(spread) + quant_bias.reshape(spread)
    return conv(
        x,
        dense,
        None if bias is None else bias.to(dense.dtype),
        strides=strides,
        pad_type=pad_type,
        pad=pad,
        dilations=dilations,
        groups=groups,
    )


def conv_transpose(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    pad: Integers | None = None,
    output_shape: Integers | None = None,
    pad_type: str = "valid",
    strides: Integers | None = None,
    dilations: Integers | None = None,
    groups: int = 1,
) -> Tensor:
    """Transpose a convolution; the weight is (channels, outputs / groups, *kernel)."""
    spatial = x.ndim - 2
    ones = (1,) * spatial
    strides, dilations = strides or ones, dilations or ones
    full = torch.convolution(
        x, weight, bias, strides, [0] * spatial, dilations, True, [0] * spatial, groups
    )
    sizes = output_shape[2:] if output_shape else None
    if pad_type not in ("valid", "same", "custom"):
        raise ValueError(f"pad_type {pad_type!r} is not known")
    if pad_type == "same":
        sizes = sizes or tuple(map(int.__mul__, x.shape[2:], strides))
        cut = [max(0, have - want) for have, want in zip(full.shape[2:], sizes, strict=True)]
        edges = [edge for total in cut for edge in (total // 2, total - total // 2)]
    else:
        edges = list(pad or ()) if pad_type == "custom" else [0] * 2 * spatial
    return _cropped(full, edges, sizes)


def _split_padding(x: Tensor, padding: Padding) -> tuple[Tensor, list[int]]:
    """Pad explicitly what the convolution cannot, which is symmetric only."""
    if all(before == after for before, after in padding):
        return x, [before for before, _ in padding]
    flat = [edge for pair in reversed(padding) for edge in pair]
    return functional.pad(x, flat), [0] * len(padding)


def _cropped(full: Tensor, edges: list[int], sizes: Integers | None) -> Tensor:
    """Cut the edges; sizes that are given win over what is cut after, and may add zeros."""
    for axis, (before, after) in enumerate(zip(edges[::2], edges[1::2], strict=True), start=2):
        size = sizes[axis - 2] if sizes else full.shape[axis] - before - after
        missing = before + size - full.shape[axis]
        if missing > 0:
            full = functional.pad(full, [0, 0] * (full.ndim - 1 - axis) + [0, missing])
        full = full.narrow(axis, before, size)
    return full


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (conv, conv_quantized, conv_transpose)
}
