"""Residuals: what a linear layer or a convolution computes, added to what went around it.

Computed as one, the sum costs no pass over memory of its own.
"""

import attrs

from ..dataflow import Dataflow
from ..operation import Operation
from ..program import Function
from .fused import CONVOLUTION_SUM, LINEAR_SUM
from .rewriting import with_matches

_FUSED = {"linear": LINEAR_SUM, "conv": CONVOLUTION_SUM}


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
