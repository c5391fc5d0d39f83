"""Generating with a fake for every port, in a world where every picture is all of one colour."""

import json
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from coreml_stable_diffusion.application.generate import Generate, GeneratedImage
from coreml_stable_diffusion.application.load_pipeline import LoadPipeline
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.model_facts import ModelFacts, ModelFamily
from coreml_stable_diffusion.domain.pictures.clip_image import ClipImagePreprocessing
from coreml_stable_diffusion.domain.pictures.pixels import from_bytes
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest
from coreml_stable_diffusion.domain.request import GenerationRequest
from coreml_stable_diffusion.domain.schedulers.noise_schedule import NoiseSchedule
from coreml_stable_diffusion.domain.tensor import Tensors
from coreml_stable_diffusion.domain.tokenizer.vocabulary import parse_vocabulary
from fakes.images import FakeImageResizer
from fakes.model_folders import FakeModelFolders
from fakes.networks import (
    FakeNetwork,
    FakeNetworkRuntime,
    fake_safety_checker,
    fake_text_encoder,
    fake_unet,
    fake_vae_decoder,
    fake_vae_encoder,
)
from fakes.observing import FakeObserver

FOLDER = Path("models") / "colours"
SCHEDULER = {
    "_class_name": "PNDMScheduler",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "skip_prk_steps": True,
    "set_alpha_to_one": True,
}
SCHEDULE = NoiseSchedule.from_config(SCHEDULER)
IDS = {"red</w>": 1, "blue</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 0}
VOCABULARY = parse_vocabulary(json.dumps(IDS), "r e\nre d</w>\nb l\nbl u\nblu e</w>\n")
LENGTH = 6
COMPONENTS = (
    Component.TEXT_ENCODER,
    Component.UNET,
    Component.VAE_DECODER,
    Component.VAE_ENCODER,
    Component.SAFETY_CHECKER,
)


def manifest(*components: Component, **settings: Any) -> PipelineManifest:
    facts = ModelFacts(
        **{
            "model": "colours",
            "model_version": "colours",
            "revision": None,
            "licence": None,
            "family": ModelFamily.SD1,
            "scheduler": SCHEDULER,
            "latent_channels": 4,
            "latent_height": 3,
            "latent_width": 5,
            "vae_scale_factor": 8,
            "vae_scaling_factor": 0.5,
            "vae_shift_factor": 0.0,
            "text_length": LENGTH,
            "safety_preprocessing": ClipImagePreprocessing(
                size=16, mean=(0.5, 0.5, 0.5), standard_deviation=(0.25, 0.25, 0.25)
            ),
        }
        | settings
    )
    packages = tuple(
        PackageRecord(
            component=component,
            file=component.value,
            files={},
            source="made",
            plan=ConversionPlan(),
        )
        for component in components or COMPONENTS
    )
    return PipelineManifest(facts=facts, packages=packages)


def see_colours(inputs: Tensors) -> dict[str, Any]:
    """Every token's hidden state is the prompt's first colour, from 0 to 2."""
    return {"last_hidden_state": inputs["input_ids"][0, 1]}


def know_the_noise(inputs: Tensors) -> dict[str, Any]:
    """The exact noise in the sample of a picture whose latents are all the prompt's colour."""
    level = SCHEDULE.level(int(inputs["timestep"][0]))
    sample = inputs["sample"].astype(np.float32)
    colour = inputs["encoder_hidden_states"][:, :1, :, :1].astype(np.float32)
    return {"noise_pred": (sample - level.signal * colour) / level.noise}


def show_latents(inputs: Tensors) -> dict[str, Any]:
    """The mean of the latents, 0 to 4 as the VAE sees them, as a grey from -1 to 1."""
    return {"image": inputs["z"].astype(np.float32).mean() / 2 - 1}


def see_the_grey(inputs: Tensors) -> dict[str, Any]:
    """What `show_latents` would show as the picture, almost certainly: mean, then log variance."""
    grey = inputs["x"].astype(np.float32).mean()
    return {"latent": np.repeat([2 * grey + 2, -30.0], 4).reshape(1, 8, 1, 1)}


@attrs.define
class World:
    """Loading and generating with a fake for every port, open to inspection."""

    flagged: float = 0.0
    manifest: PipelineManifest = attrs.field(factory=manifest)
    observer: FakeObserver = attrs.field(factory=FakeObserver)
    networks: dict[str, FakeNetwork] = attrs.field(init=False)
    runtime: FakeNetworkRuntime = attrs.field(init=False)
    load: LoadPipeline = attrs.field(init=False)
    generate: Generate = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.networks = {
            "text_encoder": fake_text_encoder(see_colours, length=LENGTH),
            "unet": fake_unet(know_the_noise, length=LENGTH),
            "vae_decoder": fake_vae_decoder(show_latents),
            "vae_encoder": fake_vae_encoder(see_the_grey),
            "safety_checker": fake_safety_checker(lambda _: {"has_nsfw_concepts": self.flagged}),
        }
        self.runtime = FakeNetworkRuntime(self.networks)
        self.generate = Generate(observer=self.observer)
        self.load = LoadPipeline(
            model_folders=FakeModelFolders(
                manifests={FOLDER: self.manifest},
                vocabularies={FOLDER: VOCABULARY},
            ),
            configurations=[],
            runtime=self.runtime,
            resizer=FakeImageResizer(),
            observer=self.observer,
        )

    def draw(self, prompt: str, **settings: Any) -> list[GeneratedImage]:
        wanted: dict[str, Any] = {"seed": 1, "guidance_scale": 1.0}
        request = GenerationRequest(prompt=prompt, **wanted | settings)
        return list(self.generate(self.load(FOLDER), request))


def grey(picture: GeneratedImage) -> float:
    return float(from_bytes(picture.pixels).mean())
