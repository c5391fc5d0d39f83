"""The few values that stand for the many of a tensor, and which of them each weight is."""

from collections.abc import Iterator
from typing import Self

import attrs
import numpy as np
from numpy.typing import NDArray

from .histogram import Histogram
from .kmeans import best_clusters

_PATTERNS = 2**16
# NumPy looks up with integers of 64 bits; as many as a processor has near at hand.
_AT_ONCE = 2**16


@attrs.frozen(eq=False)
class Palette:
    """`entries`, ascending, and the `lowest` of the weights that each of them stands for."""

    entries: NDArray[np.float16]
    lowest: NDArray[np.float16]

    @classmethod
    def of(cls, weights: NDArray[np.float16], count: int) -> Self:
        """The palette of at most `count` entries with the least sum of squared errors.

        Entries are the means of their weights, rounded to float16. Weights of no more than `count`
        values are kept exactly. Raises ValueError for infinities and NaN.

        >>> Palette.of(np.array([0, 1, 10, 12], np.float16), 2).entries
        array([ 0.5, 11. ], dtype=float16)
        """
        histogram = Histogram.of(weights)
        begins = best_clusters(histogram, count)
        sums = np.add.reduceat(histogram.counts * histogram.values, begins)
        means = sums / np.add.reduceat(histogram.counts, begins)
        return cls(means.astype(np.float16), histogram.values[begins].astype(np.float16))

    def indices(self, weights: NDArray[np.float16]) -> NDArray[np.uint8]:
        """Which entry stands for each of the weights that the palette was made of."""
        if weights.size < _PATTERNS:
            return self._search(weights)
        found = np.empty(weights.size, np.uint8)
        end = 0
        for part in self.parts(weights):
            found[end : end + len(part)] = part
            end += len(part)
        return found.reshape(weights.shape)

    def parts(self, weights: NDArray[np.float16]) -> Iterator[NDArray[np.uint8]]:
        """The same flat, a multiple of eight at a time; what is given holds until the next."""
        # It is quicker to search once for each number that float16 has.
        every = self._search(np.arange(_PATTERNS, dtype=np.uint16).view(np.float16))
        patterns = np.ascontiguousarray(weights).reshape(-1).view(np.uint16)
        places, found = np.empty(_AT_ONCE, np.intp), np.empty(_AT_ONCE, np.uint8)
        for begin in range(0, len(patterns), _AT_ONCE):
            part = patterns[begin : begin + _AT_ONCE]
            size = len(part)
            places[:size] = part
            # No pattern is outside of the table; only so NumPy writes without another copy.
            yield every.take(places[:size], out=found[:size], mode="clip")

    def _search(self, weights: NDArray[np.float16]) -> NDArray[np.uint8]:
        return (np.searchsorted(self.lowest, weights, side="right") - 1).astype(np.uint8)
