"""Only what is all of an attention, in order, becomes one."""

import attrs
import pytest
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Binding, Operation
from coreml_stable_diffusion.domain.mil.program import Function
from coreml_stable_diffusion.domain.mil.rewrites.fused import EINSUM_ATTENTION, SPLIT_ATTENTION
from coreml_stable_diffusion.domain.mil.rewrites.split_attention import (
    with_whole_heads,
    with_whole_queries,
)
from coreml_stable_diffusion.domain.mil.value_type import NamedType, TensorType
from samples.programs import constant, operation, program, shaped

WHOLE = {"q": (1, 8, 1, 6), "k": (1, 5, 1, 8), "v": (1, 8, 1, 5)}
QUERY = (1, 8, 1, 6)
HEAD = (1, 4, 1, 6)


@pytest.mark.parametrize("axis", [3, -1])
def test_chunks_of_all_queries_become_one_attention(axis: int) -> None:
    last = with_whole_queries(in_chunks([(0, 4), (4, 6)], axis=axis)).body.operations[-1]

    assert last.type == EINSUM_ATTENTION
    assert last.inputs["query"] == ("q",)
    assert last.outputs[0].name == "y"


@pytest.mark.parametrize(
    "spans",
    [[(0, 4)], [(0, 4), (4, 5)], [(4, 6), (0, 4)], [(0, 4), (3, 6)], [(0, 4), (4, 6), (0, 4)]],
)
def test_other_parts_of_the_queries_stay_apart(spans: list[tuple[int, int]]) -> None:
    assert with_whole_queries(in_chunks(spans)).body.operations[-1].type == "concat"


def test_chunks_with_gaps_stay_apart() -> None:
    function = in_chunks([(0, 3), (3, 6)], stride=constant((1, 1, 1, 2)))

    assert with_whole_queries(function).body.operations[-1].type == "concat"


def test_chunks_of_two_scales_stay_apart() -> None:
    function = in_chunks([(0, 4), (4, 6)], scales=[0.5, 0.25])

    assert with_whole_queries(function).body.operations[-1].type == "concat"


def test_all_heads_become_one_attention() -> None:
    last = with_whole_heads(by_heads(["q0", "q1"])).body.operations[-1]

    assert last.type == SPLIT_ATTENTION
    assert (last.inputs["query"], last.inputs["key"], last.inputs["value"]) == (
        ("q",),
        ("k",),
        ("v",),
    )


@pytest.mark.parametrize("queries", [["q1", "q0"], ["q0", "q0"], ["q0"]])
def test_other_heads_stay_apart(queries: list[str]) -> None:
    assert with_whole_heads(by_heads(queries)).body.operations[-1].type == "concat"


def test_heads_that_are_concatenated_along_another_axis_stay_apart() -> None:
    assert with_whole_heads(by_heads(["q0", "q1"], axis=3)).body.operations[-1].type == "concat"


def in_chunks(
    spans: list[tuple[int, int]],
    *,
    axis: int = 3,
    scales: list[float] | None = None,
    **cut: Binding,
) -> Function:
    """One head, whose queries are cut by slices."""
    steps: list[Operation] = []
    for place, (start, end) in enumerate(spans):
        chunk = (1, 8, 1, end - start)
        bounds = {"begin": constant((0, 0, 0, start)), "end": constant((1, 8, 1, end))}
        steps.append(
            shaped(operation("slice_by_index", [f"q{place}"], x="q", **bounds, **cut), chunk)
        )
        scale = scales[place] if scales else 0.5
        steps.append(attention(f"q{place}", "k", "v", (f"y{place}", chunk), scale))
    return function(steps, len(spans), axis)


def by_heads(queries: list[str], axis: int = 1) -> Function:
    """Two heads, cut by splits."""
    parts = {"q": (1, HEAD), "k": (3, (1, 5, 1, 4)), "v": (1, (1, 4, 1, 5))}
    splits = [split(name, axis, shape) for name, (axis, shape) in parts.items()]
    heads = [
        attention(query, f"k{head}", f"v{head}", (f"y{head}", HEAD))
        for head, query in enumerate(queries)
    ]
    return function([*splits, *heads], len(queries), axis)


def split(name: str, axis: int, shape: tuple[int, ...]) -> Operation:
    made = operation("split", [], x=name, axis=constant(axis), num_splits=constant(2))
    kind = TensorType(DataType.FP32, shape)
    return attrs.evolve(made, outputs=(NamedType(f"{name}0", kind), NamedType(f"{name}1", kind)))


def attention(
    query: str, key: str, value: str, made: tuple[str, tuple[int, ...]], scale: float = 0.5
) -> Operation:
    result, shape = made
    step = operation(
        EINSUM_ATTENTION, [result], query=query, key=key, value=value, scale=constant(scale)
    )
    return shaped(step, shape)


def function(steps: list[Operation], parts: int, axis: int) -> Function:
    values = tuple(f"y{part}" for part in range(parts))
    given = [shaped(operation("exp", [name], x="x"), shape) for name, shape in WHOLE.items()]
    last = shaped(operation("concat", ["y"], values=values, axis=constant(axis)), QUERY)
    return program([*given, *steps, last], {}, {}).main_function
