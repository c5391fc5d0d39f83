"""Every operation that the runtime knows, by its MIL name."""

from collections.abc import Callable

from torch import Tensor

from . import (
    activation,
    arithmetic,
    convolution,
    decompression,
    elementwise,
    gathering,
    layout,
    linear,
    normalization,
    ordering,
    pooling,
    reduction,
    resizing,
    slicing,
)
from .arguments import Tensors

OPERATIONS: dict[str, Callable[..., Tensor | Tensors]] = {
    name: function
    for family in (
        activation,
        arithmetic,
        convolution,
        decompression,
        elementwise,
        gathering,
        layout,
        linear,
        normalization,
        ordering,
        pooling,
        reduction,
        resizing,
        slicing,
    )
    for name, function in family.OPERATIONS.items()
}
