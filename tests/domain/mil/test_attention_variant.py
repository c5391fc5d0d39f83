"""Attention by what its scores are made of."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.attention_variant import attention_variant
from coreml_stable_diffusion.domain.mil.operation import Operation
from samples.programs import constant, operation, program

X = np.zeros((2, 3), np.float32)


def variant(*operations: Operation) -> str | None:
    return attention_variant(program(list(operations), {"x": X}, {}).main_function)


def attention(product: str, suffix: str = "") -> list[Operation]:
    """Scaled and masked scores, as both variants have them."""
    return [
        operation(product, [f"scores{suffix}"], x="x", y="x"),
        operation("mul", [f"scaled{suffix}"], x=f"scores{suffix}", y=constant(0.5)),
        operation("add", [f"masked{suffix}"], x="x", y=f"scaled{suffix}"),
        operation("softmax", [f"weights{suffix}"], x=f"masked{suffix}"),
    ]


@pytest.mark.parametrize(("product", "name"), [("einsum", "SPLIT_EINSUM"), ("matmul", "ORIGINAL")])
def test_the_product_before_the_softmax_tells(product: str, name: str) -> None:
    assert variant(*attention(product)) == name


def test_attention_as_one_operation_is_original() -> None:
    step = operation("scaled_dot_product_attention", ["y"], query="x", key="x", value="x")

    assert variant(step) == "ORIGINAL"


def test_a_softmax_of_something_else_is_no_attention() -> None:
    steps = [operation("conv", ["c"], x="x"), operation("softmax", ["y"], x="c")]

    assert variant(*steps) is None


def test_two_variants_at_once_are_none() -> None:
    assert variant(*attention("einsum", "1"), *attention("matmul", "2")) is None
