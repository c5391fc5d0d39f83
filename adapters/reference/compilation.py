"""From a function of a program to calls: constants settled, dead operations left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ...domain.mil.arguments import ILL_FITTING, titled
from ...domain.mil.dataflow import Dataflow
from ...domain.mil.liveness import live
from ...domain.mil.operation import Binding, Block, Operation
from ...domain.mil.program import Function
from ...domain.mil.value_type import TensorType
from .arrays import as_tensor
from .call import Argument, Call, in_float32, in_order
from .constants import Constants
from .failures import reason
from .fused import OPERATIONS as FUSED_OPERATIONS
from .ops.arguments import Tensors
from .signature import parameters

#: The function of each operation.
Catalogue = Mapping[str, Callable[..., Tensor | Tensors]]

_CONSTANT = "const"
_LABEL = "name"


@attrs.frozen(kw_only=True)
class Schedule:
    """The calls that compute a function's outputs, and those outputs that are constant."""

    calls: tuple[Call, ...]
    constants: Mapping[str, Tensor]


def unknown_operations(block: Block, catalogue: Catalogue) -> list[str]:
    """Name every operation of the block, and every argument, that the catalogue does not know."""
    unknown = set()
    for operation in block.operations:
        if operation.type == _CONSTANT:
            continue
        if operation.type not in catalogue or operation.blocks:
            unknown.add(operation.type)
            continue
        known = parameters(catalogue[operation.type])
        strange = [name for name in _bindings(operation) if name not in known]
        unknown.update(f"{operation.type}({name}=)" for name in strange)
    return sorted(unknown)


def compile_function(
    function: Function,
    catalogue: Catalogue,
    prepare: Callable[[Call], Call] = in_order,
    constant: Callable[[NDArray[np.generic]], Tensor] = as_tensor,
) -> Schedule:
    """Make the schedule of a function whose operations are all known, each call prepared.

    Calls are prepared one by one, so that at most one weight is in memory in two forms; it comes
    in that which `constant` gives it.
    Raises ValueError with the reason where operations do not fit together.
    """
    assembly = _Assembly(function, catalogue, prepare, Constants(constant))
    for operation in live(function.body.operations, function.body.outputs):
        try:
            assembly.add(operation)
        except ILL_FITTING as error:
            raise ValueError(f"{titled(operation)}: {reason(error)}") from error
    return assembly.schedule()


class _Assembly:
    """A schedule in the making."""

    def __init__(
        self,
        function: Function,
        catalogue: Catalogue,
        prepare: Callable[[Call], Call],
        constants: Constants,
    ) -> None:
        self._outputs = function.body.outputs
        self._catalogue = catalogue
        self._prepare = prepare
        self._constants = constants
        self._computed = {each.name for each in function.inputs}
        self._flow = Dataflow(function)
        self._calls: list[Call] = []

    def add(self, operation: Operation) -> None:
        if operation.type == _CONSTANT:
            self._constants.declare(operation.outputs[0].name, operation.attributes["val"])
        else:
            call = self._prepare(self._call(operation))
            self._calls.append(call)
            self._computed.update(call.outputs)

    def schedule(self) -> Schedule:
        for name in self._outputs:
            if name not in self._constants and name not in self._computed:
                raise ValueError(f"nothing computes the output {name}")
        constant = [name for name in self._outputs if name in self._constants]
        return Schedule(
            calls=tuple(_releasing(self._calls, self._outputs)),
            constants={name: in_float32(self._constants.tensor(name)) for name in constant},
        )

    def _call(self, operation: Operation) -> Call:
        function = self._catalogue[operation.type]
        settled: dict[str, object] = {}
        arguments: dict[str, Argument] = {}
        bindings = _bindings(operation)
        for name, parameter in parameters(function).items():
            if not bindings.get(name):
                continue
            if parameter.is_text:
                (word,) = bindings[name]
                settled[name] = self._constants.text(word)
            else:
                sources = tuple(self._source(each) for each in bindings[name])
                constants = tuple(each for each in sources if isinstance(each, Tensor))
                if len(constants) == len(sources):
                    settled[name] = parameter.convert(constants)
                else:
                    arguments[name] = Argument(parameter, sources)
        return Call(
            operation=operation.type,
            function=function,
            settled=settled,
            arguments=arguments,
            outputs=tuple(each.name for each in operation.outputs),
            shape=_shape(operation),
            relied=self._relied(operation) if operation.type in FUSED_OPERATIONS else {},
        )

    def _relied(self, operation: Operation) -> dict[str, tuple[int, ...]]:
        names = (*operation.names_used, *(each.name for each in operation.outputs))
        return {name: shape for name in names if (shape := self._flow.shape(name))}

    def _source(self, binding: Binding) -> str | Tensor:
        if not isinstance(binding, str) or binding in self._constants:
            return self._constants.tensor(binding)
        if binding not in self._computed:
            raise ValueError(f"nothing before it computes {binding}")
        return binding


def _shape(operation: Operation) -> tuple[int, ...]:
    first = operation.outputs[0].type
    return (first.shape or ()) if isinstance(first, TensorType) else ()


def _bindings(operation: Operation) -> dict[str, tuple[Binding, ...]]:
    """Inputs and attributes alike, since iOS16 writes as attributes what iOS18 takes as inputs."""
    attributes = {name: (value,) for name, value in operation.attributes.items() if name != _LABEL}
    return {**operation.inputs, **attributes}


def _releasing(calls: Sequence[Call], outputs: Sequence[str]) -> Iterator[Call]:
    """The calls, each with the names that nothing uses after it."""
    used = set(outputs)
    last_first = []
    for call in reversed(calls):
        taken = {
            each
            for argument in call.arguments.values()
            for each in argument.sources
            if isinstance(each, str)
        }
        released = (taken | set(call.outputs)) - used
        last_first.append(attrs.evolve(call, released=tuple(sorted(released))))
        used |= taken
    return reversed(last_first)
