"""Sums over sorted values, from which the cost of every cluster follows at once."""

from typing import Self

import attrs
import numpy as np
from numpy.typing import NDArray

from .histogram import Histogram

#: Where clusters begin, or end, as places among the sorted values.
Places = NDArray[np.intp]


@attrs.frozen(eq=False)
class Moments:
    """Sums over the values before each place: of counts, of the values, of their squares.

    A cluster from one place up to another costs the sum of squared distances of its weights to
    their mean: the squares, less the square of the sum divided by the count.
    """

    weight: NDArray[np.float64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]

    @classmethod
    def of(cls, histogram: Histogram) -> Self:
        """Sum up, with the values' middle moved to 0."""
        counts = histogram.counts.astype(np.float64)
        # Near their middle, a value of float16 so that nothing is rounded, fewer digits cancel.
        middle = np.float16(np.average(histogram.values, weights=counts))
        values = histogram.values - np.float64(middle)
        sums = (np.cumsum(counts * values**power) for power in range(3))
        return cls(*(np.concatenate([[0.0], each]) for each in sums))

    @property
    def values(self) -> int:
        """How many values there are."""
        return len(self.weight) - 1

    def cost(self, begins: Places) -> float:
        """What the clusters that begin at these places cost together."""
        ends = np.append(begins[1:], self.values)
        first = self.first[ends] - self.first[begins]
        weight = self.weight[ends] - self.weight[begins]
        return float((self.second[ends] - self.second[begins] - first * first / weight).sum())
