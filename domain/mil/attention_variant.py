"""Which way of writing attention a program was converted with, where its operations tell."""

from collections.abc import Iterator

from .dataflow import Dataflow
from .operation import Operation
from .program import Function

# What stands between the scores of attention and their softmax.
_BETWEEN = ("add", "cast", "mul", "real_div", "select", "sub")
_BY_SCORES = {"einsum": "SPLIT_EINSUM", "matmul": "ORIGINAL"}
_WHOLE = "scaled_dot_product_attention"


def attention_variant(function: Function) -> str | None:
    """Name the variant as Apple does; None where there is no attention or several variants.

    SPLIT_EINSUM stands for SPLIT_EINSUM_V2 too. Attention that is one operation, as from iOS 18 on,
    is ORIGINAL.
    """
    flow = Dataflow.of(function)
    found = set()
    for operation in function.body.operations:
        if operation.type == _WHOLE:
            found.add("ORIGINAL")
        if operation.type == "softmax":
            found.update(_BY_SCORES[each] for each in _scores(operation, flow))
    return found.pop() if len(found) == 1 else None


def _scores(softmax: Operation, flow: Dataflow) -> Iterator[str]:
    """The kinds of products that a softmax is taken of."""
    waiting = [softmax]
    while waiting:
        for name in waiting.pop().names_used:
            producer = flow.producers.get(name)
            if producer is None:
                continue
            if producer.type in _BY_SCORES:
                yield producer.type
            elif producer.type in _BETWEEN:
                waiting.append(producer)
