"""The request that the options of `coreml-sd generate` make."""

from typing import Any

from ...domain.errors import InvalidRequest
from ...domain.request import GenerationRequest
from ...domain.size_conditions import Pair, SizeConditions
from ..random_seed import random_seed
from .generation_options import (
    ControlOptions,
    PromptOptions,
    SamplingOptions,
    SourceOptions,
    XlOptions,
)
from .numbers import numbers
from .picture_inputs import PictureInputs


def requested(
    prompt: PromptOptions,
    sampling: SamplingOptions,
    source: SourceOptions,
    control: ControlOptions,
    *,
    xl: XlOptions,
    pictures: PictureInputs,
) -> GenerationRequest:
    """Build the request; a seed left out is any. Raises InvalidRequest."""
    return GenerationRequest(
        prompt=prompt.prompt,
        negative_prompt=prompt.negative_prompt,
        prompt_syntax=prompt.prompt_syntax,
        clip_skip=prompt.clip_skip,
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
        image_guidance_scale=source.image_guidance_scale,
        controls=pictures.controls,
        guess_mode=control.guess_mode,
        refiner_start=xl.refiner_start,
        sizes=_sizes(xl),
    )


def _sizes(xl: XlOptions) -> SizeConditions:
    told: dict[str, Any] = {
        "original_size": _pair("--original-size", xl.original_size),
        "crops_coords_top_left": _pair("--crop-top-left", xl.crop_top_left),
        "target_size": _pair("--target-size", xl.target_size),
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
