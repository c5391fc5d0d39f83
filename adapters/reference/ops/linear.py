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
    return functional.scaled_dot_product_attention(query, key, value, attn_mask)


OPERATIONS: dict[str, Callable[..., Tensor]] = {
    function.__name__: function
    for function in (linear, matmul, einsum, scaled_dot_product_attention)
}
