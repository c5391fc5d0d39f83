"""The best clusters of numbers on a line, exactly: k-means as a shortest path of k steps.

In one dimension the best clusters are intervals of the sorted values. If each costs a penalty, the
cheapest clusters of any number are found quickly, and where they are as many as were asked for, no
others of that number cost less. The least cost is a convex function of the number (Aggarwal,
Schieber and Tokuyama, "Finding a Minimum-Weight k-Link Path in Graphs with the Concave Monge
Property", Discrete & Computational Geometry 12, 1994), so a larger penalty never gives more
clusters, and the penalty can be searched for.
"""

import math
from typing import Self

import attrs
import numpy as np

from .cluster_path import cheapest_path
from .cluster_rows import clusters_by_rows
from .histogram import Histogram
from .moments import Moments, Places

# As many rows are quicker than one path.
_FEW = 4
_TRIES = 16
_STEPS = 4


def best_clusters(histogram: Histogram, count: int) -> Places:
    """Where each cluster begins, as places among the values, the first always 0.

    The clusters minimise the sum of squared distances of all weights to the mean of theirs; where
    there are no more values than `count`, each is a cluster of its own.
    """
    values = len(histogram.values)
    if values <= count:
        return np.arange(values)
    moments = Moments.of(histogram)
    found = None if count <= _FEW else _clusters_by_penalty(histogram, moments, count)
    # Clusters that tie make the cost a straight line, on which no penalty meets their number.
    return clusters_by_rows(moments, count) if found is None else found


@attrs.frozen(eq=False)
class _Try:
    """The cheapest clusters at a penalty, and what they cost without it."""

    penalty: float
    begins: Places
    cost: float

    @classmethod
    def at(cls, moments: Moments, penalty: float) -> Self:
        begins = cheapest_path(moments, penalty)
        return cls(penalty, begins, moments.cost(begins))

    @property
    def count(self) -> int:
        return len(self.begins)


def _clusters_by_penalty(histogram: Histogram, moments: Moments, count: int) -> Places | None:
    """The clusters at the penalty that makes them so many; None where none was found."""
    # The penalty is what one more cluster saves: twice the cost over their number where the cost
    # falls with its square. With tails, as of normal weights, it falls a little slower.
    penalty = 2 * moments.cost(_nearly_best(histogram, count)) / (count + 1)
    fewer: _Try | None = None
    more: _Try | None = None
    for misses in range(_TRIES):
        found = _Try.at(moments, penalty)
        if found.count == count:
            return found.begins
        if found.count < count:
            fewer = found
        else:
            more = found
        if fewer is None or more is None:
            # First to where the numbers change by one, which is not far, then in larger steps.
            nearer = found.count + math.copysign(0.5, count - found.count)
            penalty = found.penalty * (nearer / count) ** (3 * 2**misses)
        else:
            # Where both cost the same: whatever is cheapest there lies between them.
            penalty = (fewer.cost - more.cost) / (more.count - fewer.count)
        if penalty == found.penalty:
            return None
    return None


def _nearly_best(histogram: Histogram, count: int) -> Places:
    """Lloyd's iteration from clusters as dense as they should be (Panter and Dite, 1951)."""
    values = histogram.values
    density = np.cumsum(np.cbrt(histogram.counts * np.gradient(values) ** 2))
    shares = np.arange(1, count) * density[-1] / count
    begins = _distinct(np.searchsorted(density, shares))
    for _ in range(_STEPS):
        sums = np.add.reduceat(histogram.counts * values, begins)
        means = sums / np.add.reduceat(histogram.counts, begins)
        moved = _distinct(np.searchsorted(values, (means[1:] + means[:-1]) / 2))
        if np.array_equal(moved, begins):
            break
        begins = moved
    return begins


def _distinct(begins: Places) -> Places:
    return np.unique(np.append(0, begins))
