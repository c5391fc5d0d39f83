"""The whole way on the pocket model: from its checkpoint over packages to pictures that show it."""

import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion, convert
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.checkpoint import Checkpoint
from coreml_stable_diffusion.domain.fidelity import psnr_db
from coreml_stable_diffusion.domain.pocket.drawing import draw
from coreml_stable_diffusion.domain.pocket.reading import read
from coreml_stable_diffusion.domain.pocket.scene import Combination, Scene, held_out_combinations
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline
from numpy.typing import NDArray

MOST_WEIGHT_BYTES = 12_000_000
LEAST_PSNR_DB = 35.0
UNSEEN = held_out_combinations()[5::13]


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return PocketSource(DiffusersFolder()).open(NAME)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> StableDiffusion:
    folder = tmp_path_factory.mktemp("pocket") / "packages"
    convert(NAME, folder, quiet=True)
    return StableDiffusion.from_pretrained(folder, runtime="reference", quiet=True)


@pytest.fixture(scope="module")
def theirs(checkpoint: Checkpoint) -> StableDiffusionPipeline:
    pipeline = StableDiffusionPipeline.from_pretrained(checkpoint.folder)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def pixels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (picture * 255).round().astype(np.uint8)


def test_the_weights_are_small_float16_safetensors(checkpoint: Checkpoint) -> None:
    files = list(checkpoint.folder.rglob("*.safetensors"))

    assert len(files) == 4
    assert sum(file.stat().st_size for file in files) <= MOST_WEIGHT_BYTES


@pytest.mark.parametrize("wanted", UNSEEN, ids=Combination.caption)
def test_a_picture_shows_what_was_never_seen_in_training(
    ours: StableDiffusion, wanted: Combination
) -> None:
    drawn = ours(wanted.caption(), seed=7, output_type="np")

    assert read(pixels(drawn.images[0])).shows(wanted)["all"]
    assert drawn.nsfw_content_detected == [False]


@pytest.mark.parametrize("scheduler", ["PNDM", "DPMSolverMultistep"])
def test_pictures_are_near_those_of_diffusers(
    ours: StableDiffusion, theirs: StableDiffusionPipeline, scheduler: str
) -> None:
    prompt = UNSEEN[0].caption()
    noise = np.random.default_rng(3).standard_normal((1, 4, 16, 16)).astype(np.float32)
    if scheduler == "DPMSolverMultistep":
        theirs.scheduler = DPMSolverMultistepScheduler.from_config(theirs.scheduler.config)

    found = ours(prompt, latents=noise, scheduler=scheduler, output_type="np").images[0]

    wanted = theirs(
        prompt,
        latents=torch.from_numpy(noise),
        num_inference_steps=25,
        guidance_scale=ours.manifest.facts.guidance_scale,
        output_type="np",
    ).images[0]
    assert psnr_db(pixels(found), pixels(wanted)) >= LEAST_PSNR_DB


def test_the_safety_checker_tells_noise_from_shapes(theirs: StableDiffusionPipeline) -> None:
    noise = np.random.default_rng(0).integers(256, size=(128, 128, 3), dtype=np.uint8)
    shapes = [draw(Scene(combination=each, radius=0.3), 128) for each in UNSEEN]

    inputs = theirs.feature_extractor([noise, *shapes], return_tensors="pt").pixel_values
    pictures = [each.astype(np.float32) for each in (noise, *shapes)]
    _, flagged = theirs.safety_checker(clip_input=inputs, images=pictures)

    assert flagged == [True, *[False] * len(shapes)]


def test_packages_carry_apples_names(ours: StableDiffusion) -> None:
    assert [record.file for record in ours.manifest.packages] == [
        f"Stable_Diffusion_version_pocket_{component}.mlpackage"
        for component in (
            "text_encoder",
            "unet",
            "vae_decoder",
            "vae_encoder",
            "safety_checker",
        )
    ]


def test_the_same_seed_makes_the_same_picture(ours: StableDiffusion) -> None:
    first, second = (
        ours(UNSEEN[1].caption(), seed=11, num_inference_steps=4, output_type="np").images[0]
        for _ in range(2)
    )

    assert np.array_equal(first, second)
