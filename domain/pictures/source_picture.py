"""The picture that a new one is made from, and how much of it may change, and where."""

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from ..finite import is_finite

#: As in diffusers' image-to-image pipelines.
USUAL_STRENGTH = 0.8
#: As in diffusers' inpainting pipelines, which draw anew what is masked.
USUAL_MASKED_STRENGTH = 1.0


@attrs.frozen(kw_only=True)
class SourcePicture:
    """A picture, (height, width, 3) 8-bit red, green and blue, of any size.

    A `strength` near 0 keeps it nearly as it is, 1 keeps little more than a hint; left out it is
    0.8, or 1 with a mask. The `mask`, (height, width) 8-bit grey, is white where the picture may
    change. With `keep_outside` all other pixels are the picture's own, to the bit. Raises
    InvalidRequest for other pixels and for a strength out of range.
    """

    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal), repr=False)
    strength: float | None = None
    mask: NDArray[np.uint8] | None = attrs.field(
        default=None, eq=attrs.cmp_using(np.array_equal), repr=False
    )
    keep_outside: bool = False

    def __attrs_post_init__(self) -> None:
        strength = self.strength
        if strength is not None and not (is_finite(strength) and 0 < strength <= 1):
            raise InvalidRequest("--strength", f"{strength!r} is not above 0 and at most 1")
        shape, dtype = self.pixels.shape, self.pixels.dtype
        if len(shape) != 3 or shape[2] != 3 or 0 in shape or dtype != np.uint8:
            problem = f"{shape} of {dtype} is not (height, width, 3) of uint8"
            raise InvalidRequest("image", problem)
        if self.mask is not None:
            _require_mask(self.mask, *shape[:2])
        elif self.keep_outside:
            raise InvalidRequest("--keep-outside", "there is no mask to be outside of; give one")

    @property
    def settled_strength(self) -> float:
        """The strength that was asked for, or the usual one."""
        if self.strength is not None:
            return self.strength
        return USUAL_STRENGTH if self.mask is None else USUAL_MASKED_STRENGTH


def source_picture(
    pixels: NDArray[np.uint8] | None,
    strength: float | None = None,
    mask: NDArray[np.uint8] | None = None,
    *,
    keep_outside: bool | None = None,
) -> SourcePicture | None:
    """The source of a request that may have none; a mask keeps what is outside of it if not told.

    Raises InvalidRequest for a strength or a mask that has nothing to change.
    """
    if pixels is not None:
        keeps = mask is not None if keep_outside is None else keep_outside
        return SourcePicture(pixels=pixels, strength=strength, mask=mask, keep_outside=keeps)
    for option, value in (("--strength", strength), ("--mask", mask)):
        if value is not None:
            raise InvalidRequest(option, "there is no picture to change; give an image, too")
    if keep_outside:
        raise InvalidRequest("--keep-outside", "there is no picture to keep; give an image, too")
    return None


def _require_mask(mask: NDArray[np.uint8], height: int, width: int) -> None:
    if mask.ndim != 2 or mask.dtype != np.uint8:
        problem = f"{mask.shape} of {mask.dtype} is not (height, width) of uint8"
        raise InvalidRequest("--mask", problem)
    if mask.shape != (height, width):
        rows, columns = mask.shape
        problem = f"it has {columns} x {rows} pixels where the picture has {width} x {height}"
        raise InvalidRequest("--mask", f"{problem}; make it as large as the picture")
