"""The best clusters of numbers on a line when each cluster costs something for itself.

The cheapest path to a place is the cheapest to where its last cluster begins, that cluster and the
penalty. It is found block by block: while the cost has not grown by more than one penalty since the
block began, no last cluster can begin inside the block, since it would cost the penalty anew. So
all ends of a block are searched at once, among beginnings that move only upwards with the ends.
"""

import math
from typing import Self

import attrs
import numpy as np
from numpy.typing import NDArray

from .moments import Moments, Places

Floats = NDArray[np.float64]

_FIRST_BLOCK = 64
_LEAST_BLOCK = 16
# So few costs are computed sooner than left out.
_FEW = 2**13
# So many costs are what a processor has near at hand.
_AT_ONCE = 2**15
# Beginnings between two posts that make more costs than this are searched for by themselves.
_MANY = 2**14


def cheapest_path(moments: Moments, penalty: float) -> Places:
    """Where each cluster begins, the number of clusters being whatever costs least."""
    search = _Search.over(moments)
    search.before[0] = penalty
    blocks = []
    start, length, lowest = 1, _FIRST_BLOCK, 0
    while start <= moments.values:
        blocks.append(range(lowest, start))
        ends = range(start, min(start + length, moments.values + 1))
        bounds, costs = search.cheapest(ends, blocks[-1])
        whole = costs + moments.second[ends.start : ends.stop]
        known = int(whole.searchsorted(whole[0] + penalty, side="right"))
        search.before[start : start + known] = costs[:known] + penalty
        # The next block will be about as long, and what was searched in vain is lost.
        length = max(_LEAST_BLOCK, known * 9 // 8) if known < len(ends) else 2 * length
        lowest = int(bounds[known - 1])
        start += known
    return _walk_back(search, blocks)


@attrs.frozen(eq=False)
class _Search:
    """Looks for cheapest beginnings.

    `before` is what the best clusters up to each place cost, less the squares up to there, and a
    penalty; `costs` and `weights` are room to compute in, `every` counts from 0.
    """

    moments: Moments
    before: Floats
    costs: Floats
    weights: Floats
    every: Places

    @classmethod
    def over(cls, moments: Moments) -> Self:
        places = len(moments.weight)
        before, costs, weights = map(np.empty, (places, 4 * _AT_ONCE, 4 * _AT_ONCE))
        return cls(moments, before, costs, weights, np.arange(2 * places))

    def cheapest_of_one(self, end: int, begins: range) -> tuple[int, float]:
        """The cheapest beginning of a cluster that ends there, and the cost."""
        first, weight = self.moments.first[end], self.moments.weight[end]
        costs = self._costs((1, len(begins)), first, weight, slice(begins.start, begins.stop))[0]
        best = int(costs.argmin())
        return begins[best], float(costs[best])

    def cheapest(self, ends: range, begins: range) -> tuple[Places, Floats]:
        """What each end costs with its cheapest beginning, and a place that this is not below."""
        if len(ends) * len(begins) <= _FEW:
            return self._posts(ends, begins)
        last, least = self.cheapest_of_one(ends[-1], begins)
        costs, bounds = np.empty(len(ends)), np.empty(len(ends), np.intp)
        costs[-1], bounds[-1] = least, last
        if len(ends) > 1:
            bounds[:-1] = self._fill(costs[:-1], ends[:-1], range(begins.start, last + 1))
        return bounds, costs

    def _fill(self, costs: Floats, ends: range, begins: range) -> Places:
        """Fill in what the ends cost; gives for each a place that its beginning is not below."""
        # First some ends far apart, as posts, ...
        fewest = len(ends) * len(begins) // _AT_ONCE
        stride = max(1, min(max(math.isqrt(len(ends)), fewest), len(ends) // 2))
        low, least = self._posts(ends[::stride], begins)
        if stride == 1:
            costs[:] = least
            return low
        # ... then those between, whose beginnings lie between their neighbours'.
        high = np.empty_like(low)
        high[:-1], high[-1] = low[1:], begins[-1]
        sizes = high - low + 1
        [wide] = (sizes > _MANY // stride).nonzero()
        sizes[wide] = 1
        between = self._between(ends, stride, low, sizes)
        costs[:] = between.T.reshape(-1)[: len(costs)]
        # Where values are dense, as near zero, some beginnings lie far apart.
        for post in wide.tolist():
            place = slice(post * stride, (post + 1) * stride)
            costs[place.start] = least[post]
            if inner := ends[place][1:]:
                self._fill(costs[place][1:], inner, range(int(low[post]), int(high[post]) + 1))
        return low.repeat(stride)[: len(ends)]

    def _posts(self, ends: range, begins: range) -> tuple[Places, Floats]:
        """For each end the cheapest of all beginnings, and the cost."""
        chosen = slice(ends.start, ends.stop, ends.step)
        first, weight = self.moments.first[chosen, None], self.moments.weight[chosen, None]
        shape = (len(ends), len(begins))
        costs = self._costs(shape, first, weight, slice(begins.start, begins.stop))
        best = costs.argmin(1)
        return best + begins.start, costs[self.every[: len(ends)], best]

    def _between(self, ends: range, stride: int, low: Places, sizes: Places) -> Floats:
        """What the ends after each post cost, a column of them: so many beginnings from `low` on.

        The last column goes on with the last end.
        """
        posts = self.every[: len(low)]
        starts = sizes.cumsum() - sizes
        column = posts.repeat(sizes)
        begins = self.every[: len(column)] + (low - starts)[column]
        rows = ends[0] + posts * stride + self.every[:stride, None]
        np.minimum(rows, ends[-1], out=rows)
        shape = (stride, len(column))
        first, weight = (
            moment[rows].take(column, 1, room, "clip")
            for moment, room in zip(
                (self.moments.first, self.moments.weight), self._room(shape), strict=True
            )
        )
        costs = self._costs(shape, first, weight, begins)
        return np.minimum.reduceat(costs, starts, axis=1)

    def _costs(
        self,
        shape: tuple[int, int],
        first: Floats,
        weight: Floats,
        begins: slice | Places,
    ) -> Floats:
        """What clusters from those beginnings cost, up to ends of these moments."""
        costs, weights = self._room(shape)
        np.subtract(first, self.moments.first[begins], out=costs)
        np.multiply(costs, costs, out=costs)
        np.subtract(weight, self.moments.weight[begins], out=weights)
        np.divide(costs, weights, out=costs)
        return np.subtract(self.before[begins], costs, out=costs)

    def _room(self, shape: tuple[int, int]) -> tuple[Floats, Floats]:
        size = math.prod(shape)
        if size > len(self.costs):
            return np.empty(shape), np.empty(shape)
        return self.costs[:size].reshape(shape), self.weights[:size].reshape(shape)


def _walk_back(search: _Search, blocks: list[range]) -> Places:
    path = []
    end = search.moments.values
    while end > 0:
        while blocks[-1].stop > end:
            blocks.pop()
        end, _ = search.cheapest_of_one(end, blocks[-1])
        path.append(end)
    return np.array(path[::-1], np.intp)
