"""Inputs, outputs and states as `metadata.json` tells them: every value is a text.

Everything here raises ValueError for features whose form there is not known.
"""

from typing import Any

from .description_messages import ELEMENT_TYPES
from .flexible_shapes import size_ranges

_WORDS = {
    "float16": "Float16",
    "float32": "Float32",
    "float64": "Double",
    "int8": "Int8",
    "int32": "Int32",
}
_BY = " \N{MULTIPLICATION SIGN} "


def feature_schema(feature: Any) -> dict[str, str]:
    """Tell one feature."""
    kind = feature.type.WhichOneof("Type")
    if kind == "stateType":
        return _array_schema(feature, "State", feature.type.stateType.arrayType)
    if kind != "multiArrayType":
        raise ValueError(
            f"the bundle's form of {feature.name}, which is of kind {kind}, is not known"
        )
    ranges = size_ranges(feature)
    fixed = _array_schema(feature, "MultiArray", feature.type.multiArrayType)
    if not ranges:
        return fixed | {"hasShapeFlexibility": "0"}
    spans = (str(low) if low == high else f"{low}...{high}" for low, high in ranges)
    return fixed | {
        "hasShapeFlexibility": "1",
        "shapeFlexibility": _BY.join(spans),
        "shapeRange": str([list(each) for each in ranges]),
    }


def _array_schema(feature: Any, kind: str, array: Any) -> dict[str, str]:
    if array.dataType not in ELEMENT_TYPES:
        raise ValueError(f"{feature.name} has the unknown element type {array.dataType}")
    data_type = _WORDS[ELEMENT_TYPES[array.dataType]]
    sizes = _BY.join(map(str, array.shape))
    return {
        "dataType": data_type,
        "formattedType": f"{kind} ({f'{data_type} {sizes}'.strip()})",
        "isOptional": str(int(feature.type.isOptional)),
        "name": feature.name,
        "shape": str(list(array.shape)),
        "shortDescription": feature.shortDescription,
        "type": kind,
    }
