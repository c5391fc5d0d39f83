"""Palettes of few values, and the indices of the weights into them."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.compression.palette import Palette
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

finite = st.floats(width=16, allow_nan=False, allow_infinity=False)


@given(arrays(np.float16, 16, elements=finite))
def test_no_more_values_than_entries_are_kept_exactly(weights: NDArray[np.float16]) -> None:
    palette = Palette.of(weights, 16)

    assert np.array_equal(palette.entries[palette.indices(weights)], weights)


@given(arrays(np.float16, 40, elements=finite), st.integers(1, 8))
def test_larger_weights_never_have_smaller_entries(
    weights: NDArray[np.float16], count: int
) -> None:
    palette = Palette.of(weights, count)

    entries = palette.entries[palette.indices(np.sort(weights))]

    assert np.all(np.diff(entries.astype(np.float64)) >= 0)


def test_an_entry_is_the_mean_of_its_weights() -> None:
    weights = np.random.default_rng(1).standard_normal((30, 40)).astype(np.float16)
    palette = Palette.of(weights, 8)
    indices = palette.indices(weights)

    means = [weights[indices == each].mean(dtype=np.float64) for each in range(8)]

    assert np.array_equal(palette.entries, np.array(means, np.float16))


@pytest.mark.parametrize("size", [100, 2**16 + 1])
def test_indices_have_the_shape_of_the_weights_few_or_many(size: int) -> None:
    weights = np.random.default_rng(size).standard_normal((1, size)).astype(np.float16)
    palette = Palette.of(weights, 64)

    indices = palette.indices(weights)

    assert indices.shape == weights.shape
    assert np.array_equal(indices, np.searchsorted(palette.lowest, weights, "right") - 1)
