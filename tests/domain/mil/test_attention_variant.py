"""Attention by what its scores are made of."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.mil.attention_variant import attention_variant
from coreml_stable_diffusion.domain.mil.operation import Operation
from samples.programs import constant, operation, program, shaped

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


def split_attention(queries: int, part: int, equation: str, *factors: str) -> list[Operation]:
    """A head of 8 out of 16 channels, and `part` of its queries against 77 keys."""
    head = operation("slice_by_index", ["head"], x="q")
    keys = operation("slice_by_index", ["keys"], x="k")
    chunk = operation("slice_by_index", ["chunk"], x="head")
    scores = operation("einsum", ["scores"], values=factors, equation=constant(equation))
    return [
        shaped(operation("relu", ["q"], x="x"), (1, 16, 1, queries)),
        shaped(operation("relu", ["k"], x="x"), (1, 77, 1, 16)),
        shaped(head, (1, 8, 1, queries)),
        shaped(keys, (1, 77, 1, 8)),
        shaped(chunk, (1, 8, 1, part)),
        shaped(scores, (1, 77, 1, part)),
        operation("softmax", ["weights"], x="scores"),
    ]


@pytest.mark.parametrize(
    ("part", "name"), [(512, "SPLIT_EINSUM_V2"), (4096, "SPLIT_EINSUM")], ids=["cut", "whole"]
)
@pytest.mark.parametrize(
    ("equation", "factors"),
    [("bchq,bkhc->bkhq", ("chunk", "keys")), ("bkhc,bchq->bkhq", ("keys", "chunk"))],
)
def test_queries_in_parts_are_the_second_way_to_split(
    part: int, name: str, equation: str, factors: tuple[str, str]
) -> None:
    assert variant(*split_attention(4096, part, equation, *factors)) == name


def test_the_second_way_leaves_small_attention_whole() -> None:
    cut = split_attention(1024, 512, "bchq,bkhc->bkhq", "chunk", "keys")

    assert variant(*cut, *attention("einsum", "2")) == "SPLIT_EINSUM_V2"


def test_attention_as_one_operation_is_original() -> None:
    step = operation("scaled_dot_product_attention", ["y"], query="x", key="x", value="x")

    assert variant(step) == "ORIGINAL"


def test_a_softmax_of_something_else_is_no_attention() -> None:
    steps = [operation("conv", ["c"], x="x"), operation("softmax", ["y"], x="c")]

    assert variant(*steps) is None


def test_two_variants_at_once_are_none() -> None:
    assert variant(*attention("einsum", "1"), *attention("matmul", "2")) is None
