"""Attention that was written head by head, or in chunks of queries, as the one that it was cut of.

Apple's SPLIT_EINSUM concatenates heads in the channels of axis 1, SPLIT_EINSUM_V2 before that the
chunks of each head's queries in axis 3. A softmax goes over the keys of one query in one head, so
that neither cut changes any number.
"""

from collections.abc import Sequence

from ..dataflow import Dataflow
from ..operation import Binding, Operation
from ..program import Function
from .fused import EINSUM_ATTENTION, SPLIT_ATTENTION
from .rewriting import number, replacement, with_matches

_CHANNELS, _PLACES = 1, 3


def with_whole_queries(function: Function) -> Function:
    """Replace the chunks of a head's queries by one attention."""
    return with_matches(function, _match_chunks)


def with_whole_heads(function: Function) -> Function:
    """Replace all heads of an attention by one operation."""
    return with_matches(function, _match_heads)


def _match_chunks(operation: Operation, flow: Dataflow) -> Operation | None:
    chunks = _concatenated(operation, _PLACES, flow)
    query = _whole([each.inputs["query"][0] for each in chunks], _PLACES, flow)
    others = {(each.inputs["key"], each.inputs["value"]) for each in chunks}
    if query is None or len(others) != 1:
        return None
    return replacement(
        operation,
        EINSUM_ATTENTION,
        query=query,
        key=chunks[0].inputs["key"][0],
        value=chunks[0].inputs["value"][0],
        scale=chunks[0].inputs["scale"][0],
    )


def _match_heads(operation: Operation, flow: Dataflow) -> Operation | None:
    heads = _concatenated(operation, _CHANNELS, flow)
    if len({flow.shape(each.outputs[0].name) for each in heads}) != 1:
        return None
    query, key, value = (
        _whole([each.inputs[name][0] for each in heads], axis, flow)
        for name, axis in (("query", _CHANNELS), ("key", _PLACES), ("value", _CHANNELS))
    )
    if query is None or key is None or value is None:
        return None
    return replacement(
        operation,
        SPLIT_ATTENTION,
        query=query,
        key=key,
        value=value,
        heads=number(len(heads)),
        scale=heads[0].inputs["scale"][0],
    )


def _concatenated(operation: Operation, axis: int, flow: Dataflow) -> list[Operation]:
    """The attentions of one scale, each of one head, that are all that is concatenated, or none."""
    if operation.type != "concat" or flow.scalar(operation, "axis") not in (axis, axis - 4):
        return []
    parts = [_producer(each, flow) for each in operation.inputs["values"]]
    found = [each for each in parts if each and each.type == EINSUM_ATTENTION]
    scales = {flow.scalar(each, "scale") for each in found}
    heads = {flow.shape(each.outputs[0].name)[2:3] for each in found}
    return found if len(found) == len(parts) and len(scales) == 1 and heads == {(1,)} else []


def _whole(parts: Sequence[Binding], axis: int, flow: Dataflow) -> Binding | None:
    """The tensor that these are the parts of, all of them and in order, along the axis."""
    whole, end = None, 0
    for part in parts:
        source, start = _cut(part, axis, flow)
        if source is None or whole not in (None, source) or start != end:
            return None
        whole, end = source, end + flow.shape(part)[axis]
    return whole if whole is not None and flow.shape(whole)[axis] == end else None


def _cut(part: Binding, axis: int, flow: Dataflow) -> tuple[str | None, int]:
    """What a part was cut of along the axis alone, and where the part starts in it."""
    cut = _producer(part, flow)
    source = cut.inputs.get("x", (None,))[0] if cut else None
    before, after = flow.shape(source), flow.shape(part)
    elsewhere = slice(axis), slice(axis + 1, None)
    alone = len(before) == len(after) == 4 and all(
        before[each] == after[each] for each in elsewhere
    )
    if cut is None or not isinstance(source, str) or not alone:
        return None, 0
    match cut.type:
        case "split":
            names = [each.name for each in cut.outputs]
            earlier = names[: names.index(str(part))]
            return source, sum(flow.shape(each)[axis] for each in earlier)
        case "slice_by_index":
            return source, _start(cut, axis, flow)
        case _:
            return None, 0


def _start(cut: Operation, axis: int, flow: Dataflow) -> int:
    begin, stride, masked = (flow.constant(cut, name) for name in ("begin", "stride", "begin_mask"))
    if begin is None or (stride is not None and stride[axis] != 1):
        return -1
    return 0 if masked is not None and masked[axis] else int(begin[axis])


def _producer(binding: Binding, flow: Dataflow) -> Operation | None:
    return flow.producers.get(binding) if isinstance(binding, str) else None
