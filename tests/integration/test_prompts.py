"""Weights, long prompts and clip skip on the pocket model, next to diffusers.

Diffusers is given embeddings that are made here, straight from what AUTOMATIC1111's web UI does.
"""

from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion import StableDiffusion, convert
from coreml_stable_diffusion.adapters.pocket.pocket_source import NAME, PocketSource
from coreml_stable_diffusion.adapters.pytorch.diffusers_folder import DiffusersFolder
from coreml_stable_diffusion.domain.component import Component
from coreml_stable_diffusion.domain.conversion.plan import ConversionPlan
from coreml_stable_diffusion.domain.fidelity import psnr_db
from coreml_stable_diffusion.domain.pictures.pixels import to_bytes
from diffusers import StableDiffusionPipeline
from numpy.typing import NDArray
from samples.clip_skip import mend_clip_skip

LEAST_PSNR_DB = 35.0
SETTINGS: dict[str, Any] = {
    "num_inference_steps": 8,
    "guidance_scale": 3.0,
    "output_type": "np",
}
LATENTS = np.random.default_rng(4).standard_normal((1, 4, 16, 16)).astype(np.float32)
#: Pieces of text with their weights, chunk by chunk, and how they are written.
Chunks = list[list[tuple[str, float]]]
WRITTEN = "a (yellow:1.4) star BREAK on a [purple] background"
CHUNKS: Chunks = [
    [("a", 1.0), ("yellow", 1.4), ("star", 1.0)],
    [("on a", 1.0), ("purple", 1 / 1.1), ("background", 1.0)],
]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> StableDiffusion:
    return _converted(tmp_path_factory, ConversionPlan(components=_DRAWING))


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> StableDiffusion:
    plan = ConversionPlan(components=_DRAWING, text_chunks=2, offer_clip_skip=True)
    return _converted(tmp_path_factory, plan)


@pytest.fixture(scope="module")
def theirs() -> StableDiffusionPipeline:
    folder = PocketSource(DiffusersFolder()).open(NAME).folder
    pipeline = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None)
    pipeline.set_progress_bar_config(disable=True)
    mend_clip_skip(pipeline)
    return pipeline


_DRAWING = (Component.TEXT_ENCODER, Component.UNET, Component.VAE_DECODER)


def _converted(factory: pytest.TempPathFactory, plan: ConversionPlan) -> StableDiffusion:
    folder = factory.mktemp("pocket") / "packages"
    convert(NAME, folder, plan, quiet=True)
    return StableDiffusion.from_pretrained(folder, runtime="reference", quiet=True)


def embeddings(pipeline: StableDiffusionPipeline, chunks: Chunks) -> torch.Tensor:
    tokenizer, encoded = pipeline.tokenizer, []
    for chunk in chunks:
        ids, weights = [tokenizer.bos_token_id], [1.0]
        for text, weight in chunk:
            new = tokenizer(text, add_special_tokens=False).input_ids
            ids, weights = ids + new, weights + [weight] * len(new)
        ids += [tokenizer.eos_token_id] * (77 - len(ids))
        weights += [1.0] * (77 - len(weights))
        with torch.no_grad():
            states = pipeline.text_encoder(torch.tensor([ids]))[0]
        mean = states.mean()
        states = states * torch.tensor(weights)[None, :, None]
        encoded.append(states * (mean / states.mean()))
    return torch.cat(encoded, dim=1)


def bytes_of(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    return to_bytes(pictures.transpose(0, 3, 1, 2) * 2 - 1)


def test_weights_and_breaks_give_the_picture_of_their_embeddings(
    roomy: StableDiffusion, theirs: StableDiffusionPipeline
) -> None:
    ours = roomy(WRITTEN, prompt_syntax="a1111", seed=1, latents=LATENTS, **SETTINGS)

    expected = theirs(
        prompt_embeds=embeddings(theirs, CHUNKS),
        negative_prompt_embeds=embeddings(theirs, [[], []]),
        latents=torch.from_numpy(LATENTS),
        **SETTINGS,
    )
    assert psnr_db(bytes_of(ours.images), bytes_of(expected.images)) > LEAST_PSNR_DB


def test_a_short_prompt_gives_the_same_picture_with_more_room(
    usual: StableDiffusion, roomy: StableDiffusion
) -> None:
    prompt = "a red circle on a blue background"

    one, other = (each(prompt, seed=1, latents=LATENTS, **SETTINGS) for each in (usual, roomy))

    assert psnr_db(bytes_of(one.images), bytes_of(other.images)) > LEAST_PSNR_DB


def test_clip_skip_gives_the_picture_that_diffusers_gives(
    roomy: StableDiffusion, theirs: StableDiffusionPipeline
) -> None:
    """With the negative prompt's last layer left out, too, as by the web UI; diffusers keeps it."""
    prompt = "a red circle on a blue background"
    skipped, nothing = (
        theirs.encode_prompt(text, "cpu", 1, False, clip_skip=1)[0] for text in (prompt, "")
    )

    ours = roomy(prompt, clip_skip=1, seed=1, latents=LATENTS, **SETTINGS)

    expected = theirs(
        prompt_embeds=skipped,
        negative_prompt_embeds=nothing,
        latents=torch.from_numpy(LATENTS),
        **SETTINGS,
    )
    unskipped = theirs(prompt, latents=torch.from_numpy(LATENTS), **SETTINGS)
    assert psnr_db(bytes_of(ours.images), bytes_of(expected.images)) > LEAST_PSNR_DB
    assert psnr_db(bytes_of(unskipped.images), bytes_of(expected.images)) < LEAST_PSNR_DB
