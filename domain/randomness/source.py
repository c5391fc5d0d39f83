"""What every source of random numbers promises."""

import abc

import numpy as np
from numpy.typing import NDArray

from ..errors import InvalidRequest
from .kind import RandomKind


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


def require_seed(seed: int, kind: RandomKind) -> None:
    """Raise InvalidRequest where the numbers of this kind have no such seed."""
    if not 0 <= seed <= kind.greatest_seed:
        problem = f"{seed} is not from 0 to {kind.greatest_seed}"
        raise InvalidRequest("--seed", f"{problem}, as {kind.value}'s numbers need it")
