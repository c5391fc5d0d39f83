"""Which way of writing attention a program was converted with, where its operations tell."""

from collections.abc import Iterator

from .dataflow import Dataflow
from .operation import Binding, Operation
from .program import Function

# What stands between the scores of attention and their softmax.
_BETWEEN = ("add", "cast", "mul", "real_div", "select", "sub")
_SCORES = ("einsum", "matmul")
_CUTS = ("slice_by_index", "slice_by_size", "split")
_WHOLE = "scaled_dot_product_attention"


def attention_variant(function: Function) -> str | None:
    """Name the variant as Apple does; None where there is no attention or several variants.

    SPLIT_EINSUM_V2 leaves attention of fewer than 512 queries whole, so that a program without any
    larger one is SPLIT_EINSUM either way. Attention that is one operation, as from iOS 18 on, is
    ORIGINAL.
    """
    flow = Dataflow(function)
    found = set()
    for operation in function.body.operations:
        if operation.type == _WHOLE:
            found.add("ORIGINAL")
        if operation.type == "softmax":
            found.update(_variant(each, flow) for each in _scores(operation, flow))
    if "SPLIT_EINSUM_V2" in found:
        found.discard("SPLIT_EINSUM")
    return found.pop() if len(found) == 1 else None


def _scores(softmax: Operation, flow: Dataflow) -> Iterator[Operation]:
    """The products that a softmax is taken of."""
    waiting = [softmax]
    while waiting:
        for name in waiting.pop().names_used:
            producer = flow.producers.get(name)
            if producer is None:
                continue
            if producer.type in _SCORES:
                yield producer
            elif producer.type in _BETWEEN:
                waiting.append(producer)


def _variant(scores: Operation, flow: Dataflow) -> str:
    if scores.type == "matmul":
        return "ORIGINAL"
    return "SPLIT_EINSUM_V2" if _is_chunk(scores, flow) else "SPLIT_EINSUM"


def _is_chunk(scores: Operation, flow: Dataflow) -> bool:
    """Whether the scores are those of a part of the queries.

    Queries are along the axis that is in the scores but not in the other factor, as q is in
    "bchq,bkhc->bkhq"; heads are cut along another one. coremltools writes the factors either way
    round.
    """
    equation = flow.constant(scores, "equation")
    factors, _, kept = str(equation).partition("->")
    axes = factors.split(",")
    return any(
        letter in kept and letter not in other
        for factor, own, other in zip(
            scores.inputs.get("values", ()), axes, reversed(axes), strict=False
        )
        for letter in _cut_axes(factor, own, flow)
    )


def _cut_axes(factor: Binding, axes: str, flow: Dataflow) -> Iterator[str]:
    """Those of a factor's axes, a letter each, that it has only a part of."""
    cut = flow.producers.get(factor) if isinstance(factor, str) else None
    if cut is None or cut.type not in _CUTS:
        return
    whole = next(iter(cut.inputs.get("x", ())), None)
    for letter, before, after in zip(axes, flow.shape(whole), flow.shape(factor), strict=False):
        if before != after:
            yield letter
