"""Packed layers compute what plain ones do, whatever oneDNN makes of their weights."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from coreml_stable_diffusion.adapters.reference.call import Call
from coreml_stable_diffusion.adapters.reference.fused import OPERATIONS as FUSED
from coreml_stable_diffusion.adapters.reference.mode import Mode
from coreml_stable_diffusion.adapters.reference.network import build_network
from coreml_stable_diffusion.adapters.reference.ops.convolution import conv
from coreml_stable_diffusion.adapters.reference.ops.linear import linear
from coreml_stable_diffusion.adapters.reference.packed_layers import PackedConvolution
from coreml_stable_diffusion.adapters.reference.patches import PatchConvolution
from coreml_stable_diffusion.adapters.reference.prepacking import (
    PACKERS,
    computes_the_same,
    is_right,
    prepacked,
    products_keep_up,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.calls import layer
from samples.programs import constant, operation, program
from torch import Tensor

FUNCTIONS: dict[str, Callable[..., Tensor]] = {"linear": linear, "conv": conv, **FUSED}
SIZES = st.integers(1, 33)

needs_onednn = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(),  # type: ignore[no-untyped-call]  # it has none
    reason="this build of PyTorch has no oneDNN",
)


@needs_onednn
@pytest.mark.parametrize("kind", PACKERS)
def test_every_kind_of_layer_is_packed_here(kind: str) -> None:
    assert is_right(kind)


def _missing(**weights: Tensor) -> Callable[..., Tensor]:
    packed: Callable[..., Tensor] = torch.ops.mkldnn._no_such_operation(**weights)
    return packed


def _refusing(**weights: Tensor) -> Callable[..., Tensor]:
    def layer(x: Tensor) -> Tensor:
        raise RuntimeError(x, weights)

    return layer


def _wrong(**weights: Tensor) -> Callable[..., Tensor]:
    return lambda x: linear(x, **weights) * 1.01


def _unwilling(**weights: Tensor) -> None:
    del weights


def _right(**weights: Tensor) -> Callable[..., Tensor]:
    return lambda x: linear(x, **weights)


@pytest.mark.parametrize(("pack", "trusted"), [
    (_missing, False),
    (_refusing, False),
    (_wrong, False),
    (_unwilling, False),
    (_right, True),
])  # fmt: skip
def test_only_layers_that_compute_the_same_are_trusted(
    pack: Callable[..., Callable[..., Tensor] | None], *, trusted: bool
) -> None:
    x, weight = torch.randn(3, 4), torch.randn(5, 4)

    assert computes_the_same(pack, linear, {"x": x}, {"weight": weight}) == trusted


@settings(max_examples=40, deadline=None)
@given(rows=SIZES, inputs=SIZES, outputs=SIZES, biased=st.booleans(), added=st.booleans())
def test_a_packed_linear_layer_computes_the_same(
    rows: int, inputs: int, outputs: int, biased: bool, added: bool
) -> None:
    weights = {"weight": torch.randn(outputs, inputs)}
    weights |= {"bias": torch.randn(outputs)} if biased else {}
    given_ = {"x": torch.randn(2, rows, inputs)}
    given_ |= {"other": torch.randn(2, rows, outputs)} if added else {}

    _assert_same("fused.linear_sum" if added else "linear", weights, given_)


@settings(max_examples=20, deadline=None)
@given(inputs=SIZES, half=SIZES, biased=st.booleans(), mode=st.sampled_from(
    ["EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"]
))  # fmt: skip
def test_a_packed_gated_layer_computes_the_same(
    inputs: int, half: int, biased: bool, mode: str
) -> None:
    weights: dict[str, Any] = {"weight": torch.randn(2 * half, inputs), "mode": mode}
    weights |= {"bias": torch.randn(2 * half)} if biased else {}

    _assert_same("fused.gated_linear", weights, {"x": torch.randn(2, 5, inputs)})


@settings(max_examples=30, deadline=None)
@given(inputs=SIZES, half=SIZES, axes=st.integers(1, 3), biased=st.booleans(), mode=st.sampled_from(
    ["EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"]
))  # fmt: skip
def test_a_packed_gated_convolution_computes_the_same(
    inputs: int, half: int, axes: int, biased: bool, mode: str
) -> None:
    weights: dict[str, Any] = {"weight": torch.randn(2 * half, inputs, *(1,) * axes), "mode": mode}
    weights |= {"bias": torch.randn(2 * half)} if biased else {}
    sizes = (4, 3, 2)[:axes]

    _assert_same("fused.gated_pointwise", weights, {"x": torch.randn(2, inputs, *sizes)})


@settings(max_examples=60, deadline=None)
@given(
    channels=st.integers(1, 9),
    outputs=st.integers(1, 9),
    groups=st.integers(1, 3),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    strides=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    pad=st.tuples(*[st.integers(0, 2)] * 4),
    dilations=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    added=st.booleans(),
    last=st.booleans(),
)
def test_a_packed_convolution_computes_the_same(
    *,
    channels: int,
    outputs: int,
    groups: int,
    kernel: tuple[int, int],
    strides: tuple[int, int],
    pad: tuple[int, ...],
    dilations: tuple[int, int],
    added: bool,
    last: bool,
) -> None:
    settled: dict[str, Any] = {
        "weight": torch.randn(groups * outputs, channels, *kernel),
        "bias": torch.randn(groups * outputs),
        "strides": strides,
        "pad_type": "custom",
        "pad": pad,
        "dilations": dilations,
        "groups": groups,
    }
    x = torch.randn(2, groups * channels, 7, 6)
    x = x.contiguous(memory_format=torch.channels_last) if last else x
    given_ = {"x": x}
    if added:
        given_["other"] = torch.randn(conv(x, **settled).shape)

    _assert_same("fused.conv_sum" if added else "conv", settled, given_)


@settings(max_examples=20, deadline=None)
@given(
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    strides=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    pad=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    added=st.booleans(),
)
def test_a_convolution_of_many_channels_computes_the_same(
    kernel: tuple[int, int], strides: tuple[int, int], pad: tuple[int, int], *, added: bool
) -> None:
    settled: dict[str, Any] = {
        "weight": torch.randn(3, 1600, *kernel) / 1600**0.5,
        "bias": torch.randn(3),
        "strides": strides,
        "pad_type": "custom",
        "pad": (pad[0], pad[0], pad[1], pad[1]),
    }
    x = torch.randn(2, 1600, 7, 6)
    other = {"other": torch.randn(conv(x, **settled).shape)} if added else {}

    _assert_same("fused.conv_sum" if added else "conv", settled, {"x": x} | other)


@pytest.mark.parametrize("pad_type", ["valid", "same", "same_lower"])
def test_padding_by_name_computes_the_same(pad_type: str) -> None:
    settled = {"weight": torch.randn(4, 3, 3, 2), "pad_type": pad_type}

    _assert_same("conv", settled, {"x": torch.randn(1, 3, 6, 5)})


@pytest.mark.parametrize("hostile", [{"strides": (0, 1)}, {"dilations": (1, 0)}, {"groups": 0}])
def test_what_would_be_divided_by_zero_is_not_packed(hostile: dict[str, object]) -> None:
    call = _call("conv", {"weight": torch.randn(8, 3, 3, 3), **hostile}, ["x"])

    assert prepacked(call).function is call.function


def test_outputs_lie_in_order_though_channels_come_last_inside() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 5)).astype(np.float32)
    weight = constant(np.ones((4, 3, 1, 1), np.float32))
    described = program([operation("conv", ["y"], x="x", weight=weight)], {"x": x}, {"y": x})
    network = build_network(Path("one"), described, Mode.FAST)

    assert network.predict({"x": x})["y"].flags.c_contiguous


@pytest.mark.parametrize(("kind", "size"), [("conv", 3), ("fused.gated_pointwise", 1)])
def test_a_convolution_over_one_axis_stays_plain(kind: str, size: int) -> None:
    call = _call(kind, {"weight": torch.randn(4, 3, size)}, ["x"])

    assert prepacked(call).function is call.function


def test_a_weight_that_is_computed_stays_plain() -> None:
    call = _call("linear", {}, ["x", "weight"])

    assert prepacked(call).function is call.function


def test_a_constant_summand_stays_plain() -> None:
    settled = {"weight": torch.randn(4, 3), "other": torch.randn(2, 4)}
    call = _call("fused.linear_sum", settled, ["x"])

    assert prepacked(call).function is call.function


def test_a_weight_of_integers_stays_plain() -> None:
    call = _call("linear", {"weight": torch.ones(4, 3, dtype=torch.int32)}, ["x"])

    assert prepacked(call).function is call.function


@pytest.mark.parametrize("x", [
    torch.randn(2, 3, 5).mT,
    torch.randn(3).expand(2, 5, 3),
    torch.randn(2, 5, 6)[..., ::2],
    torch.randn(3),
    torch.randn(0, 3),
], ids=["turned", "spread", "with gaps", "of one axis", "empty"])  # fmt: skip
@pytest.mark.parametrize("kind", ["linear", "fused.linear_sum", "fused.gated_linear"])
def test_inputs_may_lie_in_memory_in_any_way(kind: str, x: Tensor) -> None:
    other = torch.randn(4, *x.shape[:-1]).movedim(0, -1)
    summand = {"other": other} if kind == "fused.linear_sum" else {}

    _assert_same(kind, {"weight": torch.randn(4, 3)}, {"x": x} | summand)


@needs_onednn
def test_a_packed_layer_keeps_no_plain_weight() -> None:
    packed = prepacked(_call("linear", {"weight": torch.randn(8, 3)}, ["x"]))

    assert not packed.settled
    assert packed.function is not linear


@needs_onednn
@pytest.mark.parametrize(("product", "packed", "keeps_up"), [
    (1.0, 1.0, True), (1.4, 1.0, True), (2.0, 1.0, False),
])  # fmt: skip
def test_products_are_held_next_to_packed_layers(
    *, product: float, packed: float, keeps_up: bool
) -> None:
    seconds = iter([product, packed])

    assert products_keep_up(lambda _: next(seconds)) == keeps_up


@needs_onednn
@pytest.mark.parametrize(
    ("multiplies", "packed"), [(True, PatchConvolution), (False, PackedConvolution)]
)
def test_patches_are_multiplied_where_products_keep_up(*, multiplies: bool, packed: type) -> None:
    convolution = _call("conv", {"weight": torch.randn(2, 1600, 3, 3)}, ["x"])

    assert isinstance(prepacked(convolution, lambda: multiplies).function, packed)


def _assert_same(kind: str, settled: Mapping[str, Any], given_: Mapping[str, Tensor]) -> None:
    call = _call(kind, settled, list(given_))
    with torch.inference_mode():
        computed = prepacked(call).results(given_)["y"]
        expected = call.results(given_)["y"]

    torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-4)


def _call(kind: str, settled: Mapping[str, Any], computed: list[str]) -> Call:
    return layer(kind, FUNCTIONS[kind], computed, **settled)
