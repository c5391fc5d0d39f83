"""Types and values: from protobuf messages to the domain.

Everything here raises ValueError with the reason where a message contradicts itself.
"""

import functools
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...domain.mil.data_type import DataType
from ...domain.mil.packing import unpack
from ...domain.mil.value import (
    DictionaryValue,
    ListValue,
    StoredWeight,
    TensorValue,
    TupleValue,
    Value,
    WeightStorage,
)
from ...domain.mil.value_type import (
    DictionaryType,
    Dimension,
    ListType,
    NamedType,
    StateType,
    TensorType,
    TupleType,
    Unknown,
    ValueType,
)

#: The element types by the codes of the messages.
DATA_TYPES = {
    1: DataType.BOOL,
    2: DataType.STRING,
    10: DataType.FP16,
    11: DataType.FP32,
    12: DataType.FP64,
    13: DataType.BF16,
    21: DataType.INT8,
    22: DataType.INT16,
    23: DataType.INT32,
    24: DataType.INT64,
    25: DataType.INT4,
    31: DataType.UINT8,
    32: DataType.UINT16,
    33: DataType.UINT32,
    34: DataType.UINT64,
    35: DataType.UINT4,
    36: DataType.UINT2,
    37: DataType.UINT1,
    38: DataType.UINT6,
    39: DataType.UINT3,
}
# More than most programs have.
_KNOWN_TYPES = 1024
# NumPy's kinds of the elements that a field can give; which one it is differs between writers.
_KINDS = {
    "bools": "b",
    "bytes": "biuf",
    "doubles": "f",
    "floats": "f",
    "ints": "iu",
    "longInts": "iu",
    "strings": "U",
}


class Weights(WeightStorage, Protocol):
    """Where a program's weights are."""

    def check(self, weight: StoredWeight) -> None:
        """Find out whether the weight is there. Raises ValueError."""
        ...


def named_type(message: Any) -> NamedType:
    """Read a `NamedValueType`."""
    return NamedType(message.name, value_type(message.type))


def value_type(message: Any) -> ValueType:
    """Read a `ValueType`."""
    match message.WhichOneof("type"):
        case "tensorType":
            return _tensor_type(message.tensorType)
        case "listType":
            of = message.listType
            return ListType(value_type(of.type), _dimension(of.length))
        case "tupleType":
            return TupleType(tuple(value_type(each) for each in message.tupleType.types))
        case "dictionaryType":
            of = message.dictionaryType
            return DictionaryType(value_type(of.keyType), value_type(of.valueType))
        case "stateType":
            return StateType(_tensor_type(message.stateType.wrappedType.tensorType))
        case _:
            raise ValueError("a value has no type")


def value(message: Any, weights: Weights) -> Value:
    """Read a `Value`; weights are checked and stay in their file."""
    declared = value_type(message.type)
    if message.WhichOneof("value") == "blobFileValue":
        return _stored_weight(declared, message.blobFileValue, weights)
    content = message.immediateValue
    match declared, content.WhichOneof("value"):
        case TensorType(), "tensor":
            return TensorValue(declared, _array(declared, content.tensor))
        case ListType(), "list":
            return ListValue(declared, tuple(value(each, weights) for each in content.list.values))
        case TupleType(), "tuple":
            elements = tuple(value(each, weights) for each in content.tuple.values)
            return TupleValue(declared, elements)
        case DictionaryType(), "dictionary":
            pairs = (
                (value(p.key, weights), value(p.value, weights)) for p in content.dictionary.values
            )
            return DictionaryValue(declared, tuple(pairs))
        case _, kind:
            raise ValueError(f"a value of type {declared} is given as {kind or 'nothing'}")


def _tensor_type(message: Any) -> TensorType:
    """Read a `TensorType`; programs have few of them, each thousands of times."""
    kind: Any = type(message)
    return _known_type(kind, message.SerializeToString())


@functools.lru_cache(maxsize=_KNOWN_TYPES)
def _known_type(kind: Any, serialized: bytes) -> TensorType:
    message = kind.FromString(serialized)
    if message.dataType not in DATA_TYPES:
        raise ValueError(f"the element type {message.dataType} is not known")
    dimensions = tuple(_dimension(each) for each in message.dimensions)
    return TensorType(DATA_TYPES[message.dataType], dimensions)


def _dimension(message: Any) -> Dimension:
    if message.WhichOneof("dimension") == "constant":
        return int(message.constant.size)
    return Unknown.DIMENSIONS if message.unknown.variadic else Unknown.DIMENSION


def _stored_weight(declared: ValueType, message: Any, weights: Weights) -> StoredWeight:
    match declared:
        case TensorType():
            weight = StoredWeight(declared, message.fileName, message.offset, weights)
            weights.check(weight)
            return weight
        case _:
            raise ValueError(f"the weight at offset {message.offset} is no tensor")


def _array(declared: TensorType, message: Any) -> NDArray[np.generic]:
    if declared.shape is None or declared.element_count is None:
        raise ValueError(f"a constant of type {declared} has no fixed shape")
    field = message.WhichOneof("value")
    if field and declared.data_type.numpy.kind not in _KINDS[field]:
        raise ValueError(f"a constant of type {declared} is given as {field}")
    if field == "bytes":
        stored = np.frombuffer(message.bytes.values, np.uint8)
        return unpack(stored, declared.data_type, declared.element_count).reshape(declared.shape)
    elements = list(getattr(message, field).values) if field else []
    if len(elements) != declared.element_count:
        raise ValueError(f"a constant of type {declared} is given {len(elements)} elements")
    try:
        flat = np.array(elements, dtype=declared.data_type.numpy)
    except OverflowError as error:
        raise ValueError(f"a constant of type {declared} is given as {field}") from error
    return flat.reshape(declared.shape)
