"""The constants of a program as tensors, made when first needed."""

import weakref
from collections.abc import Callable, MutableMapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ...domain.mil.data_type import DataType
from ...domain.mil.value import StoredWeight, TensorValue, Value


class Constants:
    """Named constants; a weight is read when asked for and shared as long as it is in use.

    `made` makes tensors of arrays.
    """

    def __init__(self, made: Callable[[NDArray[np.generic]], Tensor]) -> None:
        self._made = made
        self._values: dict[str, Value] = {}
        self._in_use: MutableMapping[str, Tensor] = weakref.WeakValueDictionary()

    def declare(self, name: str, value: Value) -> None:
        """Make a value known by name."""
        self._values[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def tensor(self, source: str | Value) -> Tensor:
        """The tensor of a named constant, or of a value. Raises ValueError where it is none."""
        if not isinstance(source, str):
            return self._tensor(source)
        if (shared := self._in_use.get(source)) is not None:
            return shared
        made = self._in_use[source] = self._tensor(self._values[source])
        return made

    def text(self, source: str | Value) -> str:
        """The string of a named constant, or of a value. Raises ValueError where it is none."""
        value = self._values.get(source) if isinstance(source, str) else source
        if isinstance(value, TensorValue) and value.type.data_type is DataType.STRING:
            return str(value.content.item())
        raise ValueError(f"{source} is needed as a constant string")

    def _tensor(self, value: Value) -> Tensor:
        match value:
            case TensorValue() | StoredWeight() if value.type.data_type is not DataType.STRING:
                return self._made(value.array())
            case _:
                raise ValueError("a tensor is needed")
