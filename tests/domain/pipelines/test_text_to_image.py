"""What goes into the networks and what comes out, against the formulas of diffusers' pipeline."""

import json

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.domain.errors import PredictionError
from coreml_stable_diffusion.domain.latents import LatentScaling
from coreml_stable_diffusion.domain.pipelines.text_to_image import TextToImage
from coreml_stable_diffusion.domain.tokenizer.clip_tokenizer import ClipTokenizer
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from diffusers.image_processor import VaeImageProcessor
from fakes.networks import FakeNetwork, fake_text_encoder, fake_unet, fake_vae_decoder

VOCABULARY = parse_vocabulary(
    json.dumps({"a</w>": 0, "b</w>": 1, "<|startoftext|>": 2, "<|endoftext|>": 3}), ""
)


def pipeline(
    *,
    text_encoder: FakeNetwork | None = None,
    vae_decoder: FakeNetwork | None = None,
) -> TextToImage:
    return TextToImage(
        tokenizer=ClipTokenizer(vocabulary=VOCABULARY),
        text_encoder=text_encoder or fake_text_encoder(lambda _: {"last_hidden_state": 0.0}),
        unet=fake_unet(lambda _: {"noise_pred": 0.0}),
        vae_decoder=vae_decoder or fake_vae_decoder(lambda _: {"image": 0.0}),
        latent_scaling=LatentScaling(factor=0.5, shift=0.25),
    )


def test_the_text_encoder_decides_how_long_a_prompt_may_be() -> None:
    made = pipeline(text_encoder=fake_text_encoder(lambda _: {"last_hidden_state": 0.0}, length=5))

    assert made.tokenize("a b a b a").ids == (2, 0, 1, 0, 3)
    assert made.tokenize("a b a b a").cut == "b a"


def test_ids_reach_the_text_encoder_as_float32() -> None:
    encoder = fake_text_encoder(lambda _: {"last_hidden_state": 0.0}, length=4)
    made = pipeline(text_encoder=encoder)
    made.encode(made.tokenize("b"))

    (inputs,) = encoder.calls
    assert inputs["input_ids"].dtype == np.float32
    assert np.array_equal(inputs["input_ids"], [[2, 1, 3, 3]])


def test_hidden_states_become_columns_one_text_after_another() -> None:
    states = np.arange(4 * 8, dtype=np.float32).reshape(1, 4, 8)
    encoder = fake_text_encoder(
        lambda inputs: {"last_hidden_state": states * inputs["input_ids"][0, 1]}, length=4
    )
    made = pipeline(text_encoder=encoder)
    encoded = made.encode(made.tokenize("a"), made.tokenize("b"))

    assert encoded.shape == (2, 8, 1, 4)
    assert not encoded[0].any()
    assert np.array_equal(encoded[1, :, 0, :], states[0].T)


def test_the_unet_decides_the_shape_of_the_latents() -> None:
    assert pipeline().latent_shape == (1, 4, 3, 5)


def test_latents_are_scaled_and_shifted_for_the_vae() -> None:
    decoder = fake_vae_decoder(lambda _: {"image": 0.0})
    pipeline(vae_decoder=decoder).decode(np.full((1, 4, 3, 5), 3, dtype=np.float32))

    (inputs,) = decoder.calls
    assert np.array_equal(inputs["z"], np.full((1, 4, 3, 5), 3 / 0.5 + 0.25, dtype=np.float16))


def test_the_picture_is_rounded_as_by_diffusers() -> None:
    image = np.random.default_rng(1).uniform(-1.2, 1.2, (1, 3, 24, 40)).astype(np.float32)
    expected = VaeImageProcessor().postprocess(torch.from_numpy(image), output_type="pil")[0]
    made = pipeline(vae_decoder=fake_vae_decoder(lambda _: {"image": image}))

    assert np.array_equal(made.decode(np.zeros((1, 4, 3, 5))), np.asarray(expected))


def test_a_decoder_that_overflows_is_told() -> None:
    made = pipeline(vae_decoder=fake_vae_decoder(lambda _: {"image": np.nan}))

    with pytest.raises(PredictionError, match=r"^VAE decoder: .* float32"):
        made.decode(np.zeros((1, 4, 3, 5)))


def test_a_network_without_the_input_is_told() -> None:
    stranger = fake_vae_decoder(lambda _: {"image": 0.0})
    made = TextToImage(
        tokenizer=ClipTokenizer(vocabulary=VOCABULARY),
        text_encoder=stranger,
        unet=stranger,
        vae_decoder=stranger,
        latent_scaling=LatentScaling(factor=1.0),
    )
    with pytest.raises(PredictionError, match="no input sample; it has: z"):
        _ = made.latent_shape
