"""The large constants of a program that coremltools made, kept where they are."""

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from ...domain.errors import ConversionFailed, first_line
from ...domain.mil.value import StoredWeight, WeightStorage
from .stand_in import StandIn


@final
class ConvertedWeights(WeightStorage):
    """Arrays and stand-ins in the order in which they were added; offsets are their places."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._values: list[NDArray[Any]] = []

    def add(self, name: str, value: NDArray[Any]) -> int:
        """Take one more, and tell its place. Raises ValueError as `require_numbers` does."""
        require_numbers(name, value)
        self._values.append(value)
        return len(self._values) - 1

    def read(self, weight: StoredWeight) -> NDArray[np.generic]:
        """Read one of them. Raises ConversionFailed where the checkpoint's file has gone."""
        value = self._values[weight.offset]
        if not isinstance(value, StandIn):
            return value
        try:
            return value.numbers()
        except (OSError, ValueError) as error:
            problem = f"a weight cannot be read any more: {first_line(error)}"
            raise ConversionFailed(self._network, problem) from error


def require_numbers(name: str, value: Any) -> None:
    """Refuse a constant that was computed from a stand-in by what does not ask for its numbers.

    All that a stand-in has in memory is NaN, and that is what comes of it. Raises ValueError.
    """
    if isinstance(value, StandIn) or getattr(value, "dtype", np.dtype(np.str_)).kind != "f":
        return
    if np.isnan(value).any():
        raise ValueError(
            f"{name} has no numbers: either the checkpoint holds NaN, or coremltools"
            " computed it from a weight that is not in memory"
        )
