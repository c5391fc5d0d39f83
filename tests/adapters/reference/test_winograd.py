"""Convolutions by tiles compute what plain ones do, and are taken only where they pay."""

from typing import Any

import pytest
import torch
from coreml_stable_diffusion.adapters.reference.ops.convolution import conv
from coreml_stable_diffusion.adapters.reference.winograd import (
    LARGE,
    SMALL,
    Filtering,
    WinogradConvolution,
    tiled,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.calls import convolution

BORDER: dict[str, Any] = {"pad_type": "custom", "pad": (1, 1, 1, 1)}
PICTURE = (2, 64, 32, 32)


@settings(max_examples=40, deadline=None)
@given(
    filtering=st.sampled_from([SMALL, LARGE]),
    batch=st.integers(1, 2),
    inputs=st.integers(1, 9),
    outputs=st.integers(1, 9),
    height=st.integers(1, 13),
    width=st.integers(1, 13),
    biased=st.booleans(),
    added=st.booleans(),
)
def test_tiles_give_what_a_plain_convolution_gives(
    *,
    filtering: Filtering,
    batch: int,
    inputs: int,
    outputs: int,
    height: int,
    width: int,
    biased: bool,
    added: bool,
) -> None:
    x = torch.randn(batch, inputs, height, width)
    weight, bias = torch.randn(outputs, inputs, 3, 3), torch.randn(outputs) if biased else None
    other = torch.randn(batch, outputs, height, width) if added else None

    computed = WinogradConvolution.of(filtering, weight, bias)(x, other)

    expected = conv(x, weight, bias, **BORDER) + (0 if other is None else other)
    torch.testing.assert_close(computed, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("batch", "channels", "size"), [
    (1, 160, 96),
    (2, 64, 250),
    (3, 100, 96),
], ids=["bands of one picture", "bands of each picture", "two pictures and one"])  # fmt: skip
def test_pictures_in_several_bands_are_put_together(batch: int, channels: int, size: int) -> None:
    x, weight = torch.randn(batch, channels, size, size), torch.randn(4, channels, 3, 3) / 38

    computed = WinogradConvolution.of(LARGE, weight, None)(x)

    torch.testing.assert_close(computed, conv(x, weight, **BORDER), rtol=1e-4, atol=1e-4)


def test_outputs_in_several_parts_are_put_together() -> None:
    x, weight, bias = torch.randn(2, 3, 9, 7), torch.randn(1280, 3, 3, 3), torch.randn(1280)

    computed = WinogradConvolution.of(SMALL, weight, bias)(x)

    torch.testing.assert_close(computed, conv(x, weight, bias, **BORDER), rtol=1e-4, atol=1e-4)


def test_what_is_added_is_left_as_it_is() -> None:
    other = torch.zeros(1, 2, 4, 4)
    WinogradConvolution.of(LARGE, torch.ones(2, 2, 3, 3), None)(torch.ones(1, 2, 4, 4), other)

    assert not other.any()


@pytest.mark.parametrize(("shape", "filtering"), [
    ((2, 64, 64, 64), LARGE),
    ((2, 64, 32, 32), LARGE),
    ((2, 64, 16, 16), SMALL),
    ((2, 64, 8, 8), None),
    ((), None),
])  # fmt: skip
def test_the_larger_tiles_are_taken_where_there_are_many(
    shape: tuple[int, ...], filtering: Filtering | None
) -> None:
    layer = tiled(convolution(shape, weight=torch.randn(64, 64, 3, 3), **BORDER))

    assert (layer.filtering if layer else None) == filtering


@pytest.mark.parametrize("other", [
    {"weight": torch.randn(64, 64, 1, 1)},
    {"weight": torch.randn(64, 64, 3, 3, 3)},
    {"weight": torch.randn(64, 4, 3, 3)},
    {"pad_type": "valid"},
    {"pad": (0, 1, 0, 1)},
    {"strides": (2, 2)},
    {"dilations": (1, 2)},
    {"groups": 2},
])  # fmt: skip
def test_other_convolutions_are_not_cut_into_tiles(other: dict[str, Any]) -> None:
    assert (
        tiled(convolution(PICTURE, **{"weight": torch.randn(64, 64, 3, 3), **BORDER, **other}))
        is None
    )


def test_a_linear_layer_is_not_cut_into_tiles() -> None:
    assert tiled(convolution(PICTURE, weight=torch.randn(64, 64))) is None
