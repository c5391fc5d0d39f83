"""The functions of PyTorch behind the operations that rewrites make."""

import math
from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from ...domain.mil.rewrites.fused import (
    ATTENTION,
    CONVOLUTION_SUM,
    EINSUM_ATTENTION,
    GATED_LINEAR,
    GATED_POINTWISE,
    GROUP_NORM,
    LINEAR_SUM,
    SPLIT_ATTENTION,
)
from .ops.activation import gelu
from .ops.arguments import Integers
from .ops.convolution import conv
from .ops.linear import attention, linear
from .score_blocks import attention_by_blocks

# PyTorch's kernel takes the exponentials of so many scores at once, of those left over one by one.
_AT_ONCE = 16
# So many queries a key are worth a mask.
_MANY = 4


def fused_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    scale: float,
    *,
    mask: Tensor | None = None,
    transpose_query: bool = False,
    transpose_key: bool = False,
    transpose_value: bool = False,
    transpose_result: bool = False,
) -> Tensor:
    """Attend, each of the four laid out as (..., places, width) or the other way round."""
    result = _attention(
        query.mT if transpose_query else query,
        key.mT if transpose_key else key,
        value.mT if transpose_value else value,
        mask,
        scale,
    )
    return result.mT if transpose_result else result


def einsum_attention(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """Attend; gives (batch, width, heads, queries)."""
    places_last, channels_first = (0, 2, 3, 1), (0, 2, 1, 3)
    result = _attention(
        query.permute(places_last),
        key.permute(channels_first),
        value.permute(places_last),
        None,
        scale,
    )
    return result.permute(0, 3, 1, 2)


def split_attention(query: Tensor, key: Tensor, value: Tensor, heads: int, scale: float) -> Tensor:
    """Attend; queries and values are (batch, channels, 1, places), keys have channels last."""
    result = _attention(
        _by_head(query, heads),
        _by_head(key.transpose(1, 3), heads),
        _by_head(value, heads),
        None,
        scale,
    )
    return result.mT.flatten(1, 2).unsqueeze(2)


def _attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scale: float
) -> Tensor:
    if mask is None:
        if (result := attention_by_blocks(query, key, value, scale)) is not None:
            return result
        if query.shape[-2] > _MANY * key.shape[-2]:
            key, value, mask = _in_whole_vectors(key, value)
    return attention(query, key, value, mask, scale)


def _in_whole_vectors(key: Tensor, value: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
    """Keys and values with more behind them that a mask hides, where the last are left over.

    If queries are many, they cost less than they spare: a third for the 77 tokens of a prompt.
    """
    keys = key.shape[-2]
    more = -keys % _AT_ONCE
    if not more:
        return key, value, None
    mask = functional.pad(key.new_zeros(1, keys), (0, more), value=-math.inf)
    return functional.pad(key, (0, 0, 0, more)), functional.pad(value, (0, 0, 0, more)), mask


def _by_head(x: Tensor, heads: int) -> Tensor:
    batch, channels, _, places = x.shape
    return x.reshape(batch, heads, channels // heads, places).mT


def group_norm(
    x: Tensor,
    shape: Integers,
    groups: int,
    epsilon: float,
    *,
    gamma: Tensor | None = None,
    beta: Tensor | None = None,
) -> Tensor:
    """Normalise groups of channels of x in the shape (batch, channels, ...)."""
    return functional.group_norm(x.reshape(shape), groups, gamma, beta, epsilon)


def gated_linear(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, mode: str = "EXACT"
) -> Tensor:
    """Multiply the first half of the linear layer's outputs with gelu of the second."""
    states, gate = linear(x, weight, bias).chunk(2, -1)
    return states * gelu(gate, mode)


def gated_pointwise(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, mode: str = "EXACT"
) -> Tensor:
    """Multiply the first half of the convolution's channels with gelu of the second."""
    gated = gated_linear(x.movedim(1, -1), weight.flatten(1), bias, mode)
    return gated.movedim(-1, 1)


def linear_sum(x: Tensor, other: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Add a tensor of the result's shape to a linear layer's result."""
    return linear(x, weight, bias) + other


def conv_sum(
    x: Tensor,
    other: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    dilations: Integers | None = None,
    groups: int = 1,
) -> Tensor:
    """Add a tensor of the result's shape to a convolution's result."""
    convolved = conv(
        x,
        weight,
        bias,
        strides=strides,
        pad_type=pad_type,
        pad=pad,
        dilations=dilations,
        groups=groups,
    )
    return convolved + other


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    ATTENTION: fused_attention,
    CONVOLUTION_SUM: conv_sum,
    EINSUM_ATTENTION: einsum_attention,
    GATED_LINEAR: gated_linear,
    GATED_POINTWISE: gated_pointwise,
    GROUP_NORM: group_norm,
    LINEAR_SUM: linear_sum,
    SPLIT_ATTENTION: split_attention,
}
