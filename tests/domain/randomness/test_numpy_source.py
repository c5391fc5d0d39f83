"""NumPy's legacy numbers, bit by bit."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.randomness.numpy_source import NumpySource
from hypothesis import example, given, settings
from hypothesis import strategies as st


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shape=st.lists(st.integers(1, 9), max_size=4).map(tuple))
@example(seed=93, shape=(1, 4, 64, 64))
def test_numbers_are_those_of_the_global_generator(seed: int, shape: tuple[int, ...]) -> None:
    np.random.seed(seed)  # noqa: NPY002 -- the very generator that Apple's pipeline draws from
    expected = np.random.randn(*shape)  # noqa: NPY002 -- see above

    assert np.array_equal(NumpySource(seed).standard_normal(shape), expected)


def test_the_last_of_ten_thousand_are_those_of_apples_test() -> None:
    last = NumpySource(12345).standard_normal((10_000,))[-5:]

    expected = [-0.86285345, 2.15229409, -0.00670556, -1.21472309, 0.65498866]
    np.testing.assert_allclose(last, expected, atol=1e-8)


def test_a_source_goes_on_where_it_stopped() -> None:
    source = NumpySource(7)
    parts = [source.standard_normal((3,)), source.standard_normal((2,))]

    assert np.array_equal(np.concatenate(parts), NumpySource(7).standard_normal((5,)))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(InvalidRequest, match=r"^--seed: "):
        NumpySource(seed)
