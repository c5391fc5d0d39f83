"""Numbers that can be computed with: neither infinite nor NaN."""

import math
from numbers import Real

from .errors import InvalidRequest


def require_finite(option: str, value: object) -> None:
    """Raise InvalidRequest, which names the option, for infinities, NaN and what is no number."""
    if not is_finite(value):
        raise InvalidRequest(option, f"{value!r} is not a finite number")


def is_finite(value: object) -> bool:
    """Whether this is a number, and neither infinite nor NaN."""
    try:
        return isinstance(value, Real) and math.isfinite(value)
    except OverflowError:  # a whole number that no float reaches
        return False
