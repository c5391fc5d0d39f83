"""A weight that a recorded network has and no memory holds."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class LateWeight(Protocol):
    """Numbers that are read, and computed if need be, whenever they are asked for."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape that the network knows."""
        ...

    def read(self) -> NDArray[np.generic]:
        """The numbers in that shape; nothing of them is kept.

        They come in float16 where that is how the checkpoint stores them, otherwise in float32.
        Raises OSError, and ValueError where the checkpoint's file has changed.
        """
        ...
