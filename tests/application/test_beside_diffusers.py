"""Whole pictures beside those of diffusers' pipelines of the same kind, on the same networks."""

from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion
from coreml_stable_diffusion.application.denoise import Denoise
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.fidelity import psnr_db, tensor_psnr_db
from coreml_stable_diffusion.domain.own_texts import OwnTexts
from coreml_stable_diffusion.domain.pictures.control_picture import ControlPicture
from coreml_stable_diffusion.domain.pictures.source_picture import SourcePicture
from coreml_stable_diffusion.domain.randomness.kind import RandomKind
from coreml_stable_diffusion.domain.size_conditions import SizeConditions
from numpy.typing import NDArray
from PIL import Image
from samples.diffusers_checkpoints import DiffusersCheckpoints
from samples.diffusers_world import pixels_of

# What float16 at the networks' edges costs; another guidance scale is at about 34 dB.
LEAST_PSNR_DB = 60.0
PROMPT = "a red circle"
RNG = np.random.default_rng(5)
NOISE = RNG.standard_normal((1, 4, 8, 8)).astype(np.float32)
PIXELS = RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8)
WIDE = RNG.integers(0, 256, (40, 90, 3), dtype=np.uint8)
MASK = np.zeros((64, 64), dtype=np.uint8)
MASK[10:45, 20:60] = 255
BOTH: dict[str, Any] = {"num_inference_steps": 6, "guidance_scale": 5.0}
SIZED = {"height": 64, "width": 64}
#: Ours and theirs of the same noise, and of the same seed.
NOISY, THEIR_NOISY = {**BOTH, "latents": NOISE}, {**BOTH, "latents": torch.from_numpy(NOISE)}
SEEDED = {**BOTH, "seed": 1, "rng": RandomKind.TORCH}


def seeded() -> dict[str, Any]:
    return {**BOTH, "generator": torch.Generator().manual_seed(1)}


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> DiffusersCheckpoints:
    return DiffusersCheckpoints(tmp_path_factory.mktemp("checkpoints"))


def require_same(found: NDArray[np.uint8], image: Any) -> None:
    expected = pixels_of(image)
    assert expected.std() > 30
    assert psnr_db(found, expected) > LEAST_PSNR_DB


@pytest.mark.parametrize("scale", [1.0, 5.0])
@pytest.mark.parametrize("rescale", [0.0, 0.7])
def test_text_to_image(checkpoints: DiffusersCheckpoints, scale: float, rescale: float) -> None:
    changed = {"guidance_scale": scale, "guidance_rescale": rescale}
    pipeline = checkpoints.theirs("StableDiffusion", "sd")
    expected = pipeline(PROMPT, negative_prompt="blue", **THEIR_NOISY | changed).images[0]

    (found,) = checkpoints.ours("sd").draw(PROMPT, negative_prompt="blue", **NOISY | changed)

    require_same(found.pixels, expected)


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_callback_that_changes_latents_and_interrupts(
    checkpoints: DiffusersCheckpoints, interrupted: bool
) -> None:
    def change(pipeline: Any, step: int, _: float, values: dict[str, Any]) -> dict[str, Any]:
        pipeline._interrupt = interrupted and step == 4
        return {"latents": values["latents"] * 0.8} if step == 2 else values

    theirs = checkpoints.theirs("StableDiffusion", "sd")
    expected = theirs(PROMPT, callback_on_step_end=change, output_type="latent", **THEIR_NOISY)

    world = checkpoints.ours("sd")
    pipeline = StableDiffusion(world.generate, Denoise(observer=world.observer), world.pipeline)
    found = pipeline(
        PROMPT, callback_on_step_end=change, output_type="latent", seed=1, **BOTH, latents=NOISE
    )

    assert tensor_psnr_db(found.images, expected.images.numpy()) > LEAST_PSNR_DB


@pytest.mark.parametrize("negative", [None, "", "blue"])
def test_xl_takes_two_texts_and_zeros_for_no_negative_one(
    checkpoints: DiffusersCheckpoints, negative: str | None
) -> None:
    pipeline = checkpoints.theirs("StableDiffusionXL", "xl")
    expected = pipeline(PROMPT, negative_prompt=negative, **THEIR_NOISY).images[0]

    (found,) = checkpoints.ours("xl").draw(PROMPT, negative_prompt=negative, **NOISY)

    require_same(found.pixels, expected)


@pytest.mark.parametrize("batch_one", [False, True])
def test_xl_is_told_sizes(checkpoints: DiffusersCheckpoints, batch_one: bool) -> None:
    sizes: dict[str, Any] = {
        "original_size": (300, 400),
        "crops_coords_top_left": (50, 60),
        "target_size": (1280, 1000),
        "negative_original_size": (10, 10),
        "negative_crops_coords_top_left": (1, 2),
        "negative_target_size": (12, 14),
    }
    expected = checkpoints.theirs("StableDiffusionXL", "xl")(PROMPT, **THEIR_NOISY, **sizes)

    world = checkpoints.ours("xl", plan=ConversionPlan(unet_batch_one=batch_one))
    (found,) = world.draw(PROMPT, **NOISY, sizes=SizeConditions(**sizes))

    require_same(found.pixels, expected.images[0])


def test_texts_that_others_encoded(checkpoints: DiffusersCheckpoints) -> None:
    embeds = {
        "prompt_embeds": torch.randn(1, 77, 96),
        "negative_prompt_embeds": torch.randn(1, 77, 96),
        "pooled_prompt_embeds": torch.randn(1, 64),
        "negative_pooled_prompt_embeds": torch.randn(1, 64),
    }
    expected = checkpoints.theirs("StableDiffusionXL", "xl")(**embeds, **THEIR_NOISY).images[0]

    (found,) = checkpoints.ours("xl").draw("", texts=OwnTexts.of(**embeds), **NOISY)

    require_same(found.pixels, expected)


def test_a_guidance_scale_that_is_an_embedding(checkpoints: DiffusersCheckpoints) -> None:
    scheduler = diffusers.LCMScheduler.from_pretrained(checkpoints.path("distilled") / "scheduler")
    pipeline = checkpoints.theirs("LatentConsistencyModel", "distilled", scheduler=scheduler)
    told = {"guidance_scale": 8.5}
    expected = pipeline(PROMPT, **SIZED, **seeded() | told).images[0]

    (found,) = checkpoints.ours("distilled").draw(PROMPT, **SEEDED | told)

    require_same(found.pixels, expected)


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize(
    ("name", "kind", "scheduler"),
    [
        ("sd", "StableDiffusionInpaint", None),
        ("sd", "StableDiffusionInpaint", "EulerAncestralDiscrete"),
        ("sd", "StableDiffusionInpaint", "HeunDiscrete"),
        ("inpainting", "StableDiffusionInpaint", None),
        ("xl", "StableDiffusionXLInpaint", None),
    ],
)
def test_inpainting(
    checkpoints: DiffusersCheckpoints, name: str, kind: str, scheduler: str | None, strength: float
) -> None:
    pipeline = checkpoints.theirs(kind, name)
    if scheduler is not None:
        chosen = getattr(diffusers, f"{scheduler}Scheduler")
        pipeline.scheduler = chosen.from_config(pipeline.scheduler.config)
    expected = pipeline(
        PROMPT,
        image=Image.fromarray(PIXELS),
        mask_image=Image.fromarray(MASK),
        strength=strength,
        **SIZED,
        **seeded(),
    ).images[0]

    source = SourcePicture(pixels=PIXELS, mask=MASK, strength=strength)
    (found,) = checkpoints.ours(name).draw(PROMPT, source=source, scheduler=scheduler, **SEEDED)

    require_same(found.pixels, expected)


@pytest.mark.parametrize(
    ("scale", "picture_scale"), [(5.0, 1.5), (5.0, 0.9), (1.0, 1.5), (7.5, 2.0)]
)
def test_changing_a_picture_by_an_instruction(
    checkpoints: DiffusersCheckpoints, scale: float, picture_scale: float
) -> None:
    scales = {"guidance_scale": scale, "image_guidance_scale": picture_scale}
    pipeline = checkpoints.theirs("StableDiffusionInstructPix2Pix", "instructed")
    expected = pipeline(PROMPT, image=Image.fromarray(PIXELS), **seeded() | scales).images[0]

    source = SourcePicture(pixels=PIXELS)
    (found,) = checkpoints.ours("instructed").draw(PROMPT, source=source, **SEEDED | scales)

    require_same(found.pixels, expected)


@pytest.mark.parametrize("guess_mode", [False, True])
@pytest.mark.parametrize("scale", [1.0, 5.0])
@pytest.mark.parametrize("count", [1, 2])
def test_controlnets(
    checkpoints: DiffusersCheckpoints, count: int, scale: float, guess_mode: bool
) -> None:
    names, pictures, weights = ["edges", "depths"][:count], [PIXELS, WIDE][:count], [0.8, 0.5]
    images, told = [Image.fromarray(each) for each in pictures], {"guidance_scale": scale}
    expected = checkpoints.theirs("StableDiffusionControlNet", "sd", *names)(
        PROMPT,
        image=images if count > 1 else images[0],
        controlnet_conditioning_scale=weights if count > 1 else weights[0],
        guess_mode=guess_mode,
        **SIZED,
        **THEIR_NOISY | told,
    ).images[0]

    controls = tuple(
        ControlPicture(controlnet=name, pixels=pixels, scale=weight)
        for name, pixels, weight in zip(names, pictures, weights, strict=False)
    )
    (found,) = checkpoints.ours("sd", *names).draw(
        PROMPT, controls=controls, guess_mode=guess_mode, **NOISY | told
    )

    require_same(found.pixels, expected)


def test_a_controlnet_of_xl(checkpoints: DiffusersCheckpoints) -> None:
    pipeline = checkpoints.theirs("StableDiffusionXLControlNet", "xl", "xl-edges")
    expected = pipeline(
        PROMPT,
        image=Image.fromarray(PIXELS),
        controlnet_conditioning_scale=0.7,
        **SIZED,
        **THEIR_NOISY,
    ).images[0]

    controls = (ControlPicture(pixels=PIXELS, scale=0.7),)
    (found,) = checkpoints.ours("xl", "xl-edges").draw(PROMPT, controls=controls, **NOISY)

    require_same(found.pixels, expected)


@pytest.mark.parametrize("scheduler", ["EulerDiscrete", "DPMSolverMultistep"])
@pytest.mark.parametrize("start", [0.8, 0.5])
def test_a_refiner_takes_over(
    checkpoints: DiffusersCheckpoints, scheduler: str, start: float
) -> None:
    base = checkpoints.theirs("StableDiffusionXL", "xl")
    refiner = checkpoints.theirs(
        "StableDiffusionXLImg2Img", "refiner", text_encoder=None, tokenizer=None, vae=base.vae
    )
    for pipeline in (base, refiner):
        chosen = getattr(diffusers, f"{scheduler}Scheduler")
        pipeline.scheduler = chosen.from_config(pipeline.scheduler.config)
    latents = base(PROMPT, denoising_end=start, output_type="latent", **THEIR_NOISY).images
    expected = refiner(PROMPT, image=latents, denoising_start=start, **BOTH).images[0]

    world = checkpoints.ours("xl", refiner=checkpoints.path("refiner"))
    (found,) = world.draw(PROMPT, refiner_start=start, scheduler=scheduler, **NOISY)

    require_same(found.pixels, expected)


@pytest.mark.parametrize("name", ["xl", "refiner"])
def test_image_to_image_of_xl(checkpoints: DiffusersCheckpoints, name: str) -> None:
    parts = {"text_encoder": None, "tokenizer": None} if name == "refiner" else {}
    pipeline = checkpoints.theirs("StableDiffusionXLImg2Img", name, **parts)
    expected = pipeline(PROMPT, image=Image.fromarray(PIXELS), strength=0.7, **seeded()).images[0]

    source = SourcePicture(pixels=PIXELS, strength=0.7)
    (found,) = checkpoints.ours(name).draw(PROMPT, source=source, **SEEDED)

    require_same(found.pixels, expected)


def test_one_of_several_sizes_is_picked(checkpoints: DiffusersCheckpoints) -> None:
    pipeline = checkpoints.theirs("StableDiffusionImg2Img", "sd")
    image = Image.fromarray(PIXELS).resize((128, 64))
    expected = pipeline(PROMPT, image=image, strength=0.7, **seeded()).images[0]

    source = SourcePicture(pixels=np.array(image), strength=0.7)
    (found,) = checkpoints.ours("sd", wide=True).draw(PROMPT, source=source, width=128, **SEEDED)

    assert found.pixels.shape == (64, 128, 3)
    require_same(found.pixels, expected)


@pytest.mark.parametrize("low_memory", [False, True])
def test_xl_is_told_the_size_that_was_picked(
    checkpoints: DiffusersCheckpoints, low_memory: bool
) -> None:
    sized = {"height": 64, "width": 128, "generator": torch.Generator().manual_seed(1)}
    expected = checkpoints.theirs("StableDiffusionXL", "xl")(PROMPT, **BOTH, **sized).images[0]

    world = checkpoints.ours("xl", wide=True, low_memory=low_memory)
    (found,) = world.draw(PROMPT, width=128, **SEEDED)

    require_same(found.pixels, expected)
