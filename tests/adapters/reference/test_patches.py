"""Convolutions by patches compute what plain ones do, and are taken only where they pay."""

from typing import Any

import pytest
import torch
from coreml_stable_diffusion.adapters.reference.ops.convolution import conv
from coreml_stable_diffusion.adapters.reference.patches import PatchConvolution, patched
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.calls import convolution

BORDER: dict[str, Any] = {"pad_type": "custom", "pad": (1, 1, 1, 1)}
PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


@settings(max_examples=40, deadline=None)
@given(
    batch=st.integers(1, 3),
    inputs=st.integers(1, 9),
    outputs=st.sampled_from([1, 7, 700]),
    kernel=PAIRS,
    strides=PAIRS,
    custom=st.booleans(),
    pad=st.tuples(st.integers(0, 2), st.integers(0, 2)) | st.none(),
    biased=st.booleans(),
    added=st.booleans(),
    last=st.booleans(),
)
def test_patches_give_what_a_plain_convolution_gives(
    *,
    batch: int,
    inputs: int,
    outputs: int,
    kernel: tuple[int, int],
    strides: tuple[int, int],
    custom: bool,
    pad: tuple[int, int] | None,
    biased: bool,
    added: bool,
    last: bool,
) -> None:
    x = torch.randn(batch, inputs, 11, 9)
    x = x.contiguous(memory_format=torch.channels_last) if last else x
    layer: dict[str, Any] = {"weight": torch.randn(outputs, inputs, *kernel), "strides": strides}
    layer |= {"pad_type": "custom"} if custom else {}
    layer |= {"pad": (pad[0], pad[0], pad[1], pad[1])} if pad else {}
    if biased:
        layer["bias"] = torch.randn(outputs)
    expected = conv(x, **layer)
    other = torch.randn(expected.shape) if added else None

    computed = PatchConvolution.of(**layer)(x, other)

    expected = expected if other is None else expected + other
    torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-4)


def test_what_is_added_is_left_as_it_is() -> None:
    other = torch.zeros(1, 2, 4, 4)
    PatchConvolution.of(torch.ones(2, 2, 3, 3), **BORDER)(torch.ones(1, 2, 4, 4), other)

    assert not other.any()


@pytest.mark.parametrize(("channels", "outputs", "shape", "pays"), [
    (8, 1280, (2, 1280, 8, 8), True),
    (8, 1280, (1, 1280, 16, 16), False),
    (8, 640, (2, 640, 8, 8), False),
    (1920, 64, (1, 64, 32, 32), True),
    (8, 1280, (), False),
    (1920, 64, (), True),
], ids=["few", "more", "few outputs", "many channels", "any size", "many, any size"])  # fmt: skip
def test_patches_are_taken_for_few_places_and_for_many_channels(
    channels: int, outputs: int, shape: tuple[int, ...], *, pays: bool
) -> None:
    layer = patched(convolution(shape, weight=torch.randn(outputs, channels, 3, 3), **BORDER))

    assert (layer is not None) == pays


def test_a_border_that_is_not_told_is_none() -> None:
    weight = torch.randn(1280, 8, 3, 3)
    layer = patched(convolution((2, 1280, 8, 8), weight=weight, pad_type="custom"))

    assert layer is not None
    assert layer.padding == (0, 0)


@pytest.mark.parametrize("other", [
    {"weight": torch.randn(1280, 8, 1, 1)},
    {"weight": torch.randn(1280, 8, 3)},
    {"pad_type": "same"},
    {"pad": (0, 1, 0, 1)},
    {"dilations": (1, 2)},
    {"groups": 2},
])  # fmt: skip
def test_other_convolutions_are_not_cut_into_patches(other: dict[str, Any]) -> None:
    layer = {"weight": torch.randn(1280, 8, 3, 3), **BORDER, **other}

    assert patched(convolution((2, 1280, 8, 8), **layer)) is None


def test_a_linear_layer_is_not_cut_into_patches() -> None:
    assert patched(convolution((2, 1280, 8, 8), weight=torch.randn(1280, 8))) is None
