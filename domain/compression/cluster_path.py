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
# Beginnings so many times as far apart as usual are searched for by themselves, where that saves
# more than so many costs.
_WIDE, _MANY = 4, 2**13
# So many costs are what a processor has near at hand.
_AT_ONCE = 2**16


def cheapest_path(moments: Moments, penalty: float) -> Places:
    """Where each cluster begins, the number of clusters being whatever costs least."""
    values = moments.values
    begins = np.zeros(values + 1, np.intp)
    search = _Search.over(moments)
    search.before[0] = penalty
    start, length = 1, _FIRST_BLOCK
    while start <= values:
        ends = range(start, min(start + length, values + 1))
        found, costs = search.cheapest(ends, int(begins[start - 1]), start - 1)
        whole = costs + moments.second[ends.start : ends.stop]
        known = int(np.searchsorted(whole, whole[0] + penalty, side="right"))
        begins[start : start + known] = found[:known]
        search.before[start : start + known] = costs[:known] + penalty
        # The next block will be about as long, and what was searched in vain is lost.
        length = max(_LEAST_BLOCK, known * 9 // 8) if known < len(found) else 2 * length
        start += known
    return _walk_back(begins)


@attrs.frozen(eq=False)
class _Search:
    """Looks for cheapest beginnings.

    `before` is what the best clusters up to each place cost, less the squares up to there, and a
    penalty; `costs` and `weights` are room to compute in.
    """

    moments: Moments
    before: Floats
    costs: Floats
    weights: Floats

    @classmethod
    def over(cls, moments: Moments) -> Self:
        room = 2 * (_AT_ONCE + 2 * len(moments.weight))
        return cls(moments, np.empty(len(moments.weight)), np.empty(room), np.empty(room))

    def cheapest(self, ends: range, lowest: int, highest: int) -> tuple[Places, Floats]:
        """For each end the cheapest beginning from `lowest` to `highest`, and what that costs."""
        every = np.arange(lowest, highest + 1)
        fewest = len(ends) * len(every) // _AT_ONCE
        stride = max(1, min(max(math.isqrt(len(ends)), fewest), len(ends) // 2))
        # First some ends far apart, the last one among them, ...
        posts = np.append(np.arange(ends[0], ends[-1], stride), ends[-1])
        [best], [least] = self._of_rows(posts[None], every[None])
        best += lowest
        # ... then those between, whose beginnings lie between their neighbours'.
        low, gaps = best[:-1], best[1:] - best[:-1]
        usual = _usual(gaps, len(ends))
        widest = int(gaps.max(where=gaps <= usual, initial=0)) + 1
        windows = np.minimum(low[:, None] + np.arange(widest), highest)
        between = np.minimum(posts[:-1, None] + np.arange(stride), ends[-1])
        places, inner = self._of_rows(between, windows)
        found, costs = np.empty(len(ends), np.intp), np.empty(len(ends))
        found[:-1] = np.minimum(low[:, None] + places, highest).reshape(-1)[: len(ends) - 1]
        costs[:-1] = inner.reshape(-1)[: len(ends) - 1]
        found[-1], costs[-1] = best[-1], least[-1]
        # Where values are dense, as near zero, some beginnings lie far apart.
        for gap in np.flatnonzero(gaps > usual) if stride > 1 else ():
            inside = range(posts[gap], posts[gap + 1] + 1)
            place = slice(inside[0] - ends[0], inside[-1] + 1 - ends[0])
            found[place], costs[place] = self.cheapest(inside, int(best[gap]), int(best[gap + 1]))
        return found, costs

    def _of_rows(self, ends: Places, begins: Places) -> tuple[Places, Floats]:
        """For each end the place of the cheapest beginning of its row, and the cost."""
        shape = (*ends.shape, begins.shape[1])
        costs, weights = (
            each[: math.prod(shape)].reshape(shape) for each in (self.costs, self.weights)
        )
        first, weight = self.moments.first, self.moments.weight
        np.subtract(first[ends][:, :, None], first[begins][:, None], out=costs)
        np.multiply(costs, costs, out=costs)
        np.subtract(weight[ends][:, :, None], weight[begins][:, None], out=weights)
        np.divide(costs, weights, out=costs)
        np.subtract(self.before[begins][:, None], costs, out=costs)
        best = costs.argmin(2)
        rows = np.arange(best.size).reshape(best.shape) * shape[-1]
        return best, costs.reshape(-1)[rows + best]


def _usual(gaps: Places, ends: int) -> int:
    """How far apart beginnings may lie to be searched together."""
    median = int(np.sort(gaps)[len(gaps) // 2]) if len(gaps) else 0
    return min(max(_WIDE * median, _MANY // ends), _AT_ONCE // ends)


def _walk_back(begins: Places) -> Places:
    path = []
    end = len(begins) - 1
    while end > 0:
        end = int(begins[end])
        path.append(end)
    return np.array(path[::-1], np.intp)
