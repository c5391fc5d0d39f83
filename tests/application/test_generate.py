"""The use case with fakes of every port: what is loaded, drawn, told and refused."""

import json
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.application.generate import Generate, GeneratedImage
from coreml_stable_diffusion.domain.checkpoint import ModelFamily
from coreml_stable_diffusion.domain.clip_image import ClipImagePreprocessing
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.coreml.compute_unit import ComputeUnit
from coreml_stable_diffusion.domain.errors import (
    IncompleteModelFolder,
    InvalidRequest,
    MissingComponent,
    NotAModelFolder,
)
from coreml_stable_diffusion.domain.pipeline_manifest import PackageRecord, PipelineManifest
from coreml_stable_diffusion.domain.pixels import from_bytes
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
MERGES = "r e\nre d</w>\nb l\nbl u\nblu e</w>\n"
LENGTH = 6


def manifest(*components: Component, **settings: Any) -> PipelineManifest:
    return PipelineManifest(
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
            "packages": tuple(
                PackageRecord(
                    component=component,
                    file=component.value,
                    files={},
                    source="",
                    plan=ConversionPlan(),
                )
                for component in components or Component
            ),
        }
        | settings
    )


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


@attrs.define
class World:
    """Generate with a fake for every port, open to inspection."""

    flagged: float = 0.0
    manifest: PipelineManifest = attrs.field(factory=manifest)
    observer: FakeObserver = attrs.field(factory=FakeObserver)
    networks: dict[str, FakeNetwork] = attrs.field(init=False)
    runtime: FakeNetworkRuntime = attrs.field(init=False)
    generate: Generate = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.networks = {
            "text_encoder": fake_text_encoder(see_colours, length=LENGTH),
            "unet": fake_unet(know_the_noise, length=LENGTH),
            "vae_decoder": fake_vae_decoder(show_latents),
            "safety_checker": fake_safety_checker(lambda _: {"has_nsfw_concepts": self.flagged}),
        }
        self.runtime = FakeNetworkRuntime(self.networks)
        self.generate = Generate(
            model_folders=FakeModelFolders(
                manifests={FOLDER: self.manifest},
                vocabularies={FOLDER: parse_vocabulary(json.dumps(IDS), MERGES)},
            ),
            runtime=self.runtime,
            resizer=FakeImageResizer(),
            observer=self.observer,
        )

    def draw(self, prompt: str, **settings: Any) -> list[GeneratedImage]:
        wanted: dict[str, Any] = {"seed": 1, "guidance_scale": 1.0}
        request = GenerationRequest(prompt=prompt, **wanted | settings)
        return list(self.generate(self.generate.load(FOLDER), request))


def grey(picture: GeneratedImage) -> float:
    return float(from_bytes(picture.pixels).mean())


@pytest.mark.parametrize("scheduler", [None, "PNDM", "DPMSolverMultistep"])
@pytest.mark.parametrize("steps", [1, 5])
def test_the_picture_is_of_the_prompt(scheduler: str | None, steps: int) -> None:
    red, blue = (
        World().draw(prompt, scheduler=scheduler, num_inference_steps=steps)[0]
        for prompt in ("red", "blue")
    )

    assert red.pixels.shape == (24, 40, 3)
    assert grey(red) == pytest.approx(0.0, abs=0.02)
    assert grey(blue) == pytest.approx(1.0, abs=0.02)


def test_guidance_goes_past_the_prompt_away_from_the_negative_one() -> None:
    (picture,) = World().draw("red", negative_prompt="blue", guidance_scale=1.5)

    assert grey(picture) == pytest.approx(-0.5, abs=0.02)


def test_without_guidance_the_negative_prompt_is_not_even_encoded() -> None:
    world = World()
    world.draw("red", negative_prompt="blue", guidance_scale=1.0)

    assert len(world.networks["text_encoder"].calls) == 1


def test_pictures_have_seeds_one_after_another_and_each_can_be_made_alone() -> None:
    together = World().draw("red", images_per_prompt=3, num_inference_steps=2)
    world = World()
    world.draw("red", seed=3, num_inference_steps=2)

    assert [picture.seed for picture in together] == [1, 2, 3]
    first_sample = world.networks["unet"].calls[0]["sample"][:1]
    noise = np.random.RandomState(3).standard_normal((1, 4, 3, 5))
    assert np.array_equal(first_sample, noise.astype(np.float32).astype(np.float16))


def test_the_prompts_are_encoded_once_for_all_pictures() -> None:
    world = World()
    world.draw("red", images_per_prompt=3, guidance_scale=7.5)

    assert len(world.networks["text_encoder"].calls) == 2


def test_own_latents_are_where_the_denoising_starts() -> None:
    world = World()
    world.draw("red", latents=np.full((1, 4, 3, 5), 0.25), num_inference_steps=1)

    assert np.array_equal(np.unique(world.networks["unet"].calls[0]["sample"]), [0.25])


def test_every_denoising_step_is_told() -> None:
    world = World()
    world.draw("red", images_per_prompt=2, num_inference_steps=4, scheduler="DPMSolverMultistep")

    loading, *pictures = world.observer.tasks
    assert (loading.steps, loading.done) == (4, 4)
    assert [task.title for task in pictures] == ["Picture 1 of 2", "Picture 2 of 2"]
    assert [(task.steps, task.done, task.ended) for task in pictures] == [(4, 4, True)] * 2


def test_who_watches_sees_every_step_of_every_picture() -> None:
    world, seen = World(), list[int]()
    request = GenerationRequest(
        prompt="red", seed=1, images_per_prompt=2, num_inference_steps=3, scheduler="dpm++ 2m"
    )
    list(
        world.generate(
            world.generate.load(FOLDER), request, watch=lambda step: seen.append(step.index)
        )
    )

    assert seen == [0, 1, 2, 0, 1, 2]


def test_what_was_cut_from_the_prompt_is_told_and_kept() -> None:
    world = World()
    (picture,) = world.draw("red red red red blue red", num_inference_steps=1)

    assert picture.cut_prompt == "blue red"
    (note,) = world.observer.notes
    assert note == "The prompt is longer than 4 tokens; this was left out: blue red"


def test_a_negative_prompt_that_is_cut_is_told() -> None:
    world = World()
    (picture,) = world.draw(
        "red", negative_prompt="blue " * 5, guidance_scale=7.5, num_inference_steps=1
    )

    assert picture.cut_prompt == ""
    assert world.observer.notes == [
        "The negative prompt is longer than 4 tokens; this was left out: blue"
    ]


def test_a_flagged_picture_is_black_and_told() -> None:
    world = World(flagged=1.0)
    (picture,) = world.draw("red", num_inference_steps=1)

    assert picture.flagged
    assert not picture.pixels.any()
    assert world.observer.notes == ["The safety checker blacked out the picture of seed 1"]


def test_a_picture_that_is_not_flagged_is_as_it_was_decoded() -> None:
    (picture,) = World().draw("red", num_inference_steps=1)

    assert not picture.flagged
    assert picture.pixels.any()


def test_only_what_drawing_needs_is_loaded() -> None:
    world = World()
    world.generate.load(FOLDER, compute_unit=ComputeUnit.CPU_ONLY, check_safety=False)

    assert world.runtime.loaded == [
        (name, ComputeUnit.CPU_ONLY) for name in ("text_encoder", "unet", "vae_decoder")
    ]


def test_a_folder_without_a_safety_checker_draws_unchecked() -> None:
    drawing = (Component.TEXT_ENCODER, Component.UNET, Component.VAE_DECODER)
    world = World(flagged=1.0, manifest=manifest(*drawing, safety_preprocessing=None))
    (picture,) = world.draw("red", num_inference_steps=1)

    assert not picture.flagged


def test_a_loaded_pipeline_draws_again_without_loading() -> None:
    world = World()
    pipeline = world.generate.load(FOLDER)
    request = GenerationRequest(prompt="red", seed=5, num_inference_steps=2)

    first, second = (list(world.generate(pipeline, request)) for _ in range(2))

    assert first == second
    assert len(world.runtime.loaded) == 4


def test_a_missing_network_is_refused_before_anything_is_loaded() -> None:
    world = World(manifest=manifest(Component.TEXT_ENCODER, Component.UNET))

    with pytest.raises(MissingComponent, match="vae_decoder"):
        world.generate.load(FOLDER)
    assert not world.runtime.loaded


def test_a_safety_checker_without_its_preprocessing_is_refused() -> None:
    world = World(manifest=manifest(safety_preprocessing=None))

    with pytest.raises(IncompleteModelFolder, match=r"pipeline\.json"):
        world.generate.load(FOLDER)


def test_a_folder_without_a_manifest_is_refused() -> None:
    with pytest.raises(NotAModelFolder):
        World().generate.load(Path("elsewhere"))


@pytest.mark.parametrize(
    ("option", "settings"),
    [
        ("--steps", {"num_inference_steps": 1001}),
        ("latents", {"latents": np.zeros((1, 4, 8, 8))}),
    ],
    ids=["steps", "latents"],
)
def test_what_the_model_cannot_meet_is_refused_at_once(
    option: str, settings: dict[str, Any]
) -> None:
    world = World()
    pipeline = world.generate.load(FOLDER)
    request = GenerationRequest(prompt="red", seed=1, **settings)

    with pytest.raises(InvalidRequest, match=f"^{option}: "):
        world.generate(pipeline, request)
