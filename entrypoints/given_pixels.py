"""The pixels of a picture that a program hands over, in the forms that diffusers takes."""

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from ..adapters.pillow.reading import upright_rgb
from ..domain.errors import InvalidRequest, first_line
from ..domain.pictures.control_picture import ControlPicture, control_pictures
from ..domain.pictures.pixels import to_grey
from ..domain.pictures.source_picture import SourcePicture, source_picture
from .given_arrays import given_array

#: A picture in any of the forms that are taken.
GivenPicture = Image.Image | ArrayLike
#: One picture, or one for each prompt.
GivenPictures = GivenPicture | Sequence[GivenPicture]


def given_pixels(image: GivenPicture, argument: str = "image") -> NDArray[np.uint8]:
    """Give (height, width, 3) 8-bit red, green and blue; what is transparent lies over white.

    Raises InvalidRequest for what is neither a Pillow image nor the pixels of one picture.
    """
    if isinstance(image, Image.Image):
        try:
            return upright_rgb(image)
        except (OSError, ValueError) as error:
            problem = f"Pillow cannot read it ({first_line(error)})"
            raise InvalidRequest(argument, problem) from error
    pixels: NDArray[np.generic] = given_array(argument, image)
    if pixels.ndim == 4 and len(pixels) == 1:
        pixels = pixels[0]
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise InvalidRequest(argument, f"shape {pixels.shape} is not (height, width, 3)")
    return _bytes(pixels, argument)


def given_mask(mask: GivenPicture) -> NDArray[np.uint8]:
    """Give (height, width) 8-bit grey of a picture, or of an array that may lack colours.

    Raises InvalidRequest as `given_pixels`.
    """
    if not isinstance(mask, Image.Image):
        values: NDArray[np.generic] = given_array("mask_image", mask)
        if values.ndim == 3 and 1 in (values.shape[0], values.shape[2]):
            values = values.squeeze(0 if values.shape[0] == 1 else 2)
        if values.ndim == 2:
            white = values.astype(np.uint8) * 255 if values.dtype == bool else values
            return _bytes(white, "mask_image")
    return to_grey(given_pixels(mask, "mask_image"))


def given_sources(
    image: GivenPictures | None,
    mask_image: GivenPictures | None,
    strength: float | None,
    *,
    keep_outside: bool | None,
    count: int,
) -> tuple[SourcePicture | None, ...]:
    """The picture that each of `count` prompts changes: one for all, or one for each.

    Raises InvalidRequest where there are not as many.
    """
    return tuple(
        source_picture(
            None if picture is None else given_pixels(picture),
            strength,
            None if mask is None else given_mask(mask),
            keep_outside=keep_outside,
        )
        for picture, mask in zip(
            _for_each(image, "image", count),
            _for_each(mask_image, "mask_image", count),
            strict=True,
        )
    )


def given_controls(
    control_image: GivenPictures | None,
    controlnet: str | Sequence[str] | None,
    scales: float | Sequence[float],
) -> tuple[ControlPicture, ...]:
    """The pictures that ControlNets read: one, or one for each. Raises InvalidRequest."""
    pictures = [] if control_image is None else _each(control_image, "control_image")
    names = controlnet or ()
    return control_pictures(
        [given_pixels(each, "control_image") for each in pictures],
        names if isinstance(names, Sequence) and not isinstance(names, str) else (names,),
        scales if isinstance(scales, Sequence) else (scales,),
    )


def _for_each(
    pictures: GivenPictures | None, argument: str, count: int
) -> Sequence[GivenPicture | None]:
    given = [None] if pictures is None else _each(pictures, argument)
    if len(given) not in (1, count):
        raise InvalidRequest(argument, f"{len(given)} pictures for {count} prompts")
    return given * count if len(given) == 1 else given


def _each(pictures: GivenPictures, argument: str) -> list[GivenPicture]:
    """One after another: those of a list or of an array of four axes, or the only one."""
    given: Any = pictures
    if isinstance(given, Image.Image):
        return [given]
    if isinstance(given, str | PathLike):
        raise InvalidRequest(argument, f"{given} is not open; PIL.Image.open opens it")
    is_list = isinstance(given, list | tuple)
    # A list of lists is the rows of one.
    if is_list and all(isinstance(each, Image.Image | np.ndarray) for each in given):
        return list(given)
    return list(given) if given_array(argument, given).ndim == 4 else [given]


def _bytes(pixels: NDArray[np.generic], argument: str) -> NDArray[np.uint8]:
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8)
    if not np.issubdtype(pixels.dtype, np.floating):
        raise InvalidRequest(argument, f"{pixels.dtype} is neither uint8 nor floating")
    unit = pixels.astype(np.float64)
    if not ((unit >= 0) & (unit <= 1)).all():
        raise InvalidRequest(argument, "its floating-point numbers are not all from 0 to 1")
    return np.rint(unit * 255).astype(np.uint8)
