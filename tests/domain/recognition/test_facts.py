"""The edges of the networks tell the family, and the family what they do not tell."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.mil.program import ModelDescription
from coreml_stable_diffusion.domain.model_facts import ModelFacts, ModelFamily
from coreml_stable_diffusion.domain.recognition.facts import recognised_facts
from coreml_stable_diffusion.domain.schedulers.catalogue import scheduler_from_config
from coreml_stable_diffusion.domain.schedulers.scheduler import NO_HISTORY
from fakes.networks import FakeNetwork, fake_safety_checker, fake_vae_decoder, spec


def described(network: FakeNetwork, **metadata: str) -> ModelDescription:
    return ModelDescription(
        specification_version=7,
        inputs=network.inputs,
        outputs=network.outputs,
        metadata=metadata,
    )


def unet(
    *, width: int = 768, size: int = 64, channels: int = 4, sizes: int = 0, guidance: int = 0
) -> ModelDescription:
    inputs = [
        spec("sample", (2, channels, size, size)),
        spec("timestep", (2,)),
        spec("encoder_hidden_states", (2, width, 1, 77)),
    ]
    if sizes:
        inputs += [spec("time_ids", (2, sizes)), spec("text_embeds", (2, 1280))]
    if guidance:
        inputs += [spec("timestep_cond", (2, guidance))]
    outputs = (spec("noise_pred", (2, 4, size, size), "float32"),)
    return ModelDescription(
        specification_version=7, inputs=tuple(inputs), outputs=outputs, metadata={}
    )


def facts(made: ModelDescription) -> ModelFacts:
    return recognised_facts("folder", {Component.UNET: made})


@pytest.mark.parametrize(
    ("made", "family", "prediction", "scaling"),
    [
        (unet(), ModelFamily.SD1, "epsilon", 0.18215),
        (unet(width=1024), ModelFamily.SD2, "epsilon", 0.18215),
        (unet(width=1024, size=96), ModelFamily.SD2, "v_prediction", 0.18215),
        (unet(width=2048, size=128, sizes=6), ModelFamily.SDXL, "epsilon", 0.13025),
        (unet(width=1280, size=128, sizes=5), ModelFamily.SDXL_REFINER, "epsilon", 0.13025),
    ],
)
def test_each_family_has_its_data_sheet(
    made: ModelDescription, family: ModelFamily, prediction: str, scaling: float
) -> None:
    told = facts(made)

    assert told.family is family
    assert told.scheduler["prediction_type"] == prediction
    assert told.vae_scaling_factor == scaling
    assert told.requires_aesthetics_score == (family is ModelFamily.SDXL_REFINER)


@pytest.mark.parametrize("made", [unet(), unet(width=1024), unet(width=2048, sizes=6)])
def test_another_scheduler_does_not_clip_latents_as_if_they_were_pixels(
    made: ModelDescription,
) -> None:
    sample = np.full((1, 4, 2, 2), 3, dtype=np.float32)
    scheduler = scheduler_from_config(facts(made).scheduler, 4, "DDIM")

    assert scheduler.step(0 * sample, 3, sample, NO_HISTORY).denoised.min() > 3


def test_sizes_and_channels_are_those_of_the_networks() -> None:
    told = facts(unet(size=48, channels=9, guidance=256))

    assert (told.latent_height, told.latent_width, told.text_length) == (48, 48, 77)
    assert (told.latent_channels, told.unet_channels) == (4, 9)
    assert told.guidance_embedding_width == 256


def test_the_vae_tells_its_scale_and_the_checker_its_size() -> None:
    edges = {
        Component.UNET: unet(),
        Component.VAE_DECODER: described(fake_vae_decoder(lambda _: {}, factor=4)),
        Component.SAFETY_CHECKER: described(fake_safety_checker(lambda _: {}, size=32)),
    }

    told = recognised_facts("folder", edges)

    assert told.vae_scale_factor == 4
    assert not told.vae_needs_float32
    assert told.safety_preprocessing is not None
    assert told.safety_preprocessing.size == 32


def test_the_model_is_called_as_its_package_says() -> None:
    made = unet()
    named = ModelDescription(
        specification_version=7,
        inputs=made.inputs,
        outputs=made.outputs,
        metadata={"version": "runwayml/stable-diffusion-v1-5", "license": "openrail"},
    )

    assert facts(named).model_version == "runwayml/stable-diffusion-v1-5"
    assert facts(named).licence == "openrail"
    assert facts(made).model == "folder"


def test_without_a_unet_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="no UNet"):
        recognised_facts("folder", {})


def test_what_is_no_unet_is_told_so() -> None:
    with pytest.raises(ValueError, match="takes no sample of four axes"):
        recognised_facts("folder", {Component.UNET: described(fake_vae_decoder(lambda _: {}))})
