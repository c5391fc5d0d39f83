"""Values of float16 are counted as NumPy counts them."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.compression.histogram import Histogram
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray


@given(
    arrays(
        np.float16,
        array_shapes(),
        elements=st.floats(width=16, allow_nan=False, allow_infinity=False),
    )
)
def test_values_and_counts_are_those_of_numpy(weights: NDArray[np.float16]) -> None:
    values, counts = np.unique(weights, return_counts=True)

    histogram = Histogram.of(weights)

    assert np.array_equal(histogram.values, values)
    assert np.array_equal(histogram.counts, counts)


def test_every_finite_number_is_counted_once_and_both_zeros_are_one() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]

    histogram = Histogram.of(finite)

    assert np.array_equal(histogram.values, np.unique(finite))
    assert histogram.counts[histogram.values == 0] == 2


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="1 of its 4 elements are infinite or NaN"):
        Histogram.of(np.array([[0, 1], [number, 2]], np.float16))
