"""Attention as Apple writes it for the Neural Engine: products by einsum, axes channels first.

Keys come as (batch, keys, heads, width), queries and values as (batch, width, heads, places), and
the softmax goes over the keys, in axis 1 (Apple's article "Deploying Transformers on the Apple
Neural Engine").
"""

from ..dataflow import Dataflow
from ..operation import Binding, Operation
from ..program import Function
from .fused import EINSUM_ATTENTION
from .rewriting import number, replacement, with_matches

#: The only product of four axes that coremltools keeps as einsum: matrices in axes 1 and 3.
_PRODUCT = "nchw,nwhu->nchu"


def with_einsum_attention(function: Function) -> Function:
    """Replace every attention between einsums by one operation."""
    return with_matches(function, _match)


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    value, weights = _factors(operation, flow)
    softmax = _producer(weights, "softmax", flow)
    scaled = flow.producer(softmax, "x", "mul")
    scale = flow.scalar(scaled, "y") if scaled else 1.0
    product = flow.producer(scaled or softmax, "x", "einsum")
    key, query = _factors(product, flow)
    if value is None or key is None or query is None or scale is None:
        return None
    if flow.scalar(softmax, "axis") not in (1, -3) or not _have_one_batch(flow, query, key, value):
        return None
    return replacement(
        operation, EINSUM_ATTENTION, query=query, key=key, value=value, scale=number(float(scale))
    )


def _factors(product: Operation | None, flow: Dataflow) -> tuple[Binding | None, Binding | None]:
    """What an einsum multiplies, where it multiplies matrices in axes 1 and 3."""
    equation = flow.constant(product, "equation") if product else None
    if product is None or product.type != "einsum" or equation is None:
        return None, None
    if _canonical(str(equation.item())) != _canonical(_PRODUCT):
        return None, None
    left, right = product.inputs["values"]
    return left, right


def _canonical(equation: str) -> str:
    """The equation with its letters named in the order in which they come."""
    letters = dict.fromkeys(filter(str.isalpha, equation))
    names = dict(zip(letters, "abcdefghijklmnopqrstuvwxyz", strict=False))
    return "".join(names.get(each, each) for each in equation if not each.isspace())


def _producer(binding: Binding | None, kind: str, flow: Dataflow) -> Operation | None:
    found = flow.producers.get(binding) if isinstance(binding, str) else None
    return found if found is not None and found.type == kind else None


def _have_one_batch(flow: Dataflow, *operands: Binding) -> bool:
    """Whether all are known to have the same batch and heads, so that nothing is broadcast."""
    shapes = [flow.shape(each) for each in operands]
    return all(len(each) == 4 for each in shapes) and len({each[::2] for each in shapes}) == 1
