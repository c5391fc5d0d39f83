"""How CLIP's vision tower, and with it the safety checker, wants to see a picture."""

from collections.abc import Iterable

import attrs

Colour = tuple[float, float, float]


def _colour(values: Iterable[float]) -> Colour:
    red, green, blue = values
    return (red, green, blue)


@attrs.frozen(kw_only=True)
class ClipImagePreprocessing:
    """What feature_extractor/preprocessor_config.json says: shortest edge in pixels, then colours.

    `mean` and `standard_deviation` are of red, green and blue from 0 to 1.
    """

    size: int
    mean: Colour = attrs.field(converter=_colour)
    standard_deviation: Colour = attrs.field(converter=_colour)


#: Mean and standard deviation of the pictures that CLIP was trained with.
CLIP_COLOURS: tuple[Colour, Colour] = (
    (0.48145466, 0.4578275, 0.40821073),
    (0.26862954, 0.26130258, 0.27577711),
)
