"""What a prediction met on its way: results that float16 cannot hold, and where they arose."""

from collections.abc import Callable

import attrs
import numpy as np
from numpy.typing import NDArray

from .tensor import Tensors

#: Is given an array and its name as soon as it is there; it may not change the array.
Record = Callable[[str, NDArray[np.generic]], None]


def unrecorded(name: str, array: NDArray[np.generic]) -> None:
    """Keep nothing."""
    del name, array


@attrs.frozen(kw_only=True)
class NumericFault:
    """An output of an operation with elements that are infinite or no numbers.

    `inherited` tells that something the operation was given had such elements already; the first
    fault that is not inherited is where to look for the cause.
    """

    operation: str
    output: str
    infinite: int
    not_numbers: int
    inherited: bool

    def __str__(self) -> str:
        """Say it in a line.

        >>> str(NumericFault(operation="square", output="squared", infinite=3, not_numbers=0,
        ...                  inherited=False))
        'square (squared): 3 infinite, 0 not a number'
        """
        counts = f"{self.infinite} infinite, {self.not_numbers} not a number"
        return f"{self.operation} ({self.output}): {counts}{', inherited' * self.inherited}"


@attrs.frozen
class Examination:
    """The outputs of a prediction and its faults, in the order of the operations."""

    outputs: Tensors
    faults: tuple[NumericFault, ...]
