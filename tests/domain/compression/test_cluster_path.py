"""The cheapest clusters with a penalty, beside a dynamic program without any shortcut."""

import numpy as np
import pytest
from coreml_stable_diffusion.domain.compression.cluster_path import cheapest_path
from coreml_stable_diffusion.domain.compression.cluster_rows import clusters_by_rows
from coreml_stable_diffusion.domain.compression.histogram import Histogram
from coreml_stable_diffusion.domain.compression.kmeans import best_clusters
from coreml_stable_diffusion.domain.compression.moments import Moments
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

halves = st.lists(
    st.floats(width=16, min_value=-4, max_value=4, allow_nan=False), min_size=2, max_size=200
)


def plain_cost(moments: Moments, penalty: float) -> float:
    """What the cheapest clusters cost with their penalties, every beginning tried for every end."""
    least = [0.0]
    for end in range(1, moments.values + 1):
        first = moments.first[end] - moments.first[:end]
        spread = first * first / (moments.weight[end] - moments.weight[:end])
        costs = np.array(least) + moments.second[end] - moments.second[:end] - spread + penalty
        least.append(float(costs.min()))
    return least[-1]


def with_penalties(moments: Moments, penalty: float) -> float:
    begins = cheapest_path(moments, penalty)
    assert begins[0] == 0
    assert np.all(np.diff(begins) > 0)
    return moments.cost(begins) + penalty * len(begins)


@given(halves, st.floats(1e-6, 10))
def test_no_other_clusters_cost_less_with_their_penalties(
    numbers: list[float], penalty: float
) -> None:
    moments = Moments.of(Histogram.of(np.array(numbers, np.float16)))

    found = with_penalties(moments, penalty)

    assert found == pytest.approx(plain_cost(moments, penalty), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("penalty", [1e-4, 1e-2, 1.0, 100.0])
def test_where_values_are_dense_none_is_overlooked(penalty: float) -> None:
    # Near zero float16 has thousands of values, and beginnings lie far apart.
    weights = np.random.default_rng(3).standard_normal(20_000).astype(np.float16)
    moments = Moments.of(Histogram.of(weights[np.abs(weights) < 0.1]))

    found = with_penalties(moments, penalty)

    assert found == pytest.approx(plain_cost(moments, penalty), rel=1e-9)


DRAWS = {
    "normal": lambda rng: rng.standard_normal(30_000),
    "with long tails": lambda rng: rng.standard_t(3, 30_000),
    "in two heaps": lambda rng: rng.standard_normal(30_000) + 9 * rng.integers(0, 2, 30_000),
    "evenly spaced": lambda rng: rng.integers(-300, 300, 30_000) / 64,
}


@pytest.mark.parametrize("count", [8, 16, 64, 256])
@pytest.mark.parametrize("draw", DRAWS)
def test_penalties_find_what_rows_find(draw: str, count: int) -> None:
    numbers: NDArray[np.float64] = DRAWS[draw](np.random.default_rng(count))
    histogram = Histogram.of(numbers.astype(np.float16))
    moments = Moments.of(histogram)

    found = best_clusters(histogram, count)

    assert len(found) == count
    by_rows = moments.cost(clusters_by_rows(moments, count))
    assert moments.cost(found) == pytest.approx(by_rows, rel=1e-9)
