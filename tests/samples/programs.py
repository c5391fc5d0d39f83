"""Small programs in the domain's words, for tests that need no package."""

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Binding, Block, Operation
from coreml_stable_diffusion.domain.mil.program import Function, ModelDescription, Program
from coreml_stable_diffusion.domain.mil.value import TensorValue
from coreml_stable_diffusion.domain.mil.value_type import NamedType, TensorType
from coreml_stable_diffusion.domain.tensor import Tensors, TensorSpec
from numpy.typing import ArrayLike, NDArray

_DATA_TYPES = {each.numpy: each for each in reversed(DataType) if each is not DataType.BF16}


def tensor_type(array: NDArray[np.generic]) -> TensorType:
    """The type of an array; strings are strings of any length."""
    if array.dtype.kind == "U":
        return TensorType(DataType.STRING, array.shape)
    return TensorType(_DATA_TYPES[array.dtype], array.shape)


def constant(value: ArrayLike) -> TensorValue:
    """A value as MIL would hold it: Python's numbers are 32 bits wide."""
    array: NDArray[np.generic] = np.asarray(value)
    narrow = {"f8": np.float32, "i8": np.int32}.get(array.dtype.str[1:])
    array = array if narrow is None else array.astype(narrow)
    return TensorValue(tensor_type(array), array)


def operation(
    kind: str, outputs: Sequence[str], **inputs: Binding | tuple[Binding, ...]
) -> Operation:
    """An operation whose arguments are names, values or several of them."""
    bindings = {
        name: bound if isinstance(bound, tuple) else (bound,) for name, bound in inputs.items()
    }
    scalar = TensorType(DataType.FP32)
    return Operation(
        type=kind, inputs=bindings, outputs=tuple(NamedType(name, scalar) for name in outputs)
    )


def const(name: str, value: ArrayLike) -> Operation:
    """The operation that gives a value a name."""
    held = constant(value)
    outputs = (NamedType(name, held.type),)
    return Operation(type="const", inputs={}, outputs=outputs, attributes={"val": held})


def shaped(step: Operation, shape: Sequence[int], data_type: DataType = DataType.FP32) -> Operation:
    """The operation with its output declared to be of this shape and type."""
    declared = NamedType(step.outputs[0].name, TensorType(data_type, tuple(shape)))
    return attrs.evolve(step, outputs=(declared,))


def program(operations: Sequence[Operation], inputs: Tensors, outputs: Tensors) -> Program:
    """A program that takes arrays like `inputs` and gives arrays like `outputs`."""
    function = Function(
        opset="CoreML7",
        inputs=tuple(NamedType(name, tensor_type(each)) for name, each in inputs.items()),
        specializations={
            "CoreML7": Block(operations=tuple(operations), outputs=tuple(outputs)),
        },
    )
    return Program(
        description=ModelDescription(
            specification_version=8, inputs=_specs(inputs), outputs=_specs(outputs)
        ),
        functions={"main": function},
    )


def _specs(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[TensorSpec, ...]:
    return tuple(
        TensorSpec(name=name, shape=each.shape, dtype=each.dtype) for name, each in arrays.items()
    )
