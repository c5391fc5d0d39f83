"""How weights are stored, in the words of Core ML's own reports."""

from .data_type import DataType
from .operation import Operation
from .value import Constant, StoredWeight, TensorValue

_NAMES = {
    DataType.BOOL: "Bool",
    DataType.STRING: "String",
    DataType.FP16: "Float16",
    DataType.FP32: "Float32",
    DataType.FP64: "Float64",
    DataType.BF16: "BFloat16",
}
_OF_PALETTES = ("constexpr_lut_to_dense", "constexpr_lut_to_sparse")


def type_name(data_type: DataType) -> str:
    """The element type as Core ML reports it.

    >>> type_name(DataType.UINT4)
    'UInt4'
    """
    number = data_type.value.replace("uint", "UInt").replace("int", "Int")
    return _NAMES.get(data_type, number)


def storage_type(operation: Operation, argument: str, weight: StoredWeight) -> str:
    """How a weight is stored: its element type, or that it indexes a palette or masks zeros."""
    if argument.endswith("mask"):
        return "Sparse"
    if operation.type in _OF_PALETTES and argument.startswith("indices"):
        return f"Palettized ({_palette_bits(operation, weight)} bits)"
    return type_name(weight.type.data_type)


def _palette_bits(operation: Operation, weight: StoredWeight) -> int:
    # iOS 16 packs indices of all widths into bytes; the palette's length tells the width.
    match operation.attributes.get("lut"):
        case TensorValue() | StoredWeight() as palette:
            return max(1, (_length(palette) - 1).bit_length())
        case _:
            return weight.type.data_type.bits


def _length(constant: Constant) -> int:
    return constant.type.element_count or 0
