"""Clusters on a line are the best there are: no other division has less error."""

import itertools

import numpy as np
import pytest
from coreml_stable_diffusion.domain.compression.histogram import Histogram
from coreml_stable_diffusion.domain.compression.kmeans import best_clusters
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

halves = st.lists(st.floats(width=16, allow_nan=False, allow_infinity=False), min_size=1)
few = st.lists(st.integers(-40, 40).map(lambda each: each / 8), min_size=1, max_size=12)


def error(weights: NDArray[np.float16], begins: tuple[int, ...]) -> float:
    """The sum of squared distances to the means, spelled out weight by weight."""
    values = np.unique(weights).astype(np.float64)
    borders = [*(values[each] for each in begins), np.inf]
    total = 0.0
    for low, high in itertools.pairwise(borders):
        cluster = weights[(weights >= low) & (weights < high)].astype(np.float64)
        total += float(((cluster - cluster.mean()) ** 2).sum())
    return total


def least_error(weights: NDArray[np.float16], count: int) -> float:
    """The least error of all divisions of the sorted values into so many intervals."""
    others = range(1, len(np.unique(weights)))
    choices = itertools.combinations(others, min(count - 1, len(others)))
    return min(error(weights, (0, *each)) for each in choices)


@given(few, st.integers(1, 5))
def test_no_division_into_as_many_clusters_is_better(numbers: list[float], count: int) -> None:
    weights = np.array(numbers, np.float16)

    begins = best_clusters(Histogram.of(weights), count)

    assert error(weights, tuple(begins)) == pytest.approx(least_error(weights, count), abs=1e-9)


@given(halves, st.integers(1, 16))
def test_there_are_as_many_clusters_as_asked_for_or_as_there_are_values(
    numbers: list[float], count: int
) -> None:
    weights = np.array(numbers, np.float16)

    begins = best_clusters(Histogram.of(weights), count)

    assert len(begins) == min(count, len(np.unique(weights)))
    assert begins[0] == 0
    assert np.all(np.diff(begins) > 0)


@given(halves, st.integers(1, 15))
def test_one_cluster_more_is_never_worse(numbers: list[float], count: int) -> None:
    weights = np.clip(np.array(numbers), -100, 100).astype(np.float16)
    histogram = Histogram.of(weights)

    less, more = (
        error(weights, tuple(best_clusters(histogram, each))) for each in (count, count + 1)
    )

    assert more <= less * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize("count", [4, 16, 64])
def test_many_weights_are_divided_as_a_plain_dynamic_program_does(count: int) -> None:
    weights = np.random.default_rng(count).standard_normal(400).astype(np.float16)
    values, counts = np.unique(weights.astype(np.float64), return_counts=True)

    begins = best_clusters(Histogram.of(weights), count)

    expected = plain_least_error(values, counts, count)
    assert error(weights, tuple(begins)) == pytest.approx(expected, rel=1e-9)


def plain_least_error(values: NDArray[np.float64], counts: NDArray[np.int64], count: int) -> float:
    """Wang and Song's recurrence ("Ckmeans.1d.dp", R Journal 3/2, 2011), without any shortcut."""
    places = len(values)
    cost = np.full((places + 1, places + 1), np.inf)
    for begin in range(places):
        weight = np.cumsum(counts[begin:])
        mean = np.cumsum(counts[begin:] * values[begin:]) / weight
        square = np.cumsum(counts[begin:] * values[begin:] ** 2)
        cost[begin, begin + 1 :] = square - weight * mean**2
    best = cost[0]
    for _ in range(count - 1):
        best = (best[:, None] + cost).min(axis=0)
    return float(best[-1])
