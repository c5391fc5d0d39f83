"""The requests that the options of `coreml-sd generate` make."""

import itertools
import sys
from typing import Any

import attrs

from ...domain.errors import InvalidRequest
from ...domain.request import GenerationRequest
from ...domain.size_conditions import Pair, SizeConditions
from ..random_seed import random_seed
from .generation_options import Choices
from .given_arrays import GivenArrays
from .numbers import numbers
from .picture_inputs import PictureInputs
from .prompt_options import PromptOptions
from .prompts_file import read_prompts
from .xl_options import XlOptions


def requested(
    choices: Choices, pictures: PictureInputs, arrays: GivenArrays | None = None
) -> tuple[GenerationRequest, ...]:
    """Build a request for each prompt, which go on with each other's seeds; the first is any.

    Raises InvalidRequest.
    """
    encoded = arrays is not None and arrays.texts is not None
    first, *others = ("",) if encoded else _prompts(choices.prompt)
    request = _request(first, choices, pictures)
    if arrays is not None:
        request = attrs.evolve(request, latents=arrays.latents, texts=arrays.texts)
    seeds = itertools.count(request.seed, request.images_per_prompt)
    return tuple(
        attrs.evolve(request, prompt=prompt, seed=seed)
        for prompt, seed in zip([first, *others], seeds, strict=False)
    )


def _prompts(options: PromptOptions) -> tuple[str, ...]:
    if options.prompt is not None and options.prompts is not None:
        raise InvalidRequest("--prompts", "there is a PROMPT, too; give one of them")
    if options.prompts is not None:
        return read_prompts(options.prompts, sys.stdin.buffer)
    if options.prompt is None:
        problem = "say what the picture shows, or give --prompts or --from-image"
        raise InvalidRequest("PROMPT", problem)
    return (options.prompt,)


def _request(prompt: str, choices: Choices, pictures: PictureInputs) -> GenerationRequest:
    sampling = choices.sampling
    return GenerationRequest(
        prompt=prompt,
        negative_prompt=choices.prompt.negative_prompt,
        prompt_syntax=choices.prompt.prompt_syntax,
        clip_skip=choices.prompt.clip_skip,
        height=sampling.height,
        width=sampling.width,
        num_inference_steps=sampling.steps,
        guidance_scale=sampling.guidance_scale,
        guidance_rescale=sampling.guidance_rescale,
        seed=random_seed() if sampling.seed is None else sampling.seed,
        images_per_prompt=sampling.images,
        scheduler=sampling.scheduler,
        rng=sampling.rng,
        timesteps=numbers("--timesteps", sampling.timesteps),
        sigmas=numbers("--sigmas", sampling.sigmas),
        eta=sampling.eta,
        source=pictures.source,
        image_guidance_scale=choices.source.image_guidance_scale,
        controls=pictures.controls,
        guess_mode=choices.control.guess_mode,
        refiner_start=choices.xl.refiner_start,
        sizes=_sizes(choices.xl),
    )


def _sizes(xl: XlOptions) -> SizeConditions:
    told: dict[str, Any] = {
        "original_size": _pair("--original-size", xl.original_size),
        "crops_coords_top_left": _pair("--crop-top-left", xl.crop_top_left),
        "target_size": _pair("--target-size", xl.target_size),
        "negative_original_size": _pair("--negative-original-size", xl.negative_original_size),
        "negative_crops_coords_top_left": _pair(
            "--negative-crop-top-left", xl.negative_crop_top_left
        ),
        "negative_target_size": _pair("--negative-target-size", xl.negative_target_size),
    }
    return SizeConditions(
        **{name: pair for name, pair in told.items() if pair is not None},
        aesthetic_score=xl.aesthetic_score,
        negative_aesthetic_score=xl.negative_aesthetic_score,
    )


def _pair(option: str, text: str | None) -> Pair | None:
    values = numbers(option, text)
    if values is None:
        return None
    if len(values) != 2 or any(value != int(value) or value < 0 for value in values):
        raise InvalidRequest(option, f"{text} is not two whole numbers from 0 up, such as 512,768")
    return int(values[0]), int(values[1])
