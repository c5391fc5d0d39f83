"""Attention: softmax(query keyᵀ scale + mask) value, without the scores in memory.

The scores of Stable Diffusion at 64 x 64 latents take 1 GB; PyTorch's kernel never holds them.
"""

import attrs

from ..dataflow import Dataflow
from ..operation import Binding, Operation
from ..program import Function
from .fused import ATTENTION
from .rewriting import number, replacement, with_matches


def with_attention(function: Function) -> Function:
    """Replace every attention by one operation."""
    return with_matches(function, _match)


@attrs.frozen(kw_only=True)
class _Scores:
    """The product of query and key with what is done to it before the softmax."""

    product: Operation
    scale: float = 1.0
    mask: Binding | None = None


@attrs.frozen(kw_only=True)
class _Mixture:
    """The product of the softmax and the values, which may come in either order."""

    softmax: Operation
    value: Binding
    transpose_value: bool
    transpose_result: bool


def _match(operation: Operation, flow: Dataflow) -> Operation | None:
    match operation.type:
        case "matmul":
            return _fused(operation, operation, flow)
        case "reshape":
            return _fused(flow.producer(operation, "x", "matmul"), operation, flow, folded=True)
        case "transpose" if _turns(operation, flow):
            product = flow.sole_producer(operation, "x", "matmul")
            return _fused(product, operation, flow, turned=True)
        case _:
            return None


def _turns(operation: Operation, flow: Dataflow) -> bool:
    """Whether a transposition exchanges the last two axes and nothing else."""
    axes = flow.constant(operation, "perm")
    rank = 0 if axes is None else len(axes)
    return axes is not None and [*axes % rank] == [*range(rank - 2), rank - 1, rank - 2]


def _fused(
    product: Operation | None,
    replaced: Operation,
    flow: Dataflow,
    *,
    folded: bool = False,
    turned: bool = False,
) -> Operation | None:
    """The attention that ends in a product.

    `folded` looks behind heads folded into the batch, `turned` gives the result the other way.
    """
    mixture = _mixture(product, flow)
    scores = _scores(mixture.softmax, flow) if mixture else None
    if product is None or mixture is None or scores is None:
        return None
    operands = (*(scores.product.inputs[name][0] for name in "xy"), mixture.value)
    if not _is_attention(operands, mixture.softmax, flow):
        return None
    if folded:
        operands = _unfolded(operands, product, replaced, flow)
        if scores.mask is not None or not operands:
            return None
    (query, factor), key, value = _unscaled(operands[0], flow), *operands[1:]
    return replacement(
        replaced,
        ATTENTION,
        query=query,
        key=key,
        value=value,
        scale=number(scores.scale * factor),
        mask=scores.mask,
        transpose_query=number(int(_is(scores.product, "transpose_x", flow))),
        transpose_key=number(int(not _is(scores.product, "transpose_y", flow))),
        transpose_value=number(int(mixture.transpose_value)),
        transpose_result=number(int(mixture.transpose_result != turned)),
    )


def _unscaled(query: Binding, flow: Dataflow) -> tuple[Binding, float]:
    """What was multiplied by one number to be the query, and that number."""
    scaled = flow.producers.get(query) if isinstance(query, str) else None
    factor = flow.scalar(scaled, "y")
    if scaled is None or scaled.type != "mul" or factor is None:
        return query, 1.0
    (source,) = scaled.inputs["x"]
    return (source, factor) if flow.shape(source) == flow.shape(query) else (query, 1.0)


def _mixture(product: Operation | None, flow: Dataflow) -> _Mixture | None:
    """Look back at a product of weights and values, or of values and weights the other way."""
    weights_first = flow.producer(product, "x", "softmax")
    softmax = weights_first or flow.producer(product, "y", "softmax")
    if product is None or softmax is None:
        return None
    weights, value = "xy" if weights_first else "yx"
    if _is(product, f"transpose_{weights}", flow) == bool(weights_first):
        return None
    return _Mixture(
        softmax=softmax,
        value=product.inputs[value][0],
        transpose_value=_is(product, f"transpose_{value}", flow) == bool(weights_first),
        transpose_result=not weights_first,
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


def _is_attention(operands: tuple[Binding, ...], softmax: Operation, flow: Dataflow) -> bool:
    """Whether the scores are normalised over keys, and query, key and value have the same batch."""
    batches = {flow.shape(each)[:-2] for each in operands}
    rank = len(flow.shape(operands[0]))
    over_keys = flow.scalar(softmax, "axis") in (None, -1, rank - 1)
    return rank > 2 and len(batches) == 1 and over_keys


def _unfolded(
    operands: tuple[Binding, ...], product: Operation, last: Operation, flow: Dataflow
) -> tuple[Binding, ...]:
    """The operands before their heads were folded into the batch, nothing where one was not.

    Folding copies what is only a view; it is undone where the last operation unfolds the result.
    """
    folds = [flow.producers.get(each) if isinstance(each, str) else None for each in operands]
    if any(each is None or each.type != "reshape" for each in folds):
        return ()
    sources = tuple(each.inputs["x"][0] for each in folds if each is not None)
    pairs = [*zip(sources, operands, strict=True), (last.outputs[0].name, product.outputs[0].name)]
    unfolded = [flow.shape(each) for each, _ in pairs]
    folded = [flow.shape(each) for _, each in pairs]
    same_heads = len({each[:2] for each in unfolded}) == 1
    return sources if same_heads and all(map(_is_fold, unfolded, folded)) else ()


def _is_fold(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return len(before) == 4 and (before[0] * before[1], *before[2:]) == after


def _is(product: Operation, flag: str, flow: Dataflow) -> bool:
    return bool(flow.scalar(product, flag))
