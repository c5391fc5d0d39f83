"""Pictures of converted packages in float16, beside diffusers' pipeline of the same checkpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion, convert
from coreml_stable_diffusion.domain.additions import Additions
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.fidelity import psnr_db
from PIL import Image
from samples.diffusers_checkpoints import DiffusersCheckpoints
from samples.diffusers_world import pixels_of

LEAST_PSNR_DB = 35.0
PROMPT = "a red circle"
RNG = np.random.default_rng(5)
PICTURE = Image.fromarray(RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8))
MASK = Image.fromarray(np.tile(np.where(np.arange(64) < 40, np.uint8(255), np.uint8(0)), (64, 1)))
NOISE = RNG.standard_normal((1, 4, 8, 8)).astype(np.float32)
BOTH: dict[str, Any] = {"num_inference_steps": 6, "guidance_scale": 5.0}
DRAWING = (Component.TEXT_ENCODER, Component.VAE_DECODER)

Drawing = Callable[..., Any]


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> DiffusersCheckpoints:
    return DiffusersCheckpoints(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture
def converted(checkpoints: DiffusersCheckpoints, tmp_path: Path) -> Drawing:
    def of(name: str, *components: Component, **additions: Any) -> StableDiffusion:
        plan = ConversionPlan(components=(*DRAWING, *components))
        added = Additions(**additions)
        convert(checkpoints.path(name), tmp_path / "packages", plan, additions=added, quiet=True)
        return StableDiffusion.from_pretrained(
            tmp_path / "packages", runtime="reference", check_safety=False, quiet=True
        )

    return of


def require_near(found: Image.Image, expected: Image.Image) -> None:
    assert pixels_of(expected).std() > 30
    assert psnr_db(pixels_of(found), pixels_of(expected)) >= LEAST_PSNR_DB


def test_xl_and_its_refiner(checkpoints: DiffusersCheckpoints, converted: Drawing) -> None:
    base = checkpoints.theirs("StableDiffusionXL", "xl")
    refiner = checkpoints.theirs(
        "StableDiffusionXLImg2Img", "refiner", text_encoder=None, tokenizer=None, vae=base.vae
    )
    noise = torch.from_numpy(NOISE)
    latents = base(PROMPT, denoising_end=0.5, output_type="latent", latents=noise, **BOTH).images
    expected = refiner(PROMPT, image=latents, denoising_start=0.5, **BOTH).images[0]

    ours = converted(
        "xl", Component.TEXT_ENCODER_2, Component.UNET, refiner=str(checkpoints.path("refiner"))
    )

    drawn = ours(PROMPT, refiner_start=0.5, latents=NOISE, **BOTH)
    require_near(drawn.images[0], expected)


def test_inpainting(checkpoints: DiffusersCheckpoints, converted: Drawing) -> None:
    told = {"image": PICTURE, "mask_image": MASK, "strength": 0.8}
    theirs = checkpoints.theirs("StableDiffusionInpaint", "inpainting")
    generator = torch.Generator().manual_seed(1)
    expected = theirs(PROMPT, height=64, width=64, generator=generator, **told, **BOTH).images[0]

    ours = converted("inpainting", Component.UNET, Component.VAE_ENCODER)

    drawn = ours(PROMPT, seed=1, rng="torch", keep_outside=False, **told, **BOTH)
    require_near(drawn.images[0], expected)


def test_a_controlnet(checkpoints: DiffusersCheckpoints, converted: Drawing) -> None:
    theirs = checkpoints.theirs("StableDiffusionControlNet", "sd", "edges")
    noise, scaled = torch.from_numpy(NOISE), {"controlnet_conditioning_scale": 0.8}
    expected = theirs(PROMPT, image=PICTURE, latents=noise, **scaled, **BOTH).images[0]

    ours = converted("sd", Component.CONTROL_UNET, controlnets=(str(checkpoints.path("edges")),))

    drawn = ours(PROMPT, control_image=PICTURE, latents=NOISE, **scaled, **BOTH)
    require_near(drawn.images[0], expected)
