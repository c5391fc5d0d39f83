"""Every operation that OpenVINO computes for us, by its MIL name."""

from collections.abc import Callable

from ....domain.mil.rewrites.fused import ATTENTION, EINSUM_ATTENTION, GROUP_NORM, SPLIT_ATTENTION
from . import (
    activation,
    arithmetic,
    attention,
    convolution,
    elementwise,
    layout,
    linear,
    normalization,
    reduction,
    resizing,
    slicing,
)
from .arguments import Output, Outputs

_FAMILIES = (
    activation,
    arithmetic,
    convolution,
    elementwise,
    layout,
    linear,
    normalization,
    reduction,
    resizing,
    slicing,
)
OPERATIONS: dict[str, Callable[..., Output | Outputs]] = {
    name: function for family in _FAMILIES for name, function in family.OPERATIONS.items()
}
#: The operations that rewrites make.
FUSED_OPERATIONS: dict[str, Callable[..., Output | Outputs]] = {
    ATTENTION: attention.fused_attention,
    EINSUM_ATTENTION: attention.einsum_attention,
    GROUP_NORM: normalization.group_norm,
    SPLIT_ATTENTION: attention.split_attention,
}
