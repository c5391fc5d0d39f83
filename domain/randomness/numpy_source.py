"""NumPy's legacy normal numbers: Mersenne twister and Marsaglia's polar method."""

import numpy as np
from numpy.typing import NDArray

from .kind import RandomKind
from .source import RandomSource, require_seed


class NumpySource(RandomSource):
    """Gives bit by bit what `numpy.random.RandomState(seed).standard_normal` gives.

    Apple's pipeline draws its noise like this. Raises InvalidRequest for a seed out of range.

    >>> NumpySource(93).standard_normal((2,))
    array([1.63019808, 1.10073589])
    """

    def __init__(self, seed: int) -> None:
        require_seed(seed, RandomKind.NUMPY)
        self._state = np.random.RandomState(seed)

    def standard_normal(self, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """The next numbers of mean 0 and deviation 1, in row-major order."""
        return self._state.standard_normal(shape)
