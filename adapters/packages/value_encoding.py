"""Types and values: from the domain to protobuf messages, in the fields that coremltools uses.

Every function fills a message that stands in its parent already.
"""

from typing import Any

from ...domain.mil.data_type import DataType
from ...domain.mil.packing import pack
from ...domain.mil.value import (
    DictionaryValue,
    ListValue,
    StoredWeight,
    TensorValue,
    TupleValue,
    Value,
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
from .value_messages import DATA_TYPES

_CODES = {data_type: code for code, data_type in DATA_TYPES.items()}
_FIELDS = {
    DataType.BOOL: "bools",
    DataType.STRING: "strings",
    DataType.FP32: "floats",
    DataType.FP64: "doubles",
    DataType.INT16: "ints",
    DataType.UINT16: "ints",
    DataType.INT32: "ints",
    DataType.INT64: "longInts",
    DataType.UINT64: "longInts",
}


def encode_named_type(declared: NamedType, message: Any) -> None:
    """Fill a `NamedValueType`."""
    message.name = declared.name
    encode_type(declared.type, message.type)


def encode_type(declared: ValueType, message: Any) -> None:
    """Fill a `ValueType`."""
    match declared:
        case TensorType():
            _encode_tensor_type(declared, message.tensorType)
        case ListType(element, length):
            encode_type(element, message.listType.type)
            _encode_dimension(length, message.listType.length)
        case TupleType(elements):
            message.tupleType.SetInParent()
            for each in elements:
                encode_type(each, message.tupleType.types.add())
        case DictionaryType(key, value):
            encode_type(key, message.dictionaryType.keyType)
            encode_type(value, message.dictionaryType.valueType)
        case StateType(wrapped):
            _encode_tensor_type(wrapped, message.stateType.wrappedType.tensorType)


def encode_value(value: Value, message: Any) -> None:
    """Fill a `Value`; weights are named by their file and offset."""
    encode_type(value.type, message.type)
    if isinstance(value, StoredWeight):
        message.blobFileValue.fileName = value.file
        message.blobFileValue.offset = value.offset
    else:
        _encode_content(value, message.immediateValue)


def _encode_content(value: Value, content: Any) -> None:
    match value:
        case TensorValue():
            _encode_array(value, content.tensor)
        case ListValue(_, elements):
            content.list.SetInParent()
            for each in elements:
                encode_value(each, content.list.values.add())
        case TupleValue(_, elements):
            content.tuple.SetInParent()
            for each in elements:
                encode_value(each, content.tuple.values.add())
        case DictionaryValue(_, pairs):
            content.dictionary.SetInParent()
            for key, held in pairs:
                pair = content.dictionary.values.add()
                encode_value(key, pair.key)
                encode_value(held, pair.value)


def _encode_tensor_type(declared: TensorType, message: Any) -> None:
    message.dataType = _CODES[declared.data_type]
    message.rank = len(declared.dimensions)
    for each in declared.dimensions:
        _encode_dimension(each, message.dimensions.add())


def _encode_dimension(size: Dimension, message: Any) -> None:
    if isinstance(size, int):
        message.constant.size = size
    else:
        message.unknown.variadic = size is Unknown.DIMENSIONS


def _encode_array(value: TensorValue, message: Any) -> None:
    field = _FIELDS.get(value.type.data_type)
    if field is None:
        message.bytes.values = pack(value.content, value.type.data_type).tobytes()
        return
    elements = getattr(message, field)
    elements.SetInParent()
    elements.values.extend(value.content.reshape(-1).tolist())
