"""The best clusters of numbers on a line, one cluster more with every row of a dynamic program.

Where the last of the best clusters begins moves only upwards as values are added (Wu, "Optimal
Quantization by Matrix Searching", Journal of Algorithms 12, 1991). So each row is searched by
halves: every second end first, then those between, whose beginnings lie between their neighbours'.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .moments import Moments, Places


def clusters_by_rows(moments: Moments, count: int) -> Places:
    """Where each of so many best clusters begins; there are more values than clusters."""
    spread = moments.second[1:] - moments.first[1:] ** 2 / moments.weight[1:]
    cost = np.concatenate([[np.inf], spread])
    rows = []
    for _ in range(count - 1):
        begins, cost = _next_row(moments, cost)
        rows.append(begins)
    return _path(rows, moments.values)


def _next_row(moments: Moments, cost: NDArray[np.float64]) -> tuple[Places, NDArray[np.float64]]:
    """For every end, where the last cluster begins if there is one more, and what that costs.

    `cost` tells for every place what the clusters before it cost, infinity where there are none.
    """
    values = len(cost) - 1
    # The best beginnings of ends 1 to `values`; outside of them stand the bounds of all.
    begins = np.zeros(values + 2, np.intp)
    begins[-1] = values - 1
    best = np.full(values + 1, np.inf)
    before = cost - moments.second
    for ends, stride in _by_halves(values):
        lowest = begins[ends - stride]
        highest = np.minimum(begins[np.minimum(ends + stride, values + 1)], ends - 1)
        begins[ends], best[ends] = _cheapest(moments, before, ends, lowest, highest)
    return begins[:-1], best + moments.second


def _by_halves(values: int) -> Iterator[tuple[Places, int]]:
    """The ends from 1 to `values`, each once, coarse to fine, with the distance of those known."""
    stride = 1 << (values.bit_length() - 1)
    while stride:
        yield np.arange(stride, values + 1, 2 * stride), stride
        stride //= 2


def _cheapest(
    moments: Moments, before: NDArray[np.float64], ends: Places, lowest: Places, highest: Places
) -> tuple[Places, NDArray[np.float64]]:
    """For each end the cheapest beginning from `lowest` to `highest`, and the cost.

    Costs leave out the squares up to the end, which are the same for every beginning.
    """
    lengths = highest - lowest + 1
    starts = np.cumsum(lengths) - lengths
    begins = np.arange(lengths.sum()) + np.repeat(lowest - starts, lengths)
    first = np.repeat(moments.first[ends], lengths) - moments.first[begins]
    weight = np.repeat(moments.weight[ends], lengths) - moments.weight[begins]
    costs = before[begins] - first * first / weight
    least = np.minimum.reduceat(costs, starts)
    hits = np.flatnonzero(costs == np.repeat(least, lengths))
    return begins[hits[np.searchsorted(hits, starts)]], least


def _path(rows: list[Places], end: int) -> Places:
    """Walk back from the last end to the beginning of every cluster."""
    begins = []
    for row in reversed(rows):
        end = int(row[end])
        begins.append(end)
    return np.array([0, *reversed(begins)], np.intp)
