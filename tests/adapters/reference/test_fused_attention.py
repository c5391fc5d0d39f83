"""Attention over few keys computes what the formula does, whatever is put behind the keys."""

import pytest
import torch
from coreml_stable_diffusion.adapters.reference.fused import fused_attention
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=60, deadline=None)
@given(
    batch=st.lists(st.integers(1, 3), max_size=2),
    queries=st.sampled_from([1, 60, 400]),
    keys=st.integers(1, 90),
    width=st.integers(1, 20),
    turned=st.booleans(),
    masked=st.booleans(),
)
def test_the_formula_is_computed(
    *, batch: list[int], queries: int, keys: int, width: int, turned: bool, masked: bool
) -> None:
    query, key, value = (
        torch.randn(*batch, each, width, dtype=torch.float64) for each in (queries, keys, keys)
    )
    mask = torch.randn(queries, keys, dtype=torch.float64) if masked else None

    computed = fused_attention(
        query.float(),
        key.mT.contiguous().float() if turned else key.float(),
        value.float(),
        0.3,
        mask=None if mask is None else mask.float(),
        transpose_key=turned,
    )

    scores = 0.3 * query @ key.mT + (0 if mask is None else mask)
    torch.testing.assert_close(computed, (scores.softmax(-1) @ value).float(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("sign", [-1, 1])
def test_scores_of_one_sign_outweigh_what_is_put_behind_the_keys(sign: int) -> None:
    query, key = torch.full((1, 1, 400, 4), 9.0), torch.full((1, 1, 77, 4), 9.0 * sign)
    value = torch.randn(1, 1, 77, 4)

    computed = fused_attention(query, key, value, 1.0)

    torch.testing.assert_close(computed, value.mean(2, keepdim=True).expand(1, 1, 400, 4))


def test_keys_without_values_are_refused() -> None:
    query, key, value = (torch.randn(1, 1, places, 3) for places in (4, 4, 6))

    with pytest.raises(ValueError, match="4 keys and 6 values"):
        fused_attention(query, key, value, 1.0)
