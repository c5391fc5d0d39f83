"""What the function of an operation takes, read off its annotations."""

import functools
import inspect
import types
import typing
from collections.abc import Callable, Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from .ops.arguments import Flags, Integers, Output, Outputs

_Array = NDArray[np.generic]

#: What constants become that a function takes as plain values.
_CONVERSIONS: Mapping[object, Callable[[_Array], object]] = {
    Integers: lambda array: tuple(int(each) for each in array.flat),
    Flags: lambda array: tuple(bool(each) for each in array.flat),
    int: lambda array: int(array.item()),
    float: lambda array: float(array.item()),
    bool: lambda array: bool(array.item()),
    str: lambda array: str(array.item()),
}


@attrs.frozen
class Parameter:
    """One argument of an operation."""

    annotation: object

    @property
    def is_output(self) -> bool:
        """Whether the argument may be what another operation computes."""
        return self.annotation in (Output, Outputs)

    @property
    def is_several(self) -> bool:
        """Whether the argument is several of those."""
        return self.annotation == Outputs

    def convert(self, constant: _Array) -> object:
        """Turn a constant into the plain value that the function takes."""
        return _CONVERSIONS[self.annotation](constant)


@functools.cache
def parameters(function: Callable[..., object]) -> Mapping[str, Parameter]:
    """The parameters of an operation's function by name."""
    return {
        name: Parameter(_without_none(each.annotation))
        for name, each in inspect.signature(function).parameters.items()
    }


def _without_none(annotation: object) -> object:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        (kind,) = (each for each in typing.get_args(annotation) if each is not types.NoneType)
        return kind
    return annotation
