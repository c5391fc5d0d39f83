"""Numbers that can be computed with: neither infinite nor NaN."""

import math

from .errors import InvalidRequest


def require_finite(option: str, value: float) -> None:
    """Raise InvalidRequest, which names the option, for infinities and NaN."""
    if not math.isfinite(value):
        raise InvalidRequest(option, f"{value} is not a finite number")
