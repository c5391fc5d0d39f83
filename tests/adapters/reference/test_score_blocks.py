"""Attention by blocks computes what PyTorch's kernel does, and only where no score is too large."""

import pytest
import torch
from coreml_stable_diffusion.adapters.reference.fused import fused_attention
from coreml_stable_diffusion.adapters.reference.score_blocks import attention_by_blocks
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional


@settings(max_examples=15, deadline=None)
@given(
    batch=st.integers(1, 2),
    heads=st.integers(1, 3),
    queries=st.integers(2048, 2600),
    keys=st.integers(512, 1600),
    width=st.integers(1, 64),
    values=st.integers(1, 64),
)
def test_blocks_give_what_the_whole_gives(
    *, batch: int, heads: int, queries: int, keys: int, width: int, values: int
) -> None:
    query, key, value = (
        torch.randn(batch, places, heads, each).transpose(1, 2)
        for places, each in ((queries, width), (keys, width), (keys, values))
    )

    computed = attention_by_blocks(query, key, value, width**-0.5)

    expected = functional.scaled_dot_product_attention(query, key, value)
    assert computed is not None
    torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-5)


def test_scores_may_be_far_apart() -> None:
    query, key, value = _operands()
    direction = functional.normalize(torch.ones(8), dim=0)
    query, key = direction * 7 * query.sign(), direction * 7 * key.sign()

    computed = attention_by_blocks(query, key, value, 1.0)

    expected = functional.scaled_dot_product_attention(query, key, value, scale=1.0)
    assert computed is not None
    torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-5)


def test_what_all_keys_share_makes_no_score_too_large() -> None:
    query, key, value = _operands()

    assert attention_by_blocks(query, key + 1000, value, 1.0) is not None


@pytest.mark.parametrize("factor", [100.0, float("inf"), float("nan")])
def test_a_score_that_might_be_too_large_is_left_to_pytorch(factor: float) -> None:
    query, key, value = _operands()

    assert attention_by_blocks(query * factor, key, value, 1.0) is None


def test_large_scores_are_computed_all_the_same() -> None:
    query, key, value = _operands()

    computed = fused_attention(query * 100, key, value, 1.0)

    expected = functional.scaled_dot_product_attention(query * 100, key, value, scale=1.0)
    torch.testing.assert_close(computed, expected)


@pytest.mark.parametrize(("query", "key"), [
    (torch.randn(1, 2, 2047, 8), torch.randn(1, 2, 2048, 8)),
    (torch.randn(1, 2, 2048, 8), torch.randn(1, 2, 511, 8)),
    (torch.randn(1, 2, 2048, 65), torch.randn(1, 2, 2048, 65)),
    (torch.randn(2, 2048, 8), torch.randn(2, 2048, 8)),
    (torch.randn(1, 2, 2048, 8), torch.randn(1, 1, 2048, 8)),
], ids=["few queries", "few keys", "wide", "of three axes", "of other heads"])  # fmt: skip
def test_other_attention_is_left_to_pytorch(query: Tensor, key: Tensor) -> None:
    assert attention_by_blocks(query, key, key, 1.0) is None


def _operands() -> tuple[Tensor, Tensor, Tensor]:
    query, key, value = torch.randn(3, 1, 2, 2048, 8).unbind()
    return query, key, value
