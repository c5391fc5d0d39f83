"""Where a network was led away: by the rounding of float16, or by what its package holds."""

import attrs


@attrs.frozen
class Divergence:
    """The result of an operation, by its name in the program, and how near it still is.

    Minus infinity decibels tell that it has elements that are no finite numbers.
    """

    result: str
    psnr_db: float


@attrs.frozen
class Departure:
    """The first result that a package has otherwise than its checkpoint, rounding left aside.

    `weights` are those that the operation reads, by their names in the program.
    """

    result: str
    psnr_db: float
    weights: tuple[str, ...] = ()
