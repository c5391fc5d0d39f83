"""Rewrites find what coremltools writes and change nothing in what it computes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from coreml_stable_diffusion.adapters.packages.package_reader import MlPackageReader
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import ReferenceNetwork, build_network
from coreml_stable_diffusion.domain.mil.data_type import DataType
from coreml_stable_diffusion.domain.mil.operation import Operation
from coreml_stable_diffusion.domain.mil.value_type import TensorType
from numpy.typing import NDArray
from samples.modules import (
    Attention,
    EinsumAttention,
    FlatGroupNorm,
    GatedFeedForward,
    ResidualBlock,
    randomised,
)
from samples.packages import convert_module
from samples.programs import constant, operation, program, shaped
from torch import nn

PICTURE = np.random.default_rng(1).standard_normal((1, 8, 6, 5)).astype(np.float32)
STATES = np.random.default_rng(2).standard_normal((1, 10, 16)).astype(np.float32)
STRIP = np.random.default_rng(3).standard_normal((1, 16, 1, 10)).astype(np.float32)

SHAPE = (1, 2, 3, 4)

NETWORKS: dict[str, tuple[nn.Module, NDArray[np.float32], set[str], set[str]]] = {
    "group norm": (ResidualBlock(), PICTURE, {"fused.group_norm"}, {"sqrt", "batch_norm"}),
    "flat group norm": (FlatGroupNorm(), PICTURE, {"fused.group_norm"}, {"sqrt", "mul"}),
    "residual": (ResidualBlock(), PICTURE, {"fused.conv_sum"}, {"conv", "add"}),
    "gated": (GatedFeedForward(), STATES, {"fused.gated_linear"}, {"split", "gelu", "mul"}),
    "gated pointwise": (
        GatedFeedForward(channels_first=True),
        STRIP,
        {"fused.gated_pointwise"},
        {"split", "gelu", "mul"},
    ),
    "attention": (Attention(), STATES, {"fused.attention"}, {"softmax", "matmul"}),
    "masked": (Attention(masked=True), STATES, {"fused.attention"}, {"softmax", "matmul"}),
    "flat": (Attention(flat=True), STATES, {"fused.attention"}, {"softmax", "matmul"}),
}
NETWORKS |= {
    "Apple's ORIGINAL": (
        EinsumAttention(split=False),
        STRIP,
        {"fused.attention"},
        {"softmax", "matmul"},
    ),
} | {
    f"Apple's {name}, {'sliced' if sliced else 'split'}": (
        EinsumAttention(split=True, queries_at_once=queries, sliced=sliced),
        STRIP,
        {"fused.split_attention"},
        {"softmax", "einsum", "fused.einsum_attention", "split", "slice_by_index", "concat"},
    )
    for name, queries in {"SPLIT_EINSUM": 10, "SPLIT_EINSUM_V2": 4}.items()
    for sliced in (False, True)
}


@pytest.mark.parametrize("float16", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_pattern_is_found_and_computes_the_same(name: str, float16: bool, tmp_path: Path) -> None:
    module, x, made, gone = NETWORKS[name]
    package = tmp_path / "network.mlpackage"
    (expected,) = convert_module(randomised(module), {"x": x}, ["y"], package, float16=float16)

    fast, exact = (_network(package, mode) for mode in (Mode.FAST, Mode.EXACT))
    kinds = {call.operation for call in fast.schedule.calls}

    assert made <= kinds
    assert not gone & kinds
    computed = _computed(fast, x)["y"]
    np.testing.assert_allclose(computed, _computed(exact, x)["y"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(computed, expected, atol=3e-3 if float16 else 3e-5)


def test_a_normalization_over_other_axes_is_left_alone() -> None:
    steps = _group_norm_steps(axes=[3, 4])

    assert "fused.group_norm" not in _operations(steps)
    assert "fused.group_norm" in _operations(_group_norm_steps(axes=[2, 3, 4]))


def test_casts_between_floats_are_left_out_and_others_stay() -> None:
    steps = [
        shaped(operation("cast", ["half"], x="x", dtype=constant("fp16")), SHAPE, DataType.FP16),
        operation("exp", ["raised"], x="half"),
        shaped(
            operation("cast", ["whole"], x="raised", dtype=constant("int32")), SHAPE, DataType.INT32
        ),
        operation("cast", ["y"], x="whole", dtype=constant("fp32")),
    ]

    assert _operations(steps) == ["exp", "cast", "cast"]


def _residual_steps(other: str, shape: tuple[int, ...], *more: Operation) -> list[Operation]:
    weight = constant(np.eye(4, dtype=np.float32))
    return [
        shaped(operation("linear", ["a"], x="x", weight=weight), SHAPE),
        shaped(operation("reduce_sum", ["b"], x="x", axes=constant([1]),
                         keep_dims=constant(value=True)), (1, 1, 3, 4)),
        *more,
        shaped(operation("add", ["y"], x=other, y="a"), shape),
    ]  # fmt: skip


def test_a_sum_with_a_result_is_one_with_it() -> None:
    assert _operations(_residual_steps("x", SHAPE)) == ["fused.linear_sum"]


def test_a_sum_that_is_spread_is_left_alone() -> None:
    assert _operations(_residual_steps("b", SHAPE)) == ["linear", "reduce_sum", "add"]


def test_a_sum_with_a_result_that_is_used_again_is_left_alone() -> None:
    again = shaped(operation("exp", ["c"], x="a"), SHAPE)

    assert _operations(_residual_steps("c", SHAPE, again)) == ["linear", "exp", "add"]


def test_a_sum_of_a_result_with_itself_is_left_alone() -> None:
    assert _operations(_residual_steps("a", SHAPE)) == ["linear", "add"]


@pytest.mark.parametrize(("gated", "states"), [("h0", "h1"), ("h1", "h1"), ("h1", "x")])
def test_a_gate_over_other_halves_is_left_alone(gated: str, states: str) -> None:
    weight = constant(np.ones((8, 4), np.float32))
    halves = operation("split", ["h0", "h1"], x="a", axis=constant(-1), num_splits=constant(2))
    declared = tuple(
        attrs.evolve(each, type=TensorType(DataType.FP32, SHAPE)) for each in halves.outputs
    )
    steps = [
        operation("linear", ["a"], x="x", weight=weight),
        attrs.evolve(halves, outputs=declared),
        operation("gelu", ["g"], x=gated),
        operation("mul", ["y"], x=states, y="g"),
    ]

    assert "gelu" in _operations(steps)


def _group_norm_steps(axes: list[int]) -> list[Operation]:
    inside = (1, 2, 1, 3, 4)
    keep = constant(value=True)
    return [
        shaped(operation("reshape", ["grouped"], x="x", shape=constant(inside)), inside),
        operation("reduce_mean", ["mean"], x="grouped", axes=constant(axes), keep_dims=keep),
        operation("sub", ["centred"], x="grouped", y="mean"),
        operation("square", ["squared"], x="centred"),
        operation("reduce_mean", ["variance"], x="squared", axes=constant(axes), keep_dims=keep),
        operation("add", ["raised"], x="variance", y=constant(1e-5)),
        operation("sqrt", ["deviation"], x="raised"),
        operation("real_div", ["divided"], x="centred", y="deviation"),
        shaped(operation("reshape", ["y"], x="divided", shape=constant(SHAPE)), SHAPE),
    ]


def _network(package: Path, mode: Mode) -> ReferenceNetwork:
    return build_network(package, MlPackageReader().read(package), mode)


def _computed(network: ReferenceNetwork, x: NDArray[np.float32]) -> Mapping[str, NDArray[Any]]:
    return network.predict({"x": x})


def _operations(steps: list[Operation]) -> list[str]:
    x = np.zeros(SHAPE, np.float32)
    network = build_network(Path("one"), program(steps, {"x": x}, {"y": x}), Mode.FAST)
    return [call.operation for call in network.schedule.calls]
