"""How the reference runtime computes."""

import enum


class Mode(enum.Enum):
    """All compute in float32; fast and exact agree to about 1e-5, faithful rounds to float16."""

    FAST = "fast"
    EXACT = "exact"
    FAITHFUL = "faithful"
