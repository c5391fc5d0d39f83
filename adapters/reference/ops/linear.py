"""Products of matrices, and the attention made of them."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .arguments import Tensors


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Multiply the last axis with a weight (outputs, inputs) and add the bias."""
    return functional.linear(x, weight, bias)


def matmul(x: Tensor, y: Tensor, transpose_x: bool = False, transpose_y: bool = False) -> Tensor:
    """Multiply matrices in the last two axes, the others broadcast."""
    return torch.matmul(x.mT if transpose_x else x, y.mT if transpose_y else y)


def einsum(values: Tensors, equation: str) -> Tensor:
    """Multiply and sum by Einstein's convention."""
    return torch.einsum(equation, *values)


def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None
) -> Tensor:
    """softmax(query keyᵀ / sqrt(width) + mask) value; a mask of bool lets pass what is true."""
    return attention(query, key, value, attn_mask, query.shape[-1] ** -0.5)


def attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scale: float
) -> Tensor:
    """softmax(query keyᵀ scale + mask) value in blocks, so that the scores are never whole.

    PyTorch's kernel for that takes four axes and rows that lie together in memory; it would not
    look whether there are as many keys as values. Raises ValueError where not.
    """
    *batch, queries, _ = query.shape
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(f"there are {key.shape[-2]} keys and {value.shape[-2]} values")
    if mask is not None:
        mask = _four_axes(mask.expand(*batch, queries, key.shape[-2]))
    query, key, value = (
        _four_axes(each if each.stride(-1) == 1 else each.contiguous())
        for each in (query, key, value)
    )
    result = functional.scaled_dot_product_attention(query, key, value, mask, scale=scale)
    return result.reshape(*batch, queries, -1)


def _four_axes(x: Tensor) -> Tensor:
    return x.reshape(x.shape[0], -1, *x.shape[-2:]) if x.ndim > 3 else x[None]


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (linear, matmul, einsum, scaled_dot_product_attention)
}
