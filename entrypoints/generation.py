"""What a call of the Python interface returns, in the forms that diffusers offers."""

import enum
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from PIL import Image

from ..application.denoise import DenoisedLatents
from ..application.generate import GeneratedImage
from ..domain.pictures.picture_size import Size
from ..domain.pictures.pixels import to_unit


class OutputType(enum.Enum):
    """Pillow images, an array of pixels from 0 to 1, or the latents before the VAE decodes them."""

    PIL = "pil"
    NP = "np"
    LATENT = "latent"


@attrs.frozen(kw_only=True)
class Generation:
    """What a call returns, under diffusers' names; entries of the same index belong together.

    `images` are Pillow images; for output_type="np" a (count, height, width, 3) float32 array from
    0 to 1; for "latent" a (count, channels, height, width) float32 array of the UNet's latents, at
    which no safety checker has looked, so that `nsfw_content_detected` is empty.
    """

    images: Any
    seeds: list[int]
    nsfw_content_detected: list[bool]


def generation_of_pictures(
    drawn: Sequence[GeneratedImage], form: OutputType, size: Size
) -> Generation:
    """Pictures of this height and width, if any, as Pillow images or as one array."""
    if form is OutputType.NP:
        pixels = np.array([to_unit(each.pixels) for each in drawn], dtype=np.float32)
        images: Any = pixels.reshape(len(drawn), *size, 3)
    else:
        images = [Image.fromarray(each.pixels) for each in drawn]
    return Generation(
        images=images,
        seeds=[each.seed for each in drawn],
        nsfw_content_detected=[each.flagged for each in drawn],
    )


def generation_of_latents(
    denoised: Sequence[DenoisedLatents], shape: tuple[int, ...]
) -> Generation:
    """Latents of this shape, if any, one after another in one array."""
    latents = np.array([each.latents for each in denoised], dtype=np.float32)
    return Generation(
        images=latents.reshape(len(denoised), *shape[1:]),
        seeds=[each.seed for each in denoised],
        nsfw_content_detected=[],
    )
