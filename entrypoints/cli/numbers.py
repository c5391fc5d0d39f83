"""Numbers that are written with commas between them."""

from collections.abc import Mapping

from ...domain.errors import InvalidRequest
from ...domain.finite import require_finite

_EXAMPLES: Mapping[str, str] = {
    "--timesteps": "999,749,499,249 for Euler; DDIM and PNDM take none",
    "--sigmas": "14.6,3.5,1,0 for Euler; DDIM and PNDM take none",
}
_USUAL_EXAMPLE = "512,768"


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
        example = _EXAMPLES.get(option, _USUAL_EXAMPLE)
        problem = f"{text!r} is not numbers with commas between them, such as {example}"
        raise InvalidRequest(option, problem) from error
    for each in read:
        require_finite(option, each)
    return read
