"""The sizes that Stable Diffusion XL is told: Podell et al. (2023), "SDXL", section 2.2."""

from collections.abc import Iterable

import attrs
import numpy as np

from .errors import InvalidRequest
from .finite import is_finite, require_finite
from .schedulers.prediction import Sample

#: Height and width, or top and left, in pixels.
Pair = tuple[int, int]


@attrs.frozen(kw_only=True)
class SizeConditions:
    """What the picture is to look as if it had been: its size before training, and its crop.

    Sizes left out are those of the picture that is drawn; the negative prompt's are the prompt's.
    Refiners are told an aesthetic score in place of the target's size.
    """

    original_size: Pair | None = None
    crops_coords_top_left: Pair = (0, 0)
    target_size: Pair | None = None
    negative_original_size: Pair | None = None
    negative_crops_coords_top_left: Pair | None = None
    negative_target_size: Pair | None = None
    aesthetic_score: float = 6.0
    negative_aesthetic_score: float = 2.5

    def __attrs_post_init__(self) -> None:
        for field in attrs.fields(SizeConditions):
            value, option = getattr(self, field.name), f"--{field.name.replace('_', '-')}"
            if field.name.endswith("_score"):
                require_finite(option, value)
            elif value is not None and not _is_pair(value):
                raise InvalidRequest(option, f"{value} is not two whole numbers from 0 up")

    def time_ids(self, size: Pair, count: int, *, negative: bool = False) -> Sample:
        """The numbers for a picture of this size, (1, count) float32; a refiner takes 5 of them.

        >>> SizeConditions().time_ids((512, 768), 6)
        array([[512., 768.,   0.,   0., 512., 768.]], dtype=float32)
        """
        original, crop = self.original_size or size, self.crops_coords_top_left
        target, score = self.target_size or size, self.aesthetic_score
        if negative:
            original = self.negative_original_size or original
            crop = self.negative_crops_coords_top_left or crop
            target = self.negative_target_size or target
            score = self.negative_aesthetic_score
        ending = (score,) if count == len((*original, *crop)) + 1 else target
        return np.array([[*original, *crop, *ending]], dtype=np.float32)


def _is_pair(value: object) -> bool:
    pair = list(value) if isinstance(value, Iterable) else []
    whole = all(is_finite(each) and float(each).is_integer() and each >= 0 for each in pair)
    return len(pair) == 2 and whole
