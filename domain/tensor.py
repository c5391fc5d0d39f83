"""What crosses the edge of a network: a named array of known shapes and element type."""

from collections.abc import Iterable, Mapping

import attrs
import numpy as np
from numpy.typing import DTypeLike, NDArray

from .pixel_layout import PixelLayout

#: Arrays by the name of the input or output that they belong to.
Tensors = Mapping[str, NDArray[np.generic]]


def _sizes(value: Iterable[int]) -> tuple[int, ...]:
    return tuple(int(size) for size in value)


def _numpy_dtype(value: DTypeLike) -> np.dtype[np.generic]:
    return np.dtype(value)


@attrs.frozen
class SizeRanges:
    """Shapes whose sizes each lie between two bounds, both included; None is no upper bound.

    >>> str(SizeRanges(((1, 1), (2, 8), (1, None))))
    '(1, 2 to 8, from 1)'
    """

    bounds: tuple[tuple[int, int | None], ...]

    def admits(self, shape: tuple[int, ...]) -> bool:
        """Whether a shape is one of these."""
        return len(shape) == len(self.bounds) and all(
            low <= size and (high is None or size <= high)
            for size, (low, high) in zip(shape, self.bounds, strict=True)
        )

    def __str__(self) -> str:
        """Say it for a message."""
        return f"({', '.join(_range(low, high) for low, high in self.bounds)})"


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"from {low}"
    return str(low) if low == high else f"{low} to {high}"


@attrs.frozen
class ListedShapes:
    """A few shapes and no others.

    >>> str(ListedShapes(((1, 8), (1, 16))))
    '(1, 8) or (1, 16)'
    """

    shapes: tuple[tuple[int, ...], ...]

    def admits(self, shape: tuple[int, ...]) -> bool:
        """Whether a shape is one of these."""
        return shape in self.shapes

    def __str__(self) -> str:
        """Say it for a message."""
        return " or ".join(map(str, self.shapes))


#: The shapes that an input may have.
Flexibility = SizeRanges | ListedShapes


@attrs.frozen(kw_only=True)
class TensorSpec:
    """One input or output of a network.

    `shape` is the only shape, or the usual one of those that `flexibility` admits. `pixels` tells
    that it is a picture, and its layout inside the network.

    >>> TensorSpec(name="z", shape=(1, 4, 64, 64), dtype="float16").element_count
    16384
    """

    name: str
    shape: tuple[int, ...] = attrs.field(converter=_sizes)
    dtype: np.dtype[np.generic] = attrs.field(converter=_numpy_dtype)
    description: str = attrs.field(default="", eq=False)
    flexibility: Flexibility | None = None
    pixels: PixelLayout | None = None

    @property
    def element_count(self) -> int:
        """The number of elements of the array."""
        return int(np.prod(self.shape, dtype=np.int64))

    def mismatch(self, array: NDArray[np.generic]) -> str | None:
        """Say in words how an array does not fit, or None where it fits."""
        if array.shape != self.shape and not (
            self.flexibility and self.flexibility.admits(array.shape)
        ):
            needed = self.flexibility or self.shape
            return f"input {self.name} has shape {array.shape} where {needed} is needed"
        if array.dtype != self.dtype:
            return f"input {self.name} has type {array.dtype} where {self.dtype} is needed"
        return None


def misfit(tensors: Tensors, specs: Iterable[TensorSpec]) -> str | None:
    """Say in words what is unknown, missing or of another form, or None where everything fits.

    >>> misfit({}, [TensorSpec(name="z", shape=(1, 4), dtype="float16")])
    'input z is missing'
    """
    needed = {spec.name: spec for spec in specs}
    # First, since a wrong name is why another is missing.
    if unknown := sorted(tensors.keys() - needed.keys()):
        return f"there is no input {unknown[0]}; it has: {', '.join(sorted(needed))}"
    for name, spec in needed.items():
        if name not in tensors:
            return f"input {name} is missing"
        if problem := spec.mismatch(tensors[name]):
            return problem
    return None
