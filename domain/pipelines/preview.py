"""What latents show, at once and roughly: a pixel for each, by a linear map instead of the VAE."""

import numpy as np
from numpy.typing import NDArray

from ..model_facts import ModelFacts, ModelFamily
from ..schedulers.prediction import Sample

# For each channel the red, green and blue that one unit of it adds, and last what is there without
# any, all from -1 to 1.
_Factors = tuple[tuple[float, float, float], ...]

# Of https://discuss.huggingface.co/t/23204, for the VAE that Stable Diffusion 1 and 2 share.
_SD: _Factors = (
    (0.298, 0.207, 0.208),
    (0.187, 0.286, 0.173),
    (-0.158, 0.189, 0.264),
    (-0.184, -0.271, -0.473),
    (0.0, 0.0, 0.0),
)
# Vass (2023), "Explaining the SDXL latent space", given there for 8 bits.
_XL: _Factors = (
    (60 / 127.5, 60 / 127.5, 60 / 127.5),
    (-60 / 127.5, -5 / 127.5, 10 / 127.5),
    (25 / 127.5, 15 / 127.5, -5 / 127.5),
    (-70 / 127.5, -50 / 127.5, -35 / 127.5),
    (150 / 127.5 - 1, 140 / 127.5 - 1, 130 / 127.5 - 1),
)
# By benchmarks/preview_factors.py.
_POCKET: _Factors = (
    (0.137, 0.406, -0.392),
    (-0.136, -0.031, -1.002),
    (-0.408, -0.346, 0.064),
    (-0.889, -0.682, -0.305),
    (0.187, -0.050, -0.149),
)
_OF_FAMILY = {
    ModelFamily.SD1: _SD,
    ModelFamily.SD2: _SD,
    ModelFamily.SDXL: _XL,
    ModelFamily.SDXL_REFINER: _XL,
}
_OF_MODEL = {"pocket": _POCKET}


def preview(latents: Sample, facts: ModelFacts) -> NDArray[np.uint8]:
    """A picture of one picture's latents, (rows, columns, 3) 8-bit, as many pixels as latents."""
    factors = np.array(_OF_MODEL.get(facts.model, _OF_FAMILY[facts.family]))
    colours: Sample = np.tensordot(latents[0], factors[:-1], axes=(0, 0)) + factors[-1]
    pixels: NDArray[np.uint8] = (np.clip(colours / 2 + 0.5, 0, 1) * 255).round().astype(np.uint8)
    return pixels
