"""Numbers that are written with commas between them."""

import math

from ...domain.errors import InvalidRequest


def numbers(option: str, text: str | None) -> tuple[float, ...] | None:
    """The numbers of an option, None where it was left out. Raises InvalidRequest for others.

    >>> numbers("--timesteps", "999, 499")
    (999.0, 499.0)
    """
    if text is None:
        return None
    problem = f"{text!r} is not numbers with commas between them, such as 999,749,499,249"
    try:
        read = tuple(float(each) for each in text.split(","))
    except ValueError as error:
        raise InvalidRequest(option, problem) from error
    if not all(map(math.isfinite, read)):
        raise InvalidRequest(option, problem)
    return read
