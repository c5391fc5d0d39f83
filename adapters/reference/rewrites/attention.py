"""Attention: softmax(query keyᵀ scale + mask) value, without the scores in memory.

The scores of Stable Diffusion at 64 x 64 latents take 1 GB; PyTorch's kernel never holds them.
"""

from collections.abc import Callable

import attrs
from torch import Tensor

from ....domain.mil.dataflow import Dataflow
from ....domain.mil.operation import Binding, Operation
from ....domain.mil.program import Function
from ..ops.linear import attention
from .rewriting import number, replacement, with_matches

_FUSED = "reference.attention"


def fused_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    scale: float,
    *,
    mask: Tensor | None = None,
    transpose_query: bool = False,
    transpose_key: bool = False,
    transpose_value: bool = False,
) -> Tensor:
    """Attend, each of the three laid out as (..., places, width) or the other way round."""
    return attention(
        query.mT if transpose_query else query,
        key.mT if transpose_key else key,
        value.mT if transpose_value else value,
        mask,
        scale,
    )


OPERATIONS: dict[str, Callable[..., Tensor]] = {_FUSED: fused_attention}


def with_attention(function: Function) -> Function:
    """Replace every attention by one operation."""
    return with_matches(function, _match)


@attrs.frozen(kw_only=True)
class _Scores:
    """The product of query and key with what is done to it before the softmax."""

    product: Operation
    scale: float = 1.0
    mask: Binding | None = None


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    softmax = flow.producer(operation, "x", "softmax") if operation.type == "matmul" else None
    scores = _scores(softmax, flow)
    if scores is None or not _is_attention(scores.product, softmax, operation, flow):
        return None
    product = scores.product
    return replacement(
        operation,
        _FUSED,
        query=product.inputs["x"][0],
        key=product.inputs["y"][0],
        value=operation.inputs["y"][0],
        scale=number(scores.scale),
        mask=scores.mask,
        transpose_query=number(int(_is(product, "transpose_x", flow))),
        transpose_key=number(int(not _is(product, "transpose_y", flow))),
        transpose_value=number(int(_is(operation, "transpose_y", flow))),
    )


def _scores(softmax: Operation | None, flow: Dataflow) -> _Scores | None:
    """Look back through a mask that is added and a scale that is multiplied, where there are."""
    masked = flow.producer(softmax, "x", "add")
    mask = masked.inputs["y"][0] if masked else None
    above = masked or softmax
    scaled = flow.producer(above, "x", "mul")
    scale = flow.scalar(scaled, "y") if scaled else 1.0
    product = flow.producer(scaled or above, "x", "matmul")
    if product is None or scale is None:
        return None
    return _Scores(product=product, scale=scale, mask=mask)


def _is_attention(
    product: Operation, softmax: Operation | None, last: Operation, flow: Dataflow
) -> bool:
    """Whether the scores are normalised over keys, and query, key and value have the same batch."""
    operands = (product.inputs["x"][0], product.inputs["y"][0], last.inputs["y"][0])
    batches = {flow.shape(each)[:-2] for each in operands}
    rank = len(flow.shape(operands[0]))
    over_keys = flow.scalar(softmax, "axis") in (None, -1, rank - 1)
    return rank > 2 and len(batches) == 1 and over_keys and not _is(last, "transpose_x", flow)


def _is(product: Operation, flag: str, flow: Dataflow) -> bool:
    return bool(flow.scalar(product, flag))
