"""From a function of a program to a model of OpenVINO."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset15 as opset

from ...domain.mil.arguments import ILL_FITTING, titled
from ...domain.mil.data_type import DataType
from ...domain.mil.liveness import live
from ...domain.mil.operation import Binding, Block, Operation
from ...domain.mil.program import Function
from ...domain.mil.value import StoredWeight, TensorValue, Value
from ...domain.mil.value_type import NamedType, TensorType
from .arrays import computed, computed_type
from .failures import reason
from .ops.arguments import Output, Outputs
from .signature import Parameter, parameters

#: The function of each operation.
Catalogue = Mapping[str, Callable[..., Output | Outputs]]

_CONSTANT = "const"
_LABEL = "name"


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
        strange = [name for name in operation.inputs if name not in known]
        unknown.update(f"{operation.type}({name}=)" for name in strange)
    return sorted(unknown)


def translate(function: Function, catalogue: Catalogue) -> Any:
    """Make the model of a function whose operations are all known.

    Raises ValueError with the reason where operations do not fit together.
    """
    translation = _Translation(catalogue)
    taken = [translation.declare(each) for each in function.inputs]
    for operation in live(function.body.operations, function.body.outputs):
        try:
            translation.add(operation)
        except ILL_FITTING as error:
            raise ValueError(f"{titled(operation)}: {reason(error)}") from error
    given = [translation.result(name) for name in function.body.outputs]
    return openvino.Model(given, taken, "program")


class _Translation:
    """A model in the making."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._constants: dict[str, Value] = {}
        self._outputs: dict[str, Output] = {}

    def declare(self, taken: NamedType) -> Any:
        """An input of the model."""
        if not isinstance(taken.type, TensorType):
            raise ValueError(f"the input {taken.name} is no tensor")  # noqa: TRY004 - the program's
        sizes = [each if isinstance(each, int) else -1 for each in taken.type.dimensions]
        dtype = computed_type(taken.type.data_type.numpy)
        parameter = opset.parameter(openvino.PartialShape(sizes), dtype, taken.name)
        parameter.output(0).get_tensor().add_names({taken.name})
        self._outputs[taken.name] = parameter.output(0)
        return parameter

    def add(self, operation: Operation) -> None:
        if operation.type == _CONSTANT:
            self._constants[operation.outputs[0].name] = operation.attributes["val"]
            return
        function = self._catalogue[operation.type]
        arguments: dict[str, object] = {}
        for name, parameter in parameters(function).items():
            if bindings := operation.inputs.get(name):
                arguments[name] = self._argument(parameter, bindings)
        made = function(**arguments)
        results = made if isinstance(made, tuple) else (made,)
        for declared, result in zip(operation.outputs, results, strict=True):
            self._outputs[declared.name] = result

    def result(self, name: str) -> Any:
        """An output of the model."""
        output = self._output(name)
        output.get_tensor().add_names({name})
        return opset.result(output)

    def _argument(self, parameter: Parameter, bindings: tuple[Binding, ...]) -> object:
        if parameter.is_several:
            return tuple(self._output(each) for each in bindings)
        if parameter.is_output:
            (only,) = bindings
            return self._output(only)
        arrays = [self._array(each) for each in bindings]
        if len(arrays) > 1 and any(each.ndim for each in arrays):
            raise ValueError(f"{len(arrays)} values are given where one is taken")
        return parameter.convert(np.concatenate([each.reshape(-1) for each in arrays]))

    def _array(self, binding: Binding) -> NDArray[np.generic]:
        value = self._constants.get(binding) if isinstance(binding, str) else binding
        if not isinstance(value, TensorValue | StoredWeight):
            raise ValueError(f"{binding} is needed as a constant")  # noqa: TRY004 - the program's
        return value.array()

    def _output(self, binding: Binding) -> Output:
        if not isinstance(binding, str):
            return _constant(binding)
        if binding not in self._outputs:
            if binding not in self._constants:
                raise ValueError(f"nothing before it computes {binding}")
            self._outputs[binding] = _constant(self._constants[binding])
        return self._outputs[binding]


def _constant(value: Value) -> Output:
    match value:
        case StoredWeight() if value.type.data_type is DataType.FP16:
            # Half as large until OpenVINO makes of it what it computes with.
            half = openvino.op.Constant(np.ascontiguousarray(value.array()))
            return opset.convert(half, np.float32).output(0)
        case TensorValue() | StoredWeight() if value.type.data_type is not DataType.STRING:
            return openvino.op.Constant(computed(value.array())).output(0)
        case _:
            raise ValueError("a tensor is needed")
