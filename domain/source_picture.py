"""The picture that a new one is made from, and how much of it may change."""

import attrs
import numpy as np
from numpy.typing import NDArray

from .errors import InvalidRequest

#: As in diffusers' image-to-image pipelines.
USUAL_STRENGTH = 0.8


@attrs.frozen(kw_only=True)
class SourcePicture:
    """A picture, (height, width, 3) 8-bit red, green and blue, of any size.

    A `strength` near 0 keeps it nearly as it is, 1 keeps little more than a hint. Raises
    InvalidRequest for other pixels and for a strength out of range.
    """

    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal), repr=False)
    strength: float = USUAL_STRENGTH

    def __attrs_post_init__(self) -> None:
        if not 0 < self.strength <= 1:
            problem = f"{self.strength:g} is not above 0 and at most 1"
            raise InvalidRequest("--strength", problem)
        shape, dtype = self.pixels.shape, self.pixels.dtype
        if len(shape) != 3 or shape[2] != 3 or 0 in shape or dtype != np.uint8:
            problem = f"{shape} of {dtype} is not (height, width, 3) of uint8"
            raise InvalidRequest("image", problem)


def source_picture(
    pixels: NDArray[np.uint8] | None, strength: float | None
) -> SourcePicture | None:
    """The source of a request that may have none; a strength left out is the usual one.

    Raises InvalidRequest for a strength that has nothing to change.
    """
    if pixels is not None:
        return SourcePicture(
            pixels=pixels, strength=USUAL_STRENGTH if strength is None else strength
        )
    if strength is not None:
        raise InvalidRequest("--strength", "there is no picture to change; give an image, too")
    return None
