"""One step of a network that is ready to run."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import torch
from torch import Tensor

from ...domain.mil.arguments import ILL_FITTING, title
from .failures import reason
from .ops.arguments import Tensors
from .signature import Parameter


@attrs.frozen
class Argument:
    """An argument that is known only while running; its sources are names and constants."""

    parameter: Parameter
    sources: tuple[str | Tensor, ...]

    def value(self, tensors: Mapping[str, Tensor]) -> object:
        """What the function is given."""
        found = (tensors[each] if isinstance(each, str) else each for each in self.sources)
        return self.parameter.convert(tuple(found))


@attrs.frozen(kw_only=True)
class Call:
    """A function with the arguments that are settled and those that are not.

    `shape` is that of the first output where the program tells it, otherwise (). `released` names
    the tensors that nothing uses afterwards. `relied` has the shapes by which several operations
    became this one, of what they take and give.
    """

    operation: str
    function: Callable[..., Tensor | Tensors]
    settled: Mapping[str, object]
    arguments: Mapping[str, Argument]
    outputs: tuple[str, ...]
    shape: tuple[int, ...] = ()
    released: tuple[str, ...] = ()
    relied: Mapping[str, tuple[int, ...]] = attrs.field(factory=dict)

    def results(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Run the function; gives its outputs by name. Raises ValueError with what failed where."""
        try:
            self._require_shapes(tensors)
            arguments = {name: each.value(tensors) for name, each in self.arguments.items()}
            result = self.function(**self.settled, **arguments)
            values = (result,) if isinstance(result, Tensor) else result
            results = dict(zip(self.outputs, values, strict=True))
            self._require_shapes(results)
        except ILL_FITTING as error:
            raise ValueError(f"{title(self.operation, self.outputs)}: {reason(error)}") from error
        return results

    def _require_shapes(self, tensors: Mapping[str, Tensor]) -> None:
        for name, declared in self.relied.items():
            if name in tensors and tensors[name].shape != declared:
                found = tuple(tensors[name].shape)
                raise ValueError(f"{name} has shape {found} where {declared} is declared")

    def in_float32(self) -> "Call":
        """The call with no constants in float16."""
        settled = {name: in_float32(each) for name, each in self.settled.items()}
        arguments = {
            name: Argument(each.parameter, in_float32(each.sources))
            for name, each in self.arguments.items()
        }
        return attrs.evolve(self, settled=settled, arguments=arguments)


def in_float32(value: Any) -> Any:
    """A constant, or several, that are no more in float16; any other as it is."""
    if isinstance(value, tuple):
        return tuple(in_float32(each) for each in value)
    half = isinstance(value, Tensor) and value.dtype is torch.float16
    return value.float() if half else value


def in_order(call: Call) -> Call:
    """The call with results whose elements lie in order, the last axis together.

    Sums may be taken in another order where elements lie otherwise, so that a result would depend
    in its last bits on how its arguments came about; now it depends on their values alone.
    """

    def function(**arguments: object) -> Tensor | Tensors:
        result = call.function(**arguments)
        if isinstance(result, Tensor):
            return result.contiguous()
        return tuple(each.contiguous() for each in result)

    return attrs.evolve(call, function=function)


def perform(calls: tuple[Call, ...], tensors: dict[str, Tensor]) -> None:
    """Run the calls, adding their outputs to the tensors and dropping what is released."""
    for call in calls:
        tensors.update(call.results(tensors))
        for name in call.released:
            del tensors[name]
