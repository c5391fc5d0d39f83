"""Where the rounding of float16 led a network away from its own exact results."""

import attrs


@attrs.frozen
class Divergence:
    """The result of an operation, by its name in the program, and how near it still is.

    Minus infinity decibels tell that it has elements that are no finite numbers.
    """

    result: str
    psnr_db: float
