"""Cases of the products of matrices."""

import numpy as np
from hypothesis import strategies as st
from samples.cases.case import Case, known, widened
from samples.cases.drawing import (
    FLOATS,
    broadcast_pair,
    numbers,
    one_of,
    optional,
    some_shape,
    truth,
    truths,
    whole,
)

_EQUATIONS = (  # the first is the one that coremltools writes as it is
    ("nchw,nwhu->nchu", (0, 1, 2, 3), (0, 3, 2, 4)),
    ("bchq,bkhc->bkhq", (0, 1, 2, 3), (0, 4, 2, 1)),
    ("bkhq,bchk->bchq", (0, 1, 2, 3), (0, 4, 2, 1)),
    ("bhcq,bhck->bhqk", (0, 1, 2, 3), (0, 1, 2, 4)),
    ("bhqk,bhck->bhcq", (0, 1, 2, 3), (0, 1, 4, 3)),
    ("abc,cd->abd", (0, 1, 2), (2, 3)),
    ("ab,bc->ac", (0, 1), (1, 2)),
    ("abc,abd->acd", (0, 1, 2), (0, 1, 3)),
)


@st.composite
def _linear(draw: st.DrawFn) -> Case:
    dtype, shape = one_of(draw, FLOATS), some_shape(draw, 1, 4)
    outputs = whole(draw, 1, 6)
    weight = numbers(draw, (outputs, shape[-1]), dtype)
    bias = optional(draw, bias=numbers(draw, (outputs,), dtype))
    return Case({"x": numbers(draw, shape, dtype), "weight": weight} | bias)


@st.composite
def _matmul(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    one, other = broadcast_pair(draw, 2) if truth(draw) else ((), ())
    rows, inner, columns = (whole(draw, 1, 5) for _ in range(3))
    turned_x, turned_y = truth(draw), truth(draw)
    x = numbers(draw, (*one, *((inner, rows) if turned_x else (rows, inner))), dtype)
    y = numbers(draw, (*other, *((columns, inner) if turned_y else (inner, columns))), dtype)
    turned = {"transpose_x": turned_x, "transpose_y": turned_y}
    return Case({"x": x, "y": y} | {name: True for name, each in turned.items() if each})


@st.composite
def _einsum(draw: st.DrawFn) -> Case:
    dtype = one_of(draw, FLOATS)
    equation, *operands = one_of(draw, _EQUATIONS if truth(draw) else _EQUATIONS[:1])
    sizes = [whole(draw, 1, 4) for _ in range(5)]
    values = tuple(numbers(draw, [sizes[each] for each in axes], dtype) for axes in operands)
    expected = np.einsum(equation, *widened(values))
    return known({"values": values, "equation": equation}, expected)


@st.composite
def _attention(draw: st.DrawFn) -> Case:
    dtype, batch = one_of(draw, FLOATS), some_shape(draw, 1, 3, 3)
    queries, keys, width, out = (whole(draw, 1, 6) for _ in range(4))
    query, key = (numbers(draw, (*batch, count, width), dtype) for count in (queries, keys))
    value = numbers(draw, (*batch, keys, out), dtype)
    scores = widened(query) @ np.swapaxes(widened(key), -1, -2) / np.sqrt(np.float32(width))
    arguments = {"query": query, "key": key, "value": value}
    shape = (*(size if truth(draw) else 1 for size in batch), queries, keys)
    match one_of(draw, ("none", "added", "let pass")):
        case "added":
            arguments["attn_mask"] = numbers(draw, shape, dtype)
            scores = scores + widened(arguments["attn_mask"])
        case "let pass":
            passed = truths(draw, shape)
            passed[..., 0] = True  # what lets nothing pass has no result
            arguments["attn_mask"] = passed
            scores = np.where(passed, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    expected = weights / weights.sum(-1, keepdims=True) @ widened(value)
    return known(arguments, expected)


CASES: dict[str, st.SearchStrategy[Case]] = {
    "einsum": _einsum(),
    "linear": _linear(),
    "matmul": _matmul(),
    "scaled_dot_product_attention": _attention(),
}
