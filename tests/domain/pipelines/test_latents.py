"""Starting noise and the scale of latents."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.errors import InvalidRequest
from coreml_stable_diffusion.domain.pipelines.latents import Draws, LatentScaling, starts
from coreml_stable_diffusion.domain.randomness.kind import RandomKind
from coreml_stable_diffusion.domain.randomness.torch_source import TorchSource
from coreml_stable_diffusion.domain.request import GenerationRequest
from numpy.typing import NDArray

SHAPE = (1, 4, 3, 5)


def test_the_noise_of_a_seed_is_that_of_apples_pipeline() -> None:
    (start,) = starts(GenerationRequest(prompt="", seed=93), SHAPE)
    noise = start.noise

    assert noise.dtype == np.float32
    np.testing.assert_allclose(noise.ravel()[:3], [1.6301981, 1.1007359, 2.0622301], rtol=1e-6)


def test_every_picture_of_a_request_can_be_made_again_alone() -> None:
    *_, last = starts(GenerationRequest(prompt="", seed=7, images_per_prompt=3), SHAPE)
    (alone,) = starts(GenerationRequest(prompt="", seed=9), SHAPE)

    assert last.seed == alone.seed
    assert np.array_equal(last.noise, alone.noise)


def test_the_noise_of_many_pictures_is_made_one_by_one() -> None:
    request = GenerationRequest(prompt="", seed=0, images_per_prompt=2**32)

    assert next(iter(starts(request, SHAPE))).noise.shape == SHAPE


def test_own_latents_take_the_place_of_the_seeds() -> None:
    own = np.random.default_rng(1).standard_normal((2, *SHAPE[1:]))
    request = GenerationRequest(prompt="", seed=0, images_per_prompt=2, latents=own)

    noises = [start.noise for start in starts(request, SHAPE)]

    assert [noise.dtype for noise in noises] == [np.float32, np.float32]
    np.testing.assert_allclose(np.concatenate(noises), own, rtol=1e-6)


def test_latents_of_another_shape_are_refused_with_the_right_one() -> None:
    request = GenerationRequest(prompt="", seed=0, latents=np.zeros((1, 4, 8, 8)))

    with pytest.raises(InvalidRequest, match=r"^latents: .* is not the \(1, 4, 3, 5\) "):
        starts(request, SHAPE)


def test_the_vaes_latents_are_the_unets_shifted_and_scaled_back() -> None:
    scaling = LatentScaling(factor=1.5305, shift=0.0609)
    latents = np.linspace(-3, 3, 60).reshape(SHAPE)

    np.testing.assert_allclose(scaling.for_vae(scaling.for_unet(latents)), latents)
    assert LatentScaling(factor=0.18215).for_vae(np.array([0.18215])) == pytest.approx(1.0)


@pytest.mark.parametrize("own", [None, np.zeros((1, 1, 2, 8))])
def test_later_noise_comes_from_the_seed_of_the_picture(own: NDArray[np.float64] | None) -> None:
    request = GenerationRequest(prompt="", seed=4, rng=RandomKind.TORCH, latents=own)
    (start,) = starts(request, (1, 1, 2, 8))

    stream = TorchSource(4)
    if own is None:
        assert np.array_equal(start.noise, stream.standard_normal((1, 1, 2, 8)))
    assert np.array_equal(start.source.standard_normal((20,)), stream.standard_normal((20,)))


@pytest.mark.parametrize("own", [None, np.zeros((1, 1, 2, 8))])
def test_noise_for_the_latents_of_pictures_is_drawn_before_and_after(
    own: NDArray[np.float64] | None,
) -> None:
    request = GenerationRequest(prompt="", seed=4, rng=RandomKind.TORCH, latents=own)
    (start,) = starts(request, (1, 1, 2, 8), Draws(source=True, masked=True))

    stream = TorchSource(4)
    first = stream.standard_normal((1, 1, 2, 8))
    assert start.source_noise is not None
    assert np.array_equal(start.source_noise, first)
    expected = stream.standard_normal((1, 1, 2, 8)) if own is None else own
    assert np.array_equal(start.noise, expected)
    assert start.masked_noise is not None
    assert np.array_equal(start.masked_noise, stream.standard_normal((1, 1, 2, 8)))
    assert np.array_equal(start.source.standard_normal((20,)), stream.standard_normal((20,)))
