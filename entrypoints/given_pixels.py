"""The pixels of a picture that a program hands over, in the forms that diffusers takes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from ..adapters.pillow.reading import upright_rgb
from ..domain.errors import InvalidRequest


def given_pixels(image: Image.Image | ArrayLike) -> NDArray[np.uint8]:
    """Give (height, width, 3) 8-bit red, green and blue; what is transparent lies over white.

    Raises InvalidRequest for what is neither a Pillow image nor the pixels of one picture.
    """
    if isinstance(image, Image.Image):
        return upright_rgb(image)
    pixels: NDArray[np.generic] = np.asarray(image)
    if pixels.ndim == 4 and len(pixels) == 1:
        pixels = pixels[0]
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise InvalidRequest("image", f"shape {pixels.shape} is not (height, width, 3)")
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8)
    if not np.issubdtype(pixels.dtype, np.floating):
        raise InvalidRequest("image", f"{pixels.dtype} is neither uint8 nor floating")
    unit = pixels.astype(np.float64)
    if not ((unit >= 0) & (unit <= 1)).all():
        raise InvalidRequest("image", "its floating-point numbers are not all from 0 to 1")
    return np.rint(unit * 255).astype(np.uint8)
