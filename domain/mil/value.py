"""Values of an ML Program: those that it spells out, and weights that wait in a file."""

from typing import Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from .value_type import DictionaryType, ListType, TensorType, TupleType


def _same_array(left: NDArray[np.generic], right: NDArray[np.generic]) -> bool:
    """Compare bit by bit, so that a NaN is itself and -0.0 is not 0.0."""
    same_kind = left.dtype == right.dtype and left.shape == right.shape
    return same_kind and left.tobytes() == right.tobytes()


def _in_any_order(pairs: tuple[tuple["Value", "Value"], ...]) -> list[tuple["Value", "Value"]]:
    return sorted(pairs, key=repr)


@attrs.frozen
class TensorValue:
    """A tensor that the program spells out; strings as a NumPy array of str."""

    type: TensorType
    content: NDArray[np.generic] = attrs.field(eq=attrs.cmp_using(eq=_same_array), hash=False)

    def array(self) -> NDArray[np.generic]:
        """The elements in the type's shape."""
        return self.content


class WeightStorage(Protocol):
    """The bytes behind stored weights."""

    def read(self, weight: "StoredWeight") -> NDArray[np.generic]:
        """Read the elements in the weight's shape; nothing of them is kept.

        Raises BrokenPackage where they are not there any more.
        """
        ...


@attrs.frozen
class StoredWeight:
    """A tensor in a weight file, read only when asked for.

    `file` is the path that the program gives, such as "@model_path/weights/weight.bin", and
    `offset` the place of the record that describes the bytes, in bytes from the file's start.
    """

    type: TensorType
    file: str
    offset: int
    storage: WeightStorage = attrs.field(eq=False, repr=False)

    def array(self) -> NDArray[np.generic]:
        """Read the elements in the type's shape; they are not kept. Raises BrokenPackage."""
        return self.storage.read(self)


@attrs.frozen
class ListValue:
    """A list that the program spells out."""

    type: ListType
    elements: tuple["Value", ...]


@attrs.frozen
class TupleValue:
    """A tuple that the program spells out."""

    type: TupleType
    elements: tuple["Value", ...]


@attrs.frozen
class DictionaryValue:
    """A dictionary that the program spells out; the order of its pairs, the file's, is no part."""

    type: DictionaryType
    pairs: tuple[tuple["Value", "Value"], ...] = attrs.field(eq=_in_any_order, hash=False)


#: A value that is an array.
Constant = TensorValue | StoredWeight
Value = Constant | ListValue | TupleValue | DictionaryValue
