"""The types of values: tensors, and lists, tuples, dictionaries and states of them."""

import enum
import functools
import math

import attrs

from .data_type import DataType


class Unknown(enum.Enum):
    """What stands for a size that only running will tell, as MIL text writes it."""

    DIMENSION = "?"
    DIMENSIONS = "..."


#: A size, or that it is unknown.
Dimension = int | Unknown

#: The sizes that an array can have.
SIZES = range(2**63)


def _check_sizes(_instance: object, _attribute: object, dimensions: tuple[Dimension, ...]) -> None:
    for each in dimensions:
        if isinstance(each, int) and each not in SIZES:
            raise ValueError(f"{each} is no size")


@attrs.frozen
class TensorType:
    """An array of elements of one type; rank 0 is a scalar.

    Raises ValueError where no array can have a size.
    """

    data_type: DataType
    dimensions: tuple[Dimension, ...] = attrs.field(default=(), validator=_check_sizes)

    @functools.cached_property
    def shape(self) -> tuple[int, ...] | None:
        """The sizes where all of them are known, otherwise None."""
        sizes = tuple(each for each in self.dimensions if isinstance(each, int))
        return sizes if len(sizes) == len(self.dimensions) else None

    @property
    def element_count(self) -> int | None:
        """The number of elements where it is known, otherwise None."""
        return None if self.shape is None else math.prod(self.shape)

    def __str__(self) -> str:
        """Write the type as MIL text does.

        >>> str(TensorType(DataType.FP16, (2, Unknown.DIMENSION)))
        'tensor<fp16, [2, ?]>'
        """
        sizes = ", ".join(
            str(each) if isinstance(each, int) else each.value for each in self.dimensions
        )
        return f"tensor<{self.data_type.value}, [{sizes}]>"


@attrs.frozen
class ListType:
    """A list of values of one type."""

    element: "ValueType"
    length: Dimension = Unknown.DIMENSION


@attrs.frozen
class TupleType:
    """A fixed row of values, each of its own type."""

    elements: tuple["ValueType", ...]


@attrs.frozen
class DictionaryType:
    """Values of one type by keys of another."""

    key: "ValueType"
    value: "ValueType"


@attrs.frozen
class StateType:
    """A tensor that a program keeps from one prediction to the next."""

    wrapped: TensorType


ValueType = TensorType | ListType | TupleType | DictionaryType | StateType


@attrs.frozen
class NamedType:
    """What an input or output is called and what it holds."""

    name: str
    type: ValueType
