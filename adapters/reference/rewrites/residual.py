"""Residuals: what a linear layer or a convolution computes, added to what went around it.

Computed as one, the sum costs no pass over memory of its own (see `prepacking.py`).
"""

from collections.abc import Callable

import attrs
from torch import Tensor

from ....domain.mil.dataflow import Dataflow
from ....domain.mil.operation import Operation
from ....domain.mil.program import Function
from ..ops.arguments import Integers
from ..ops.convolution import conv
from ..ops.linear import linear
from .rewriting import with_matches

LINEAR_SUM = "reference.linear_sum"
CONVOLUTION_SUM = "reference.conv_sum"
_FUSED = {"linear": LINEAR_SUM, "conv": CONVOLUTION_SUM}


def linear_sum(x: Tensor, other: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Add a tensor of the result's shape to a linear layer's result."""
    return linear(x, weight, bias) + other


def conv_sum(
    x: Tensor,
    other: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    strides: Integers | None = None,
    pad_type: str = "valid",
    pad: Integers | None = None,
    dilations: Integers | None = None,
    groups: int = 1,
) -> Tensor:
    """Add a tensor of the result's shape to a convolution's result."""
    convolved = conv(
        x,
        weight,
        bias,
        strides=strides,
        pad_type=pad_type,
        pad=pad,
        dilations=dilations,
        groups=groups,
    )
    return convolved + other


OPERATIONS: dict[str, Callable[..., Tensor]] = {LINEAR_SUM: linear_sum, CONVOLUTION_SUM: conv_sum}


def with_residuals(function: Function) -> Function:
    """Replace every sum of a layer's result, which nothing else uses, and a tensor of its shape."""
    return with_matches(function, _match)


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    if operation.type != "add" or not _is_elementwise(operation, flow):
        return None
    for result, other in (("x", "y"), ("y", "x")):
        layer = flow.sole_producer(operation, result, *_FUSED)
        if layer is not None:
            inputs = {**layer.inputs, "other": operation.inputs[other]}
            return attrs.evolve(
                layer, type=_FUSED[layer.type], inputs=inputs, outputs=operation.outputs
            )
    return None


def _is_elementwise(sum_: Operation, flow: Dataflow) -> bool:
    """Whether both terms are known to be of one shape, so that none is spread over the other."""
    left, right = (flow.shape(sum_.inputs[name][0]) for name in ("x", "y"))
    return left == right != ()
