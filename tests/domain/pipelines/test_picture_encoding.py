"""What the VAE encoder is shown, and what its numbers become."""

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.pipelines.latents import LatentScaling
from coreml_stable_diffusion.domain.pipelines.picture_encoding import Fitting, PictureEncoding
from diffusers.image_processor import VaeImageProcessor
from fakes.networks import FakeNetwork, fake_vae_encoder
from PIL import Image

BLACK = -np.ones((1, 3, 24, 40), dtype=np.float32)
FITTING = Fitting(size=(24, 40), resizer=PillowImageResizer())


def encoding(network: FakeNetwork) -> PictureEncoding:
    return PictureEncoding(network=network, latent_scaling=LatentScaling(factor=0.5))


@pytest.mark.parametrize(("height", "width"), [(24, 40), (64, 64), (7, 90)])
def test_a_picture_is_fitted_as_by_diffusers(height: int, width: int) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    expected = VaeImageProcessor().preprocess(Image.fromarray(pixels), height=24, width=40)

    np.testing.assert_allclose(FITTING.image(pixels), expected.numpy(), atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(24, 40), (64, 64), (7, 90)])
def test_a_mask_is_fitted_as_by_diffusers(height: int, width: int) -> None:
    mask = np.random.default_rng(2).integers(0, 256, (height, width), dtype=np.uint8)
    processor = VaeImageProcessor(do_normalize=False, do_binarize=True, do_convert_grayscale=True)
    expected = processor.preprocess(Image.fromarray(mask), height=24, width=40)

    assert np.array_equal(FITTING.mask(mask), expected[0, 0].numpy().astype(bool))


def test_the_latents_are_scaled_for_the_unet() -> None:
    network = fake_vae_encoder(lambda _: {"latent": np.repeat([3.0, 0.0], 4).reshape(1, 8, 1, 1)})

    posterior = encoding(network).encode(BLACK)

    assert np.array_equal(posterior.mean, np.full((1, 4, 3, 5), 1.5))
    assert np.array_equal(posterior.deviation, np.full((1, 4, 3, 5), 0.5))


def test_an_encoder_that_overflows_is_told() -> None:
    network = fake_vae_encoder(lambda _: {"latent": np.inf})

    with pytest.raises(PredictionError, match=r"^VAE encoder: .* float32"):
        encoding(network).encode(BLACK)
