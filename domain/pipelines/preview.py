"""What latents show, at once and roughly: a pixel for each, by a polynomial instead of the VAE."""

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from ..model_facts import ModelFacts, ModelFamily
from ..schedulers.prediction import Sample

# The red, green and blue, from -1 to 1, that there are without anything, that one unit of each
# channel adds, and that the products of two channels add, where anybody has fitted those.
_Factors = tuple[tuple[float, float, float], ...]

# Of https://discuss.huggingface.co/t/23204, for the VAE that Stable Diffusion 1 and 2 share.
_SD: _Factors = (
    (0.0, 0.0, 0.0),
    (0.298, 0.207, 0.208),
    (0.187, 0.286, 0.173),
    (-0.158, 0.189, 0.264),
    (-0.184, -0.271, -0.473),
)
# Vass (2023), "Explaining the SDXL latent space", given there for 8 bits.
_XL: _Factors = (
    (150 / 127.5 - 1, 140 / 127.5 - 1, 130 / 127.5 - 1),
    (60 / 127.5, 60 / 127.5, 60 / 127.5),
    (-60 / 127.5, -5 / 127.5, 10 / 127.5),
    (25 / 127.5, 15 / 127.5, -5 / 127.5),
    (-70 / 127.5, -50 / 127.5, -35 / 127.5),
)
# By benchmarks/preview_factors.py.
_POCKET: _Factors = (
    (0.152, 0.021, -0.240),
    (-0.111, 0.022, 0.184),
    (0.050, -0.079, -0.374),
    (0.022, 0.073, 0.076),
    (-0.660, -0.412, -0.179),
    (0.008, -0.011, 0.005),
    (-0.078, 0.139, -0.106),
    (0.018, 0.055, -0.094),
    (0.019, 0.162, -0.067),
    (-0.001, 0.039, -0.007),
    (-0.115, 0.156, -0.075),
    (-0.033, 0.132, -0.007),
    (-0.035, -0.019, 0.001),
    (-0.068, 0.008, -0.077),
    (-0.153, 0.141, -0.015),
)
_OF_FAMILY = {
    ModelFamily.SD1: _SD,
    ModelFamily.SD2: _SD,
    ModelFamily.SDXL: _XL,
    ModelFamily.SDXL_REFINER: _XL,
}
_OF_MODEL = {"pocket": _POCKET}


def preview(latents: Sample, facts: ModelFacts) -> NDArray[np.uint8]:
    """A picture of one picture's latents, (rows, columns, 3) 8-bit, as many pixels as latents.

    Raises InvalidRequest for arrays of another shape.
    """
    if latents.ndim != 4 or latents.shape[:2] != (1, facts.latent_channels):
        wanted = f"(1, {facts.latent_channels}, height, width)"
        raise InvalidRequest("latents", f"shape {latents.shape} is not {wanted}")
    factors = np.array(_OF_MODEL.get(facts.model, _OF_FAMILY[facts.family]))
    colours: Sample = np.tensordot(terms(latents[0], len(factors)), factors, axes=(0, 0))
    pixels: NDArray[np.uint8] = (np.clip(colours / 2 + 0.5, 0, 1) * 255).round().astype(np.uint8)
    return pixels


def terms(channels: Sample, count: int) -> Sample:
    """The first `count` terms of a polynomial: one, each channel, the products of two of them.

    >>> terms(np.array([2.0, 3.0]), 6)
    array([1., 2., 3., 4., 6., 9.])
    """
    products = [one * other for one, other in combinations_with_replacement(channels, 2)]
    return np.stack([np.ones_like(channels[0]), *channels, *products])[:count]
