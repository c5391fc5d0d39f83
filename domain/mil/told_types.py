"""The types of what a function computes, for whoever relies on them.

Programs declare them, and where they contradict the constants that decide them, those count.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from .data_type import DataType
from .operation import Operation
from .program import Function
from .value import StoredWeight, TensorValue, Value
from .value_type import TensorType, Unknown, ValueType

_Array = NDArray[Any]
_UNTOLD = (Unknown.DIMENSIONS,)


def told_types(function: Function) -> dict[str, ValueType]:
    """The type of every name of a function's body; of other sizes than constants tell, unknown."""
    constants: dict[str, Value] = {}
    types = {each.name: each.type for each in function.inputs}
    for operation in function.body.operations:
        types |= {each.name: each.type for each in operation.outputs}
        value = operation.attributes.get("val")
        if operation.type == "const" and operation.outputs and value is not None:
            name = operation.outputs[0].name
            constants[name], types[name] = value, value.type
        elif operation.type in _TOLD:
            types |= _TOLD[operation.type](operation, constants)
    return types


def _cast(operation: Operation, constants: Mapping[str, Value]) -> Iterator[tuple[str, ValueType]]:
    told = _constant(operation, "dtype", constants)
    words = {each.value: each for each in DataType}
    for name, declared in _tensors(operation):
        if told is not None:
            found = words.get(str(told), DataType.STRING)
            yield name, TensorType(found, declared.dimensions)


def _reshape(
    operation: Operation, constants: Mapping[str, Value]
) -> Iterator[tuple[str, ValueType]]:
    told = _constant(operation, "shape", constants)
    for name, declared in _tensors(operation):
        if told is not None and declared.shape is not None and not _fits(declared.shape, told):
            yield name, TensorType(declared.data_type, _UNTOLD)


def _split(operation: Operation, constants: Mapping[str, Value]) -> Iterator[tuple[str, ValueType]]:
    sizes, axis = (_constant(operation, each, constants) for each in ("split_sizes", "axis"))
    if sizes is None or axis is None or axis.size != 1:
        return
    for (name, declared), size in zip(_tensors(operation), sizes.flat, strict=False):
        shape = declared.shape
        if shape and (int(axis) not in range(-len(shape), len(shape)) or shape[int(axis)] != size):
            yield name, TensorType(declared.data_type, _UNTOLD)


_Told = Callable[[Operation, Mapping[str, Value]], Iterator[tuple[str, ValueType]]]
_TOLD: dict[str, _Told] = {"cast": _cast, "reshape": _reshape, "split": _split}


def _fits(shape: tuple[int, ...], told: _Array) -> bool:
    """Whether a shape is what is told, where 0 and -1 leave a size to the elements."""
    pairs = zip(shape, told.flat, strict=False)
    return len(shape) == told.size and all(want in (0, -1, have) for have, want in pairs)


def _tensors(operation: Operation) -> Iterator[tuple[str, TensorType]]:
    for each in operation.outputs:
        if isinstance(each.type, TensorType):
            yield each.name, each.type


def _constant(operation: Operation, argument: str, constants: Mapping[str, Value]) -> _Array | None:
    """The array that decides, or None where only running tells it."""
    bindings = operation.inputs.get(argument, ())
    if len(bindings) != 1:
        return None
    (found,) = bindings
    value = constants.get(found) if isinstance(found, str) else found
    return value.array() if isinstance(value, TensorValue | StoredWeight) else None
