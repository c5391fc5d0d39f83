"""The quantiles of the symmetric beta distribution, which NumPy does not have.

Abramowitz and Stegun (1964), formula 26.5.4 read as a power series, turned round by bisection.
"""

import math

import numpy as np
from numpy.typing import NDArray

#: The half-way point needs most terms of the series, halved from one to the next.
_TERMS = 64
_HALVINGS = 80


def beta_quantile(probabilities: NDArray[np.float64], shape: float) -> NDArray[np.float64]:
    """Below which number a variable of Beta(shape, shape) stays with these probabilities.

    >>> beta_quantile(np.array([0.0, 0.25, 0.5, 1.0]), shape=1.0)
    array([0.  , 0.25, 0.5 , 1.  ])
    """
    # The distribution is its own mirror image; the series is quick in its lower half.
    tail = np.minimum(probabilities, 1 - probabilities)
    lower, upper = np.zeros_like(tail), np.full_like(tail, 0.5)
    for _ in range(_HALVINGS):
        middle = (lower + upper) / 2
        enough = _lower_half(middle, shape) >= tail
        lower, upper = np.where(enough, lower, middle), np.where(enough, middle, upper)
    return np.where(probabilities > 0.5, 1 - lower, lower)


def _lower_half(points: NDArray[np.float64], shape: float) -> NDArray[np.float64]:
    """The distribution function at points from 0 to 1/2."""
    orders = np.arange(_TERMS)
    factors = np.cumprod(np.concatenate([[1.0], (orders[1:] - shape) / orders[1:]]))
    series = (factors / (shape + orders)) @ points[np.newaxis] ** orders[:, np.newaxis]
    whole = math.gamma(shape) ** 2 / math.gamma(2 * shape)
    distribution: NDArray[np.float64] = points**shape * series / whole
    return distribution
