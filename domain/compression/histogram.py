"""How often each value occurs among weights in float16, of which there are only 65,536."""

from typing import Self

import attrs
import numpy as np
from numpy.typing import NDArray

_NEGATIVE_ZERO = 0x8000
# The patterns of the finite numbers in ascending order: float16 is sign and magnitude. Minus zero
# is left out, because it is zero.
_ASCENDING = np.concatenate([np.arange(0xFBFF, 0x8000, -1), np.arange(0x7C00)])

# NumPy counts at integers of 64 bits; as many of them as a processor has near at hand.
_AT_ONCE = 2**15


@attrs.frozen(eq=False)
class Histogram:
    """`values`, ascending and each once, and the `counts` of their occurrences, none of them 0."""

    values: NDArray[np.float64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, weights: NDArray[np.float16]) -> Self:
        """Count the values of weights of any shape. Raises ValueError for infinities and NaN.

        >>> Histogram.of(np.array([[2, -1], [2, 0.5]], np.float16)).counts
        array([1, 1, 2])
        """
        patterns = np.ascontiguousarray(weights).reshape(-1).view(np.uint16)
        occurrences = np.zeros(2**16, np.int64)
        room = np.empty(_AT_ONCE, np.intp)
        for begin in range(0, len(patterns), _AT_ONCE):
            part = patterns[begin : begin + _AT_ONCE]
            places = room[: len(part)]
            places[:] = part
            np.add.at(occurrences, places, 1)
        occurrences[0] += occurrences[_NEGATIVE_ZERO]
        counts = occurrences[_ASCENDING]
        if infinite := len(patterns) - int(counts.sum()):
            raise ValueError(f"{infinite} of its {len(patterns)} elements are infinite or NaN")
        found = np.flatnonzero(counts)
        values = _ASCENDING[found].astype(np.uint16).view(np.float16)
        return cls(values.astype(np.float64), counts[found].astype(np.int64))
