"""What the VAE decoder is shown, and what its numbers become."""

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.pipelines.latents import LatentScaling
from coreml_stable_diffusion.domain.pipelines.picture_decoding import PictureDecoding
from diffusers.image_processor import VaeImageProcessor
from fakes.networks import FakeNetwork, fake_vae_decoder


def decoding(network: FakeNetwork) -> PictureDecoding:
    return PictureDecoding(network=network, latent_scaling=LatentScaling(factor=0.5, shift=0.25))


def test_latents_are_scaled_and_shifted_for_the_vae() -> None:
    network = fake_vae_decoder(lambda _: {"image": 0.0})
    decoding(network).decode(np.full((1, 4, 3, 5), 3, dtype=np.float32))

    (inputs,) = network.calls
    assert np.array_equal(inputs["z"], np.full((1, 4, 3, 5), 3 / 0.5 + 0.25, dtype=np.float16))


def test_the_picture_is_rounded_as_by_diffusers() -> None:
    image = np.random.default_rng(1).uniform(-1.2, 1.2, (1, 3, 24, 40)).astype(np.float32)
    expected = VaeImageProcessor().postprocess(torch.from_numpy(image), output_type="pil")[0]
    made = decoding(fake_vae_decoder(lambda _: {"image": image}))

    assert np.array_equal(made.decode(np.zeros((1, 4, 3, 5))), np.asarray(expected))


def test_a_decoder_that_overflows_is_told() -> None:
    made = decoding(fake_vae_decoder(lambda _: {"image": np.nan}))

    with pytest.raises(PredictionError, match=r"^VAE decoder: .* float32"):
        made.decode(np.zeros((1, 4, 3, 5)))
