"""Pictures made from pictures with the pocket model, beside diffusers' pipeline of the kind."""

from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion, convert
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.fidelity import psnr_db
from coreml_stable_diffusion.domain.pocket.drawing import draw
from coreml_stable_diffusion.domain.pocket.scene import COLOURS, Combination, Scene
from diffusers import StableDiffusionImg2ImgPipeline
from numpy.typing import NDArray
from PIL import Image

LEAST_PSNR_DB = 35.0
CIRCLE = Combination("green", "circle", "blue")
PROMPT = "a yellow square on a purple background"
CENTRED = draw(Scene(combination=CIRCLE, radius=0.3), 128)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> StableDiffusion:
    folder = tmp_path_factory.mktemp("pocket") / "packages"
    convert(NAME, folder, quiet=True)
    return StableDiffusion.from_pretrained(
        folder, runtime="reference", check_safety=False, quiet=True
    )


@pytest.fixture(scope="module")
def theirs() -> StableDiffusionImg2ImgPipeline:
    checkpoint = PocketSource(DiffusersFolder()).open(NAME)
    pipeline = StableDiffusionImg2ImgPipeline.from_pretrained(
        checkpoint.folder, safety_checker=None
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@pytest.mark.parametrize(
    ("name", "kind", "strength"),
    [
        ("PNDM", "PNDMScheduler", 0.6),
        ("DPM++ 2M", "DPMSolverMultistepScheduler", 0.3),
        ("Euler", "EulerDiscreteScheduler", 1.0),
        ("DDIM", "DDIMScheduler", 0.6),
        ("Euler a", "EulerAncestralDiscreteScheduler", 0.6),
    ],
)
def test_a_seed_makes_the_picture_that_diffusers_makes(
    ours: StableDiffusion,
    theirs: StableDiffusionImg2ImgPipeline,
    name: str,
    kind: str,
    strength: float,
) -> None:
    source = Image.fromarray(CENTRED)
    theirs.scheduler = getattr(diffusers, kind).from_config(theirs.scheduler.config)
    wanted = theirs(
        PROMPT,
        image=source,
        strength=strength,
        num_inference_steps=20,
        guidance_scale=ours.manifest.facts.guidance_scale,
        generator=torch.Generator().manual_seed(5),
    ).images[0]

    found = ours(
        PROMPT,
        image=source,
        strength=strength,
        num_inference_steps=20,
        scheduler=name,
        seed=5,
        rng="torch",
    ).images[0]

    assert psnr_db(np.asarray(found), np.asarray(wanted)) >= LEAST_PSNR_DB


def test_a_picture_keeps_the_place_of_what_was_in_its_source(ours: StableDiffusion) -> None:
    above, below = (_centre_of_what_becomes_of(ours, place) for place in ((0.3, 0.3), (0.7, 0.7)))

    np.testing.assert_allclose(above, (0.3, 0.3), atol=0.05)
    np.testing.assert_allclose(below, (0.7, 0.7), atol=0.05)


def test_only_what_is_masked_is_drawn_anew(ours: StableDiffusion) -> None:
    mask = np.zeros((128, 128), dtype=np.uint8)
    mask[:, 64:] = 255
    settings: dict[str, Any] = {"image": CENTRED, "mask_image": mask, "seed": 3}
    drawn, kept = (
        np.asarray(ours(PROMPT, keep_outside=keep, scheduler="DPM++ 2M", **settings).images[0])
        for keep in (False, True)
    )

    assert np.array_equal(kept[:, :64], CENTRED[:, :64])
    assert _distance(drawn[:, :56], CENTRED[:, :56]) < 15
    assert _distance(drawn[:, 64:], CENTRED[:, 64:]) > 60
    assert (np.abs(kept[:, 64:].astype(int) - COLOURS["yellow"]).sum(axis=2) < 100).mean() > 0.2


@pytest.mark.parametrize("prompt", [PROMPT, "a red circle on a blue background"])
def test_a_preview_resembles_the_picture_from_the_second_step_on(
    ours: StableDiffusion, prompt: str
) -> None:
    previews = list[NDArray[np.uint8]]()
    picture = ours(
        prompt,
        seed=4,
        num_inference_steps=12,
        scheduler="DPM++ 2M",
        callback_on_step_end=lambda caller, _, __, values: previews.append(
            np.asarray(caller.preview(values["denoised"]))
        ),
    ).images[0]

    end = np.asarray(picture.resize((16, 16), Image.Resampling.BOX))
    likeness = [np.corrcoef(each.ravel(), end.ravel())[0, 1] for each in previews]
    assert min(likeness[1:]) > 0.7
    assert min(likeness[6:]) > 0.85
    assert likeness[-1] > 0.9


def _distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How far apart colours are on average, from 0 to 255."""
    return float(np.abs(one.astype(int) - other).mean())


def _centre_of_what_becomes_of(
    ours: StableDiffusion, place: tuple[float, float]
) -> NDArray[np.float64]:
    """Where the yellow is, as parts of the width and height."""
    scene = Scene(combination=CIRCLE, radius=0.22, centre_x=place[0], centre_y=place[1])
    picture = ours(
        PROMPT, image=draw(scene, 128), strength=0.5, seed=3, scheduler="DPM++ 2M"
    ).images[0]
    distance = np.abs(np.asarray(picture).astype(np.float64) - COLOURS["yellow"]).sum(axis=2)
    rows, columns = np.nonzero(distance < 100)
    return np.array([columns.mean(), rows.mean()]) / 128
