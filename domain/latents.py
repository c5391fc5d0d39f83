"""Latents: what the UNet denoises, (1, channels, height, width) float32 for one picture."""

from collections.abc import Iterable

import attrs
import numpy as np
from numpy.typing import NDArray

from .errors import InvalidRequest
from .randomness.catalogue import random_source
from .randomness.source import RandomSource
from .request import GenerationRequest
from .schedulers.prediction import Sample


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
class Start:
    """The noise that a picture starts from, and the source of what its steps add later.

    `posterior_noise` picks the latents of the picture that it is made from, where there is one.
    """

    seed: int
    noise: NDArray[np.float32] = attrs.field(eq=attrs.cmp_using(np.array_equal))
    source: RandomSource = attrs.field(eq=False)
    posterior_noise: NDArray[np.float32] | None = attrs.field(
        default=None, eq=attrs.cmp_using(np.array_equal)
    )


def starts(request: GenerationRequest, shape: tuple[int, ...]) -> Iterable[Start]:
    """Where each picture of a request starts: at the request's own noise, or its seeds'.

    Raises InvalidRequest where the request's own is not of the shape that the model needs.
    """
    if request.latents is None:
        return (_start(request, seed, shape) for seed in request.seeds)
    noises = np.split(request.latents.astype(np.float32), request.images_per_prompt)
    if noises[0].shape != shape:
        wanted = (request.images_per_prompt, *shape[1:])
        problem = f"shape {request.latents.shape} is not the {wanted} that the model needs"
        raise InvalidRequest("latents", problem)
    return [
        _start(request, seed, shape, noise)
        for seed, noise in zip(request.seeds, noises, strict=True)
    ]


def _start(
    request: GenerationRequest,
    seed: int,
    shape: tuple[int, ...],
    own: NDArray[np.float32] | None = None,
) -> Start:
    """Draw in the order of diffusers' image-to-image pipelines: the posterior's noise first."""
    source = random_source(request.rng, seed)
    posterior_noise = None if request.source is None else _drawn(source, shape)
    noise = _drawn(source, shape) if own is None else own
    return Start(seed=seed, noise=noise, source=source, posterior_noise=posterior_noise)


def _drawn(source: RandomSource, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return source.standard_normal(shape).astype(np.float32)
