"""How CLIP's vision tower, and with it the safety checker, wants to see a picture."""

import attrs


@attrs.frozen(kw_only=True)
class ClipImagePreprocessing:
    """What feature_extractor/preprocessor_config.json says: shortest edge in pixels, then colours.

    `mean` and `standard_deviation` are of red, green and blue from 0 to 1.
    """

    size: int
    mean: tuple[float, float, float] = attrs.field(converter=tuple)
    standard_deviation: tuple[float, float, float] = attrs.field(converter=tuple)
