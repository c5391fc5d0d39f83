"""PyTorch's numbers, next to PyTorch."""

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.randomness.torch_source import TorchSource
from hypothesis import given, settings
from hypothesis import strategies as st

SEEDS = st.integers(0, 2**32 - 1) | st.integers(2**32, 2**64 - 1)
SHAPES = st.lists(st.integers(1, 9), max_size=3).map(tuple)


@settings(max_examples=200, deadline=None)
@given(seed=SEEDS, shapes=st.lists(SHAPES, min_size=1, max_size=4))
def test_numbers_are_those_of_a_seeded_generator(seed: int, shapes: list[tuple[int, ...]]) -> None:
    generator, source = torch.Generator().manual_seed(seed), TorchSource(seed)
    for shape in shapes:
        expected = torch.randn(shape, generator=generator).numpy()
        drawn = source.standard_normal(shape)

        assert drawn.shape == shape
        assert drawn.dtype == np.float32
        np.testing.assert_allclose(drawn, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("count", [*range(1, 50), 16_384, 16_385])
def test_every_count_of_numbers_is_drawn_as_pytorch_does(count: int) -> None:
    expected = torch.randn(count, generator=torch.Generator().manual_seed(11)).numpy()

    drawn = TorchSource(11).standard_normal((count,))

    np.testing.assert_allclose(drawn, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("seed", "count", "first"),
    [
        (0, 4, [1.54099607, -0.2934289, -2.17878938, 0.56843126]),
        (0, 16, [-1.12583983, -1.1523602, -0.25057858, -0.43387881]),
        (42, 4, [0.33669037, 0.12880941, 0.23446237, 0.23033303]),
        (42, 16, [1.92691529, 1.48728406, 0.9007172, -2.10552096]),
        (93, 16_384, [0.24188057, -0.57098937, 0.59021336, -0.62111449]),
    ],
)
def test_the_first_numbers_are_the_published_ones(
    seed: int, count: int, first: list[float]
) -> None:
    drawn = TorchSource(seed).standard_normal((count,))

    np.testing.assert_allclose(drawn[:4], first, atol=1e-6)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(InvalidRequest, match=r"^--seed: "):
        TorchSource(seed)
