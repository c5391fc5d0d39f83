"""Attention is found however it is written, and only where it is attention."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.program import Program
from numpy.typing import NDArray
from samples.programs import constant, operation, program, shaped

SHAPE = (1, 2, 3, 4)


def test_a_softmax_over_queries_is_left_alone() -> None:
    def steps(axis: int) -> list[Operation]:
        return [
            operation("matmul", ["scores"], x="x", y="x", transpose_y=constant(value=True)),
            operation("softmax", ["weights"], x="scores", axis=constant(axis)),
            operation("matmul", ["y"], x="weights", y="x"),
        ]

    assert "fused.attention" in _operations(steps(-1))
    assert "fused.attention" not in _operations(steps(-2))


@pytest.mark.parametrize(("factor", "gone"), [([0.3], True), ([0.3, 0.4, 0.5, 0.6], False)])
def test_a_query_times_one_number_is_scaled_in_attention(
    factor: list[float], *, gone: bool
) -> None:
    steps = [
        shaped(operation("mul", ["query"], x="x", y=constant(np.array(factor, np.float32))), SHAPE),
        operation("matmul", ["scores"], x="query", y="x", transpose_y=constant(value=True)),
        operation("softmax", ["weights"], x="scores", axis=constant(-1)),
        operation("matmul", ["y"], x="weights", y="x"),
    ]

    assert ("mul" not in _operations(steps)) == gone


@pytest.mark.parametrize(("axis", "equation", "found"), [
    (1, "nchw,nwhu->nchu", True),
    (1, "bkhc,bchq->bkhq", True),
    (3, "nchw,nwhu->nchu", False),
    (1, "nchw,nwhu->nhcu", False),
])  # fmt: skip
def test_only_einsums_over_keys_are_attention(axis: int, equation: str, found: bool) -> None:
    square = (1, 4, 2, 4)
    product = constant(equation)
    steps = [
        shaped(operation("tile", ["s"], x="x", reps=constant([1, 1, 1, 1])), square),
        operation("einsum", ["scores"], values=("s", "s"), equation=product),
        operation("softmax", ["weights"], x="scores", axis=constant(axis)),
        operation("einsum", ["y"], values=("s", "weights"), equation=product),
    ]

    assert ("fused.einsum_attention" in _operations(steps)) == found


@pytest.mark.parametrize("transposed", itertools.product([False, True], repeat=4))
@pytest.mark.parametrize("weights_first", [True, False])
def test_attention_is_the_same_however_its_products_are_laid_out(
    transposed: tuple[bool, ...], *, weights_first: bool
) -> None:
    query, key, value, weights = transposed
    first = {
        f"transpose_{name}": constant(each) for name, each in zip("xy", (query, key), strict=True)
    }
    names = ("weights", "x") if weights_first else ("x", "weights")
    turned = (weights, value) if weights_first else (value, weights)
    second = {f"transpose_{name}": constant(each) for name, each in zip("xy", turned, strict=True)}
    steps = [
        operation("matmul", ["scores"], x="x", y="x", **first),
        operation("softmax", ["weights"], x="scores"),
        operation("matmul", ["y"], x=names[0], y=names[1], **second),
    ]
    assert_the_same(steps, np.random.default_rng(0).standard_normal((2, 3, 4, 4)))


@pytest.mark.parametrize(("perm", "gone"), [
    ((0, 1, 3, 2), True), ((0, 1, -1, -2), True), ((0, 2, 1, 3), False), ((0, 3, 2, 1), False),
])  # fmt: skip
def test_a_result_that_is_turned_is_attended_the_other_way(
    perm: tuple[int, ...], *, gone: bool
) -> None:
    steps = [
        *_attention_steps("mixed"),
        operation("transpose", ["y"], x="mixed", perm=constant(perm)),
    ]

    assert ("transpose" not in _operations(steps)) == gone
    assert_the_same(steps, np.random.default_rng(0).standard_normal(SHAPE))


def test_a_result_that_is_used_as_it_is_too_is_attended_once() -> None:
    turned = operation("transpose", ["turned"], x="mixed", perm=constant((0, 1, 3, 2)))
    steps = [*_attention_steps("mixed"), turned, operation("matmul", ["y"], x="mixed", y="turned")]

    assert _operations(steps) == ["fused.attention", "transpose", "matmul"]


def _attention_steps(result: str) -> list[Operation]:
    return [
        operation("matmul", ["scores"], x="x", y="x", transpose_y=constant(value=True)),
        operation("softmax", ["weights"], x="scores", axis=constant(-1)),
        operation("matmul", [result], x="weights", y="x"),
    ]


def test_heads_that_are_folded_into_the_batch_and_back_stay_views() -> None:
    assert _operations(_folded_steps((1, 2, 3, 4))) == ["fused.attention"]


def test_heads_that_are_not_what_the_result_is_unfolded_to_stay_folded() -> None:
    assert "reshape" in _operations(_folded_steps((2, 1, 3, 4)))
    assert "reshape" in _operations(_folded_steps((1, 2, 4, 3)))


def _folded_steps(unfolded: tuple[int, ...]) -> list[Operation]:
    folded = (2, 3, 4)
    return [
        shaped(operation("reshape", ["flat"], x="x", shape=constant(folded)), folded),
        operation("matmul", ["scores"], x="flat", y="flat", transpose_y=constant(value=True)),
        operation("softmax", ["weights"], x="scores"),
        shaped(operation("matmul", ["mixed"], x="weights", y="flat"), folded),
        shaped(operation("reshape", ["y"], x="mixed", shape=constant(unfolded)), unfolded),
    ]


def test_scores_that_are_asked_for_stay() -> None:
    x = torch.randn(1, 2, 5, 4)
    outputs = {"y": np.zeros(0, "f4"), "weights": np.zeros(0, "f4")}
    asked = program(_attention_steps("y"), {"x": x.numpy()}, outputs)
    computed = _computed(asked, Mode.FAST, x.numpy())

    weights = (x @ x.mT).softmax(-1)
    np.testing.assert_allclose(computed["weights"], weights, atol=1e-6)
    np.testing.assert_allclose(computed["y"], weights @ x, atol=1e-5)


def assert_the_same(steps: list[Operation], drawn: NDArray[np.float64]) -> None:
    x = drawn.astype(np.float32)
    described = program(steps, {"x": x}, {"y": x})
    fast, exact = (_computed(described, mode, x)["y"] for mode in (Mode.FAST, Mode.EXACT))
    np.testing.assert_allclose(fast, exact, rtol=1e-5, atol=1e-6)


def _computed(described: Program, mode: Mode, x: NDArray[np.float32]) -> Mapping[str, NDArray[Any]]:
    return build_network(Path("one"), described, mode).predict({"x": x})


def _operations(steps: list[Operation]) -> list[str]:
    x = np.zeros(SHAPE, np.float32)
    network = build_network(Path("one"), program(steps, {"x": x}, {"y": x}), Mode.FAST)
    return [call.operation for call in network.schedule.calls]
