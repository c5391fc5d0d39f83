"""Latents: what the UNet denoises, (1, channels, height, width) float32 for one picture."""

from collections.abc import Iterable

import attrs
import numpy as np

from ..errors import InvalidRequest
from ..randomness.catalogue import random_source
from ..randomness.source import RandomSource
from ..request import GenerationRequest
from ..schedulers.prediction import Sample


@attrs.frozen(kw_only=True)
class LatentScaling:
    """Between the VAE's latents and the UNet's, which have a deviation of about 1."""

    factor: float
    shift: float = 0.0

    def for_unet(self, latents: Sample) -> Sample:
        """What the VAE encoded, as the UNet knows it."""
        return (latents - self.shift) * self.factor

    def for_vae(self, latents: Sample) -> Sample:
        """What the UNet denoised, as the VAE decodes it."""
        return latents / self.factor + self.shift


@attrs.frozen(kw_only=True)
class Draws:
    """What a picture draws from its seed beside its noise.

    Before it the noise that picks the latents of the `source` picture, after it that of the
    `masked` picture; in the order of diffusers' image-to-image and inpainting pipelines.
    """

    source: bool = False
    masked: bool = False


NO_DRAWS = Draws()


@attrs.frozen(kw_only=True, eq=False)
class Start:
    """The noise that a picture starts from, and the source of what its steps add later.

    `source_noise` and `masked_noise` are there where Draws says so.
    """

    seed: int
    noise: Sample = attrs.field(repr=False)
    source: RandomSource
    source_noise: Sample | None = attrs.field(default=None, repr=False)
    masked_noise: Sample | None = attrs.field(default=None, repr=False)


def starts(
    request: GenerationRequest, shape: tuple[int, ...], draws: Draws = NO_DRAWS
) -> Iterable[Start]:
    """Where each picture of a request starts: at the request's own noise, or its seeds'.

    Raises InvalidRequest where the request's own is not of the shape that the model needs.
    """
    if request.latents is None:
        return (_start(request, seed, shape, draws) for seed in request.seeds)
    noises = np.split(request.latents.astype(np.float32), request.images_per_prompt)
    if noises[0].shape != shape:
        wanted = (request.images_per_prompt, *shape[1:])
        problem = f"shape {request.latents.shape} is not the {wanted} that the model needs"
        raise InvalidRequest("latents", problem)
    return [
        _start(request, seed, shape, draws, noise)
        for seed, noise in zip(request.seeds, noises, strict=True)
    ]


def _start(
    request: GenerationRequest,
    seed: int,
    shape: tuple[int, ...],
    draws: Draws,
    own: Sample | None = None,
) -> Start:
    source = random_source(request.rng, seed)
    source_noise = _drawn(source, shape) if draws.source else None
    noise = _drawn(source, shape) if own is None else own
    masked_noise = _drawn(source, shape) if draws.masked else None
    return Start(
        seed=seed,
        noise=noise,
        source=source,
        source_noise=source_noise,
        masked_noise=masked_noise,
    )


def _drawn(source: RandomSource, shape: tuple[int, ...]) -> Sample:
    return source.standard_normal(shape).astype(np.float32)
