"""What every source of random numbers promises."""

import abc

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest

GREATEST_SEED = 2**32 - 1


class RandomSource(abc.ABC):
    """A stream of random numbers that its seed decides.

    A source is spent as it is used: two equal calls give different numbers. Every picture has a
    source of its own, so that each can be made again alone.
    """

    @abc.abstractmethod
    def standard_normal(self, shape: tuple[int, ...]) -> NDArray[np.floating]:
        """The next numbers of mean 0 and deviation 1, in row-major order.

        They are float64 where the reference draws so, else float32.
        """


def require_seed(seed: int) -> None:
    """Raise InvalidRequest where the seed is not from 0 to 4294967295."""
    if not 0 <= seed <= GREATEST_SEED:
        raise InvalidRequest("--seed", f"{seed} is not from 0 to {GREATEST_SEED}")
