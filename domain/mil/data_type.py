"""The element types of an ML Program, under the names that MIL text gives them."""

import enum

import numpy as np


class DataType(enum.Enum):
    """What one element of a tensor is."""

    BOOL = "bool"
    STRING = "string"
    FP16 = "fp16"
    FP32 = "fp32"
    FP64 = "fp64"
    BF16 = "bf16"
    INT4 = "int4"
    INT8 = "int8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    UINT1 = "uint1"
    UINT2 = "uint2"
    UINT3 = "uint3"
    UINT4 = "uint4"
    UINT6 = "uint6"
    UINT8 = "uint8"
    UINT16 = "uint16"
    UINT32 = "uint32"
    UINT64 = "uint64"

    @property
    def bits(self) -> int:
        """The bits that a stored element takes; strings, which have no fixed size, take 0.

        >>> DataType.UINT3.bits
        3
        """
        if self in (DataType.BOOL, DataType.STRING):
            return 8 if self is DataType.BOOL else 0
        return int("".join(filter(str.isdigit, self.value)))

    @property
    def numpy(self) -> np.dtype[np.generic]:
        """The NumPy type that holds every element exactly: bf16 as float32, int4 as int8.

        >>> DataType.UINT3.numpy
        dtype('uint8')
        """
        return np.dtype(_NUMPY[self])

    @property
    def is_float(self) -> bool:
        """Whether elements are real numbers."""
        return self in _FLOATS

    def stored_bytes(self, elements: int) -> int:
        """The bytes of so many packed elements, the last byte filled up.

        >>> DataType.UINT6.stored_bytes(5)
        4
        """
        return -(-self.bits * elements // 8)


_FLOATS = frozenset({DataType.FP16, DataType.FP32, DataType.FP64, DataType.BF16})
_NUMPY: dict[DataType, type[np.generic]] = {
    DataType.BOOL: np.bool_,
    DataType.STRING: np.str_,
    DataType.FP16: np.float16,
    DataType.FP32: np.float32,
    DataType.FP64: np.float64,
    DataType.BF16: np.float32,
    DataType.INT4: np.int8,
    DataType.INT8: np.int8,
    DataType.INT16: np.int16,
    DataType.INT32: np.int32,
    DataType.INT64: np.int64,
    DataType.UINT1: np.uint8,
    DataType.UINT2: np.uint8,
    DataType.UINT3: np.uint8,
    DataType.UINT4: np.uint8,
    DataType.UINT6: np.uint8,
    DataType.UINT8: np.uint8,
    DataType.UINT16: np.uint16,
    DataType.UINT32: np.uint32,
    DataType.UINT64: np.uint64,
}
