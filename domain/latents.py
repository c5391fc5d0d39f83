"""Latents: what the UNet denoises, (1, channels, height, width) float32 for one picture."""

from collections.abc import Iterable

import attrs
import numpy as np
from numpy.typing import NDArray

from .errors import InvalidRequest
from .randomness.numpy_source import NumpySource
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


def starting_noises(
    request: GenerationRequest, shape: tuple[int, ...]
) -> Iterable[NDArray[np.float32]]:
    """The noise that each picture of a request starts from: the request's own, or its seeds'.

    Raises InvalidRequest where the request's own is not of the shape that the model needs.
    """
    if request.latents is None:
        return (_seeded_noise(seed, shape) for seed in request.seeds)
    noises = np.split(request.latents.astype(np.float32), request.images_per_prompt)
    if noises[0].shape != shape:
        wanted = (request.images_per_prompt, *shape[1:])
        problem = f"shape {request.latents.shape} is not the {wanted} that the model needs"
        raise InvalidRequest("latents", problem)
    return noises


def _seeded_noise(seed: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return NumpySource(seed).standard_normal(shape).astype(np.float32)
