"""What crosses the edge of a network: a named array of fixed shape and element type."""

from collections.abc import Iterable, Mapping

import attrs
import numpy as np
from numpy.typing import DTypeLike, NDArray

#: Arrays by the name of the input or output that they belong to.
Tensors = Mapping[str, NDArray[np.generic]]


def _sizes(value: Iterable[int]) -> tuple[int, ...]:
    return tuple(int(size) for size in value)


def _numpy_dtype(value: DTypeLike) -> np.dtype[np.generic]:
    return np.dtype(value)


@attrs.frozen(kw_only=True)
class TensorSpec:
    """One input or output of a network.

    >>> TensorSpec(name="z", shape=(1, 4, 64, 64), dtype="float16").element_count
    16384
    """

    name: str
    shape: tuple[int, ...] = attrs.field(converter=_sizes)
    dtype: np.dtype[np.generic] = attrs.field(converter=_numpy_dtype)
    description: str = attrs.field(default="", eq=False)

    @property
    def element_count(self) -> int:
        """The number of elements of the array."""
        return int(np.prod(self.shape, dtype=np.int64))

    def mismatch(self, array: NDArray[np.generic]) -> str | None:
        """Say in words how an array does not fit, or None where it fits."""
        if array.shape != self.shape:
            return f"input {self.name} has shape {array.shape} where {self.shape} is needed"
        if array.dtype != self.dtype:
            return f"input {self.name} has type {array.dtype} where {self.dtype} is needed"
        return None


def misfit(tensors: Tensors, specs: Iterable[TensorSpec]) -> str | None:
    """Say in words what is missing, unknown or of another form, or None where everything fits.

    >>> misfit({}, [TensorSpec(name="z", shape=(1, 4), dtype="float16")])
    'input z is missing'
    """
    needed = {spec.name: spec for spec in specs}
    for name, spec in needed.items():
        if name not in tensors:
            return f"input {name} is missing"
        if problem := spec.mismatch(tensors[name]):
            return problem
    if unknown := sorted(tensors.keys() - needed.keys()):
        return f"there is no input {unknown[0]}; it has: {', '.join(sorted(needed))}"
    return None
