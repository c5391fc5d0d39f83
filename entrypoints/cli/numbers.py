"""Numbers that are written with commas between them."""

from ...domain.errors import InvalidRequest
from ...domain.finite import require_finite


def numbers(option: str, text: str | None) -> tuple[float, ...] | None:
    """The numbers of an option, None where it was left out. Raises InvalidRequest for others.

    >>> numbers("--timesteps", "999, 499")
    (999.0, 499.0)
    """
    if text is None:
        return None
    try:
        read = tuple(float(each) for each in text.split(","))
    except ValueError as error:
        problem = f"{text!r} is not numbers with commas between them, such as 999,749,499,249"
        raise InvalidRequest(option, problem) from error
    for each in read:
        require_finite(option, each)
    return read
