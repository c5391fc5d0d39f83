"""Arrays that stand for weights in coremltools' programs, so that they need not be in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self, final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ...domain.conversion.late_weight import LateWeight


@final
class StandIn(np.ndarray[Any, np.dtype[Any]]):
    """A weight's shape and type over one element of memory, which is no number.

    Cast and reshaped it stands for the weight still. Whatever else NumPy is to do with it, it does
    with the weight's numbers, read for that one time.
    """

    weight: LateWeight

    @classmethod
    def of(cls, weight: LateWeight, shape: tuple[int, ...], dtype: DTypeLike = np.float32) -> Self:
        """Stand for the weight's numbers, in that shape, cast to that type."""
        made = cls(shape, dtype, buffer=np.full((), np.nan, dtype), strides=(0,) * len(shape))
        made.weight = weight
        return made

    def numbers(self) -> NDArray[Any]:
        """Read what it stands for."""
        return self.weight.read().reshape(self.shape).astype(self.dtype, copy=False)

    def astype(self, dtype: DTypeLike, *_order: Any, **_more: Any) -> Any:
        """Stand for the weight in a narrower type; in a wider one, be its numbers."""
        if np.dtype(dtype).itemsize > self.dtype.itemsize:
            return self.numbers().astype(dtype)
        return type(self).of(self.weight, self.shape, dtype)

    def reshape(self, *shape: Any, **_order: Any) -> Any:
        """Stand for the weight in another shape."""
        found = np.broadcast_to(np.int8(), self.shape).reshape(*shape).shape
        return type(self).of(self.weight, found, self.dtype)

    def flatten(self, *_order: Any) -> Any:
        """Stand for the weight in one row."""
        return self.reshape(-1)

    def __getitem__(self, place: Any) -> Any:
        """Read some of the numbers, and cast no others."""
        return self.weight.read().reshape(self.shape)[place].astype(self.dtype)

    def __eq__(self, other: object) -> Any:
        """Whether both stand for the same weight, for all elements at once."""
        return np.bool_(isinstance(other, StandIn) and other.weight is self.weight)

    def __ne__(self, other: object) -> Any:
        """Whether they stand for different weights."""
        return ~self.__eq__(other)

    __hash__ = None

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Compute with the numbers, and write into none."""
        if any(isinstance(each, StandIn) for each in kwargs.get("out", ())):
            return NotImplemented
        return getattr(ufunc, method)(*_with_numbers(inputs), **_named_numbers(kwargs))

    def __array_function__(
        self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        """Compute with the numbers."""
        del types
        return func(*_with_numbers(args), **_named_numbers(kwargs))


def _with_numbers(arguments: Iterable[Any]) -> Iterator[Any]:
    for each in arguments:
        if isinstance(each, StandIn):
            yield each.numbers()
        elif isinstance(each, list | tuple):
            yield (list if isinstance(each, list) else tuple)(_with_numbers(each))
        else:
            yield each


def _named_numbers(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(arguments, _with_numbers(arguments.values()), strict=True))
