"""A weight as palettes and indices, in the two spellings of `constexpr_lut_to_dense`.

The spellings are those of coremltools' operation sets iOS16 and iOS18.
"""

from collections.abc import Mapping
from typing import Self

import attrs
import numpy as np
from numpy.typing import NDArray

from ..mil.computed_weight import computed_weight
from ..mil.data_type import DataType
from ..mil.packing import pack
from ..mil.value import Constant, StoredWeight, TensorValue
from ..mil.value_type import TensorType
from .palette import Palette
from .palettization import Palettization

# coremltools spells shorter arrays out in the program.
_SHORTEST_STORED = 10


@attrs.frozen(kw_only=True)
class Spelling:
    """What a decompressing operation takes."""

    inputs: Mapping[str, tuple[Constant, ...]] = attrs.field(factory=dict)
    attributes: Mapping[str, Constant] = attrs.field(factory=dict)


@attrs.frozen(eq=False, kw_only=True)
class PalettizedWeight:
    """A weight with its palettes, one for each group along the axis.

    Its indices are computed when they are read, one tensor in memory at a time.
    """

    original: StoredWeight
    axis: int
    bits: int
    palettes: tuple[Palette, ...]

    @classmethod
    def of(cls, weight: StoredWeight, axis: int, palettization: Palettization) -> Self:
        """Find the best palettes of a weight in float16.

        Raises ValueError for infinities and NaN, BrokenPackage where the weight is gone.
        """
        array = _half(weight)
        groups = np.split(array, palettization.groups(array.shape[axis]), axis)
        palettes = tuple(Palette.of(each, 2**palettization.bits) for each in groups)
        return cls(original=weight, axis=axis, bits=palettization.bits, palettes=palettes)

    def flat(self) -> Spelling:
        """As in iOS16, with attributes: packed indices, a table and the shape."""
        shape = np.array(self.original.type.shape, np.uint32)
        size = self._index_type.stored_bytes(self.original.type.element_count or 0)
        return Spelling(
            attributes={
                "indices": computed_weight(TensorType(DataType.UINT8, (size,)), self._packed),
                "lut": self._table((2**self.bits,)),
                "shape": TensorValue(TensorType(DataType.UINT32, shape.shape), shape),
            }
        )

    def shaped(self) -> Spelling:
        """As in iOS18, with inputs: indices in the weight's shape, a table with two axes more."""
        dimensions = self.original.type.dimensions
        blocks = [1] * len(dimensions)
        blocks[self.axis] = len(self.palettes)
        indices = computed_weight(TensorType(self._index_type, dimensions), self._indices)
        table = self._table((*blocks, 2**self.bits, 1))
        return Spelling(inputs={"indices": (indices,), "lut": (table,)})

    @property
    def _index_type(self) -> DataType:
        return DataType(f"uint{self.bits}")

    def _indices(self) -> NDArray[np.uint8]:
        groups = np.split(_half(self.original), len(self.palettes), self.axis)
        found = [each.indices(group) for each, group in zip(self.palettes, groups, strict=True)]
        return np.concatenate(found, self.axis)

    def _packed(self) -> NDArray[np.uint8]:
        [palette] = self.palettes
        weights = _half(self.original)
        packed = np.empty(self._index_type.stored_bytes(weights.size), np.uint8)
        end = 0
        for part in palette.parts(weights):
            stored = pack(part, self._index_type)
            packed[end : end + len(stored)] = stored
            end += len(stored)
        return packed

    def _table(self, shape: tuple[int, ...]) -> Constant:
        table = np.zeros((len(self.palettes), 2**self.bits), np.float16)
        for row, palette in zip(table, self.palettes, strict=True):
            row[: len(palette.entries)] = palette.entries
        declared = TensorType(DataType.FP16, shape)
        if table.size < _SHORTEST_STORED:
            return TensorValue(declared, table.reshape(shape))
        return computed_weight(declared, lambda: table.reshape(shape))


def _half(weight: StoredWeight) -> NDArray[np.float16]:
    return weight.array().astype(np.float16, copy=False)
