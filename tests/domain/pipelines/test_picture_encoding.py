"""What the VAE encoder is shown, and what its numbers become."""

import numpy as np
import pytest
from coreml_stable_diffusion.adapters.pillow.images import PillowImageResizer
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.latents import LatentScaling
from coreml_stable_diffusion.domain.pipelines.picture_encoding import PictureEncoding
from diffusers.image_processor import VaeImageProcessor
from fakes.networks import FakeNetwork, fake_vae_encoder
from PIL import Image


def encoding(network: FakeNetwork) -> PictureEncoding:
    return PictureEncoding(
        network=network, latent_scaling=LatentScaling(factor=0.5), resizer=PillowImageResizer()
    )


@pytest.mark.parametrize(("height", "width"), [(24, 40), (64, 64), (7, 90)])
def test_the_encoder_sees_what_diffusers_shows_it(height: int, width: int) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    expected = VaeImageProcessor().preprocess(Image.fromarray(pixels), height=24, width=40)
    network = fake_vae_encoder(lambda _: {"latent": 0.0})

    encoding(network).encode(pixels)

    seen = network.calls[0]["x"].astype(np.float32)
    np.testing.assert_allclose(seen, expected.numpy(), atol=1e-3)


def test_the_latents_are_scaled_for_the_unet() -> None:
    network = fake_vae_encoder(lambda _: {"latent": np.repeat([3.0, 0.0], 4).reshape(1, 8, 1, 1)})

    posterior = encoding(network).encode(np.zeros((24, 40, 3), dtype=np.uint8))

    assert np.array_equal(posterior.mean, np.full((1, 4, 3, 5), 1.5))
    assert np.array_equal(posterior.deviation, np.full((1, 4, 3, 5), 0.5))


def test_an_encoder_that_overflows_is_told() -> None:
    network = fake_vae_encoder(lambda _: {"latent": np.inf})

    with pytest.raises(PredictionError, match=r"^VAE encoder: .* float32"):
        encoding(network).encode(np.zeros((24, 40, 3), dtype=np.uint8))
