"""The best clusters of numbers on a line when each cluster costs something for itself.

The cheapest path to a place is the cheapest to where its last cluster begins, that cluster and the
penalty. It is found block by block: while the cost has not grown by more than one penalty since the
block began, no last cluster can begin inside the block, since it would cost the penalty anew. So
all ends of a block are searched at once, among beginnings that move only upwards with the ends.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .moments import Moments, Places

_FIRST_BLOCK = 64
_LEAST_BLOCK = 16
# Beginnings so many times as far apart as usual are searched for by themselves, where that saves
# more than so many costs.
_WIDE, _MANY = 4, 2**15


def cheapest_path(moments: Moments, penalty: float) -> Places:
    """Where each cluster begins, the number of clusters being whatever costs least."""
    values = moments.values
    begins = np.zeros(values + 1, np.intp)
    # What the best clusters up to each place cost, less the squares up to there, and a penalty.
    before = np.empty(values + 1)
    before[0] = penalty
    start, length = 1, _FIRST_BLOCK
    while start <= values:
        stop = min(start + length, values + 1)
        lowest, highest = int(begins[start - 1]), start - 1
        found, costs = _search(moments, before, range(start, stop), lowest, highest)
        whole = costs + moments.second[start:stop]
        known = int(np.searchsorted(whole, whole[0] + penalty, side="right"))
        begins[start : start + known] = found[:known]
        before[start : start + known] = costs[:known] + penalty
        # The next block will be about as long, and what was searched in vain is lost.
        length = max(_LEAST_BLOCK, known * 9 // 8) if known < len(found) else 2 * length
        start += known
    return _walk_back(begins)


def _search(
    moments: Moments, before: NDArray[np.float64], ends: range, lowest: int, highest: int
) -> tuple[Places, NDArray[np.float64]]:
    """For each end the cheapest beginning from `lowest` to `highest`, and what that costs."""
    stride = max(1, math.isqrt(len(ends)))
    # First some ends far apart, the last one among them, ...
    posts = np.append(np.arange(ends[0], ends[-1], stride), ends[-1])
    every = np.arange(lowest, highest + 1)
    [best], [costs] = _cheapest(moments, before, posts[None], every[None])
    best = every[best]
    # ... then those between, whose beginnings lie between their neighbours'.
    gaps = np.diff(best)
    usual = max(_WIDE * int(np.median(gaps)) if len(gaps) else 0, _MANY // len(ends))
    widest = int(gaps.max(where=gaps <= usual, initial=0)) + 1
    windows = np.minimum(best[:-1, None] + np.arange(widest), highest)
    between = np.minimum(posts[:-1, None] + np.arange(stride), ends[-1])
    inner, inner_costs = _cheapest(moments, before, between, windows)
    found = np.append(np.take_along_axis(windows, inner, 1).reshape(-1)[: len(ends) - 1], best[-1])
    costs = np.append(inner_costs.reshape(-1)[: len(ends) - 1], costs[-1])
    # Where values are dense, as near zero, some beginnings lie far apart.
    for gap in np.flatnonzero(gaps > usual) if stride > 1 else ():
        inside = range(posts[gap], posts[gap + 1] + 1)
        place = slice(inside[0] - ends[0], inside[-1] + 1 - ends[0])
        found[place], costs[place] = _search(
            moments, before, inside, int(best[gap]), int(best[gap + 1])
        )
    return found, costs


def _cheapest(
    moments: Moments, before: NDArray[np.float64], ends: Places, begins: Places
) -> tuple[Places, NDArray[np.float64]]:
    """For each end of each row the place of the cheapest beginning of that row, and the cost."""
    costs = moments.first[ends][:, :, None] - moments.first[begins][:, None]
    costs *= costs
    costs /= moments.weight[ends][:, :, None] - moments.weight[begins][:, None]
    np.subtract(before[begins][:, None], costs, out=costs)
    best = costs.argmin(2)
    return best, np.take_along_axis(costs, best[:, :, None], 2)[:, :, 0]


def _walk_back(begins: Places) -> Places:
    path = []
    end = len(begins) - 1
    while end > 0:
        end = int(begins[end])
        path.append(end)
    return np.array(path[::-1], np.intp)
