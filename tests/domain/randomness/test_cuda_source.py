"""The numbers of PyTorch on a card, as published; no card is needed."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.randomness.cuda_source import CudaSource
from coreml_stable_diffusion.domain.randomness.philox import philox


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ([0, 0, 0, 0], (0, 0), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        (
            [0xFFFFFFFF] * 4,
            (0xFFFFFFFF, 0xFFFFFFFF),
            [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD],
        ),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            (0xA4093822, 0x299F31D0),
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_philox_gives_its_papers_known_answers(
    counter: list[int], key: tuple[int, int], words: list[int]
) -> None:
    counters = np.array([counter, counter], dtype=np.uint64).T

    assert np.stack(philox(counters, key), axis=1).tolist() == [words, words]
    assert counters.T.tolist() == [counter, counter]


@pytest.mark.parametrize(
    ("seed", "first"),
    [
        (0, [-0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564]),
        (42, [0.19401896, 2.16137393, -0.17205083, 0.8490602, -1.92439919, 0.65298536]),
        (93, [-0.92784343, -0.40797849, 0.86688177, -0.53119025, 1.74362657, -0.67139751]),
        # The seed of a generator that nobody seeded; by the generator of AUTOMATIC1111's web UI.
        (
            67280421310721,
            [-1.15122497, 1.14825797, -0.17945738, 0.98510247],
        ),
    ],
)
def test_the_first_numbers_are_the_published_ones(seed: int, first: list[float]) -> None:
    drawn = CudaSource(seed).standard_normal((2, len(first) // 2))

    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn.ravel(), first, rtol=0, atol=1e-6)


def test_a_second_call_goes_on_in_every_thread() -> None:
    source = CudaSource(0)
    source.standard_normal((8,))

    second = [0.1808259, -0.55226276, 0.92381338, -0.73497036]
    np.testing.assert_allclose(source.standard_normal((4,)), second, rtol=0, atol=1e-6)


def test_numbers_are_normal() -> None:
    drawn = CudaSource(5).standard_normal((200_000,))

    assert abs(float(drawn.mean())) < 0.01
    assert float(drawn.std()) == pytest.approx(1.0, abs=0.01)
    assert float((np.abs(drawn) < 1).mean()) == pytest.approx(0.6827, abs=0.005)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(InvalidRequest, match=r"^--seed: "):
        CudaSource(seed)
