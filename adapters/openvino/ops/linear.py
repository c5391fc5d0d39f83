"""Products of matrices, and the attention made of them."""

from collections.abc import Callable

import numpy as np
from openvino import opset15 as opset

from .arguments import Output, Outputs, rank


def linear(x: Output, weight: Output, bias: Output | None = None) -> Output:
    """Multiply the last axis with a weight (outputs, inputs) and add the bias."""
    product = opset.matmul(x, weight, transpose_a=False, transpose_b=True)
    return (product if bias is None else opset.add(product, bias)).output(0)


def matmul(x: Output, y: Output, transpose_x: bool = False, transpose_y: bool = False) -> Output:
    """Multiply matrices in the last two axes, the others broadcast."""
    return opset.matmul(x, y, transpose_x, transpose_y).output(0)


def einsum(values: Outputs, equation: str) -> Output:
    """Multiply and sum by Einstein's convention."""
    return opset.einsum(list(values), equation.replace(" ", "")).output(0)


def scaled_dot_product_attention(
    query: Output, key: Output, value: Output, attn_mask: Output | None = None
) -> Output:
    """softmax(query keyᵀ / sqrt(width) + mask) value; a mask of bool lets pass what is true."""
    return opset.scaled_dot_product_attention(query, key, value, attn_mask).output(0)


def fused_attention(
    query: Output,
    key: Output,
    value: Output,
    scale: float,
    *,
    mask: Output | None = None,
    transpose_query: bool = False,
    transpose_key: bool = False,
    transpose_value: bool = False,
    transpose_result: bool = False,
) -> Output:
    """Attend, each of the four laid out as (..., places, width) or the other way round."""
    result = opset.scaled_dot_product_attention(
        _turned(query) if transpose_query else query,
        _turned(key) if transpose_key else key,
        _turned(value) if transpose_value else value,
        mask,
        np.float32(scale),
    ).output(0)
    return _turned(result) if transpose_result else result


def einsum_attention(query: Output, key: Output, value: Output, scale: float) -> Output:
    """Attend; gives (batch, width, heads, queries)."""
    places_last, channels_first = np.array((0, 2, 3, 1)), np.array((0, 2, 1, 3))
    result = opset.scaled_dot_product_attention(
        opset.transpose(query, places_last),
        opset.transpose(key, channels_first),
        opset.transpose(value, places_last),
        None,
        np.float32(scale),
    )
    return opset.transpose(result, np.array((0, 3, 1, 2))).output(0)


def split_attention(query: Output, key: Output, value: Output, heads: int, scale: float) -> Output:
    """Attend; queries and values are (batch, channels, 1, places), keys have channels last."""
    channels_first = opset.transpose(key, np.array((0, 3, 2, 1))).output(0)
    result = opset.scaled_dot_product_attention(
        _by_head(query, heads),
        _by_head(channels_first, heads),
        _by_head(value, heads),
        None,
        np.float32(scale),
    ).output(0)
    batch, channels, _, places = query.get_shape()
    return _reshaped(_turned(result), (batch, channels, 1, places))


def _by_head(x: Output, heads: int) -> Output:
    batch, channels, _, places = x.get_shape()
    return _turned(_reshaped(x, (batch, heads, channels // heads, places)))


def _reshaped(x: Output, shape: tuple[int, ...]) -> Output:
    return opset.reshape(x, np.array(shape), special_zero=False).output(0)


def _turned(x: Output) -> Output:
    *batch, rows, columns = range(rank(x))
    return opset.transpose(x, np.array([*batch, columns, rows])).output(0)


OPERATIONS: dict[str, Callable[..., Output]] = {
    function.__name__: function
    for function in (linear, matmul, einsum, scaled_dot_product_attention)
}
