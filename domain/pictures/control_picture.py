"""A picture that a ControlNet reads, such as edges, depths or poses."""

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from ..finite import is_finite


@attrs.frozen(kw_only=True)
class ControlPicture:
    """A picture, (height, width, 3) 8-bit red, green and blue, of any size, for one ControlNet.

    `controlnet` is what that is called, None for the only one that there is; `scale` is how much it
    counts. Raises InvalidRequest for other pixels and scales.
    """

    pixels: NDArray[np.uint8] = attrs.field(eq=attrs.cmp_using(np.array_equal), repr=False)
    controlnet: str | None = None
    scale: float = 1.0

    def __attrs_post_init__(self) -> None:
        shape, dtype = self.pixels.shape, self.pixels.dtype
        if len(shape) != 3 or shape[2] != 3 or 0 in shape or dtype != np.uint8:
            problem = f"{shape} of {dtype} is not (height, width, 3) of uint8"
            raise InvalidRequest("--control-image", problem)
        if not isinstance(self.controlnet, str | None):
            raise InvalidRequest("--controlnet", f"{self.controlnet!r} is not text")
        if not is_finite(self.scale):
            raise InvalidRequest("--control-scale", f"{self.scale!r} is not a number")


def control_pictures(
    pictures: Sequence[NDArray[np.uint8]],
    controlnets: Sequence[str] = (),
    scales: Sequence[float] = (),
) -> tuple[ControlPicture, ...]:
    """Put pictures, ControlNets and scales together, each in its order.

    Names may be left out for a single picture, scales for all. Raises InvalidRequest where there
    are more of one than of another.
    """
    _require_as_many("--control-image", "control images", pictures, controlnets)
    if not pictures and scales:
        raise InvalidRequest("--control-scale", "there is no control image that it is for")
    if len(scales) > 1:
        _require_as_many("--control-scale", "scales", scales, pictures, others="control images")
    count = len(pictures)
    names: Sequence[str | None] = controlnets or [None] * count
    all_scales = [*scales] * count if len(scales) == 1 else scales or [1.0] * count
    return tuple(
        ControlPicture(pixels=pixels, controlnet=name, scale=scale)
        for pixels, name, scale in zip(pictures, names, all_scales, strict=True)
    )


def chosen_controlnet(name: str | None, available: Sequence[str]) -> str:
    """The ControlNet that a user names, by its whole name or the end of it after a slash.

    Apple's file names, which write the same words together, count too. None is the only one. Raises
    InvalidRequest, which lists them.

    >>> chosen_controlnet("canny", ["someone/canny", "someone/depth"])
    'someone/canny'
    >>> chosen_controlnet("someone/sd-canny", ["SomeoneSdCanny"])
    'SomeoneSdCanny'
    """
    if not available:
        problem = "the model folder has no ControlNet; convert one with --controlnet"
        raise InvalidRequest("--controlnet", problem)
    listed = ", ".join(available)
    if name is None:
        if len(available) != 1:
            problem = f"say which one reads the picture; the model folder has: {listed}"
            raise InvalidRequest("--controlnet", problem)
        return available[0]
    for known in available:
        if name in (known, known.rsplit("/", 1)[-1]) or _letters(name) == _letters(known):
            return known
    raise InvalidRequest("--controlnet", f"there is no {name}; the model folder has: {listed}")


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _require_as_many(
    option: str, what: str, first: Sequence[object], second: Sequence[object], others: str = ""
) -> None:
    alone = not second and len(first) <= 1
    if len(first) != len(second) and not alone:
        others = others or "ControlNets"
        raise InvalidRequest(option, f"{len(first)} {what} for {len(second)} {others}")
