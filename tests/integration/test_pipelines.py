"""Pictures of whole folders of packages beside those of diffusers, from the same noise."""

from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion, convert
from coreml_stable_diffusion.domain.additions import Additions
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.fidelity import psnr_db
from PIL import Image
from samples.checkpoints import write_checkpoint, write_refiner, write_xl_checkpoint
from samples.controlnets import write_xl_controlnet
from samples.diffusers_world import theirs

LEAST_PSNR_DB = 35.0
PROMPT = "a red circle"
RNG = np.random.default_rng(5)
NOISE = RNG.standard_normal((1, 4, 8, 8)).astype(np.float32)
PICTURE = Image.fromarray(RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8))
MASK = Image.new("L", (64, 64))
MASK.paste(255, (20, 10, 60, 45))
BOTH: dict[str, Any] = {"num_inference_steps": 6, "guidance_scale": 5.0}
THEIR_NOISY = {**BOTH, "latents": torch.from_numpy(NOISE), "height": 64, "width": 64}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pipelines")


@pytest.fixture(scope="module")
def xl(folder: Path) -> StableDiffusion:
    write_xl_checkpoint(folder / "xl")
    write_refiner(folder / "refiner")
    write_xl_controlnet(folder / "edges")
    convert(
        folder / "xl",
        folder / "xl-packages",
        ConversionPlan(unet_batch_one=True),
        additions=Additions(controlnets=(str(folder / "edges"),), refiner=str(folder / "refiner")),
        quiet=True,
    )
    return loaded(folder / "xl-packages", low_memory=True)


def loaded(packages: Path, **settings: Any) -> StableDiffusion:
    return StableDiffusion.from_pretrained(packages, runtime="reference", quiet=True, **settings)


def require_near(found: Any, expected: Any) -> None:
    assert np.asarray(expected.images[0]).std() > 30
    pictures = (np.asarray(each.images[0]) for each in (found, expected))
    assert psnr_db(*pictures) >= LEAST_PSNR_DB


def test_xl(xl: StableDiffusion, folder: Path) -> None:
    expected = theirs(diffusers.StableDiffusionXLPipeline, folder / "xl")(PROMPT, **THEIR_NOISY)

    require_near(xl(PROMPT, latents=NOISE, refiner_start=1, **BOTH), expected)


def test_a_refiner(xl: StableDiffusion, folder: Path) -> None:
    base = theirs(diffusers.StableDiffusionXLPipeline, folder / "xl")
    parts = {"text_encoder": None, "tokenizer": None, "vae": base.vae}
    refiner = theirs(diffusers.StableDiffusionXLImg2ImgPipeline, folder / "refiner", **parts)
    latents = base(PROMPT, denoising_end=0.5, output_type="latent", **THEIR_NOISY).images
    expected = refiner(PROMPT, image=latents, denoising_start=0.5, **BOTH)

    require_near(xl(PROMPT, latents=NOISE, refiner_start=0.5, **BOTH), expected)


def test_a_controlnet_of_xl(xl: StableDiffusion, folder: Path) -> None:
    controlnet = diffusers.ControlNetModel.from_pretrained(folder / "edges")
    pipeline = theirs(
        diffusers.StableDiffusionXLControlNetPipeline, folder / "xl", controlnet=controlnet
    )
    expected = pipeline(PROMPT, image=PICTURE, controlnet_conditioning_scale=0.7, **THEIR_NOISY)

    found = xl(
        PROMPT,
        control_image=PICTURE,
        controlnet_conditioning_scale=0.7,
        latents=NOISE,
        refiner_start=1,
        **BOTH,
    )
    require_near(found, expected)


def test_inpainting(folder: Path) -> None:
    write_checkpoint(folder / "inpainting", in_channels=9)
    convert(folder / "inpainting", folder / "inpainting-packages", quiet=True)
    pipeline = theirs(
        diffusers.StableDiffusionInpaintPipeline, folder / "inpainting", safety_checker=None
    )
    expected = pipeline(
        PROMPT,
        image=PICTURE,
        mask_image=MASK,
        generator=torch.Generator().manual_seed(1),
        height=64,
        width=64,
        **BOTH,
    )

    ours = loaded(folder / "inpainting-packages", check_safety=False)
    found = ours(
        PROMPT,
        image=PICTURE,
        mask_image=MASK,
        generator=torch.Generator().manual_seed(1),
        **BOTH,
    )
    require_near(found, expected)
