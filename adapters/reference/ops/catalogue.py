"""Every operation that the runtime knows, by its MIL name."""

from collections.abc import Callable
from types import ModuleType

from torch import Tensor

from . import (
    activation,
    arithmetic,
    boxes,
    convolution,
    elementwise,
    gathering,
    layout,
    linear,
    normalization,
    ordering,
    pooling,
    quantization,
    recurrence,
    reduction,
    resizing,
    sampling,
    slicing,
    windows,
)
from .arguments import Tensors

FAMILIES: tuple[ModuleType, ...] = (
    activation,
    arithmetic,
    boxes,
    convolution,
    elementwise,
    gathering,
    layout,
    linear,
    normalization,
    ordering,
    pooling,
    quantization,
    recurrence,
    reduction,
    resizing,
    sampling,
    slicing,
    windows,
)
OPERATIONS: dict[str, Callable[..., Tensor | Tensors]] = {
    name: function for family in FAMILIES for name, function in family.OPERATIONS.items()
}
