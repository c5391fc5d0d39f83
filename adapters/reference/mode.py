"""How the reference runtime computes."""

import enum


class Mode(enum.Enum):
    """Both compute in float32; they agree to about 1e-5."""

    FAST = "fast"
    EXACT = "exact"
