"""What the function of an operation takes, read off its annotations."""

import functools
import inspect
import types
import typing
from collections.abc import Callable, Mapping

import attrs
from torch import Tensor

from .ops.arguments import Flags, Integers, Tensors


def _integers(values: Tensors) -> Integers:
    return tuple(int(each) for value in values for each in value.flatten().tolist())


def _flags(values: Tensors) -> Flags:
    return tuple(bool(each) for each in values[0].flatten().tolist())


_CONVERSIONS: Mapping[object, Callable[[Tensors], object]] = {
    Tensor: lambda values: values[0],
    Tensors: tuple,
    Integers: _integers,
    Flags: _flags,
    int: lambda values: int(values[0].item()),
    float: lambda values: float(values[0].item()),
    bool: lambda values: bool(values[0].item()),
}


@attrs.frozen
class Parameter:
    """One argument of an operation."""

    annotation: object

    @property
    def is_text(self) -> bool:
        """Whether the argument is a string, which only a constant can be."""
        return self.annotation is str

    def convert(self, values: Tensors) -> object:
        """Turn the tensors that the argument is bound to into what the function takes.

        Raises ValueError where several are one too many: whole numbers may come one by one.
        """
        one_by_one = self.annotation == Integers and not any(each.ndim for each in values)
        if len(values) > 1 and self.annotation != Tensors and not one_by_one:
            raise ValueError(f"{len(values)} values are given where one is taken")
        return _CONVERSIONS[self.annotation](values)


@functools.cache
def parameters(function: Callable[..., object]) -> Mapping[str, Parameter]:
    """The parameters of an operation's function by name."""
    return {
        name: Parameter(_without_none(each.annotation))
        for name, each in inspect.signature(function).parameters.items()
    }


def _without_none(annotation: object) -> object:
    if isinstance(annotation, types.UnionType):
        (kind,) = (each for each in typing.get_args(annotation) if each is not types.NoneType)
        return kind
    return annotation
