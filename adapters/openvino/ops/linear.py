"""Products of matrices, and the attention made of them."""

from collections.abc import Callable

from openvino import opset15 as opset

from .arguments import Output, Outputs


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


OPERATIONS: dict[str, Callable[..., Output]] = {
    function.__name__: function
    for function in (linear, matmul, einsum, scaled_dot_product_attention)
}
