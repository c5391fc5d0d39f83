"""The ranges of a function's input shapes, from the model's description to an attribute of MIL."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...domain.mil.data_type import DataType
from ...domain.mil.value import (
    DictionaryValue,
    ListValue,
    TensorValue,
    TupleValue,
    Value,
)
from ...domain.mil.value_type import DictionaryType, ListType, TensorType, TupleType, Unknown

_STRING = TensorType(DataType.STRING)
_SHAPE = TensorType(DataType.INT32, (Unknown.DIMENSION,))
_RANGE = TensorType(DataType.INT32, (2,))
_RANGES = ListType(_RANGE)
_LARGEST = 2**31 - 1


def flexible_shapes(features: Iterable[Any]) -> Value | None:
    """Tell the default shapes and ranges of those inputs that have ranges; None where none has.

    Raises ValueError where shapes are flexible in a way whose spelling is not known.
    """
    ranged = {each.name: size_ranges(each) for each in features}
    arrays = {each.name: each.type.multiArrayType for each in features if ranged[each.name]}
    if not arrays:
        return None
    shapes = {name: _shape(_SHAPE, arrays[name].shape) for name in sorted(arrays)}
    ranges = {name: _ranges(ranged[name]) for name in sorted(arrays)}
    parts = _titled("DefaultShapes", _SHAPE, shapes), _titled("RangeDims", _RANGES, ranges)
    return TupleValue(TupleType(tuple(each.type for each in parts)), parts)


def size_ranges(feature: Any) -> list[tuple[int, int]]:
    """The smallest and largest size of each axis; nothing where the shape is fixed."""
    array = feature.type.multiArrayType
    found = array.WhichOneof("ShapeFlexibility")
    if found is None:
        return []
    if found != "shapeRange":
        raise ValueError(f"the bundle's spelling of {feature.name}'s {found} is not known")
    ranges = [(each.lowerBound, each.upperBound) for each in array.shapeRange.sizeRanges]
    if not all(0 <= low <= high <= _LARGEST for low, high in ranges):
        raise ValueError(f"the bundle's spelling of {feature.name}'s unbounded sizes is not known")
    return ranges


def _titled(title: str, kind: TensorType | ListType, held: Mapping[str, Value]) -> TupleValue:
    dictionary = DictionaryType(_STRING, kind)
    pairs = tuple((_text(name), value) for name, value in held.items())
    named = TupleType((_STRING, dictionary))
    return TupleValue(named, (_text(title), DictionaryValue(dictionary, pairs)))


def _ranges(ranges: Sequence[tuple[int, int]]) -> ListValue:
    return ListValue(_RANGES, tuple(_shape(_RANGE, each) for each in ranges))


def _shape(kind: TensorType, sizes: Sequence[int]) -> TensorValue:
    return TensorValue(kind, np.array(sizes, np.int32))


def _text(text: str) -> TensorValue:
    return TensorValue(_STRING, np.array(text))
