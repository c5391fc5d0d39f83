"""What generated cases of operations leave out: documented points, and masks of every rank."""

from typing import Any

import pytest
import torch
from samples.one_operation import assert_agrees
from torch import Tensor
from torch.nn import functional

torch.manual_seed(0)
X = torch.randn(2, 4, 6, 7)
WEIGHT = torch.randn(8, 4, 3, 3)
TRANSPOSED = torch.randn(4, 3, 3, 3)
SCALE = torch.rand(4)
QUERY, KEY, VALUE = torch.randn(3, 2, 5, 8), torch.randn(3, 2, 6, 8), torch.randn(3, 2, 6, 4)
MASK = torch.randn(5, 6)
MASKS = [MASK, MASK[0], MASK[:, :1], MASK[0, 0], torch.randn(3, 1, 5, 6), torch.randn(2, 1, 6)]


def test_same_padding_with_strides_gives_an_output_for_every_stride() -> None:
    expected = functional.conv2d(functional.pad(X, [1, 1, 0, 1]), WEIGHT, stride=2)

    assert_agrees(
        "conv", {"x": X, "weight": WEIGHT, "pad_type": "same", "strides": [2, 2]}, expected
    )


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ({"strides": [2, 3]}, {"stride": (2, 3)}),
        (
            {"strides": [2, 2], "pad_type": "custom", "pad": [1, 1, 0, 0]},
            {"stride": 2, "padding": (1, 0)},
        ),
        ({"dilations": [2, 1], "bias": SCALE[:3]}, {"dilation": (2, 1), "bias": SCALE[:3]}),
        (
            {
                "strides": [2, 2],
                "pad_type": "custom",
                "pad": [1, 1, 1, 1],
                "output_shape": [2, 3, 12, 14],
            },
            {"stride": 2, "padding": 1, "output_padding": 1},
        ),
    ],
)
def test_a_transposed_convolution_matches_pytorch(
    arguments: dict[str, Any], options: dict[str, Any]
) -> None:
    expected = functional.conv_transpose2d(X, TRANSPOSED, **options)

    assert_agrees("conv_transpose", {"x": X, "weight": TRANSPOSED} | arguments, expected)


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("mask", MASKS, ids=lambda each: str(tuple(each.shape)))
def test_attention_matches_the_formula_with_every_mask(mask: Tensor, flat: bool) -> None:
    query, key, value = (each[0] if flat else each for each in (QUERY, KEY, VALUE))
    added = mask[0] if flat and mask.ndim == 4 else mask
    scores = query @ key.transpose(-1, -2) / 8**0.5
    arguments = {"query": query, "key": key, "value": value, "attn_mask": added}

    expected = (scores + added).softmax(-1) @ value
    assert_agrees("scaled_dot_product_attention", arguments, expected)


def test_attention_lets_pass_what_is_true() -> None:
    scores = QUERY @ KEY.transpose(-1, -2) / 8**0.5
    barred = scores.masked_fill(MASK <= -1, -torch.inf)
    inputs = {"query": QUERY, "key": KEY, "value": VALUE}

    assert_agrees("scaled_dot_product_attention", inputs, scores.softmax(-1) @ VALUE)
    assert_agrees(
        "scaled_dot_product_attention",
        inputs | {"attn_mask": MASK > -1},
        barred.softmax(-1) @ VALUE,
    )


def test_resizing_lays_the_points_that_the_documentation_lists() -> None:
    """The grid points for two pixels blown up to five, from MIL's page on resize_bilinear."""
    points = {
        "UNALIGN_CORNERS": [0.0, 0.1, 0.5, 0.9, 1.0],
        "STRICT_ALIGN_CORNERS": [0.0, 0.25, 0.5, 0.75, 1.0],
        "ALIGN_CORNERS": [0.0, 0.25, 0.5, 0.75, 1.0],
        "DEFAULT": [0.0, 0.4, 0.8, 1.0, 1.0],
        "OFFSET_CORNERS": [0.1, 0.3, 0.5, 0.7, 0.9],
    }
    ramp = torch.tensor([[[0.0, 1.0]]])
    sizes = {"target_size_height": 1, "target_size_width": 5}

    for mode, expected in points.items():
        arguments = {"x": ramp, "sampling_mode": mode} | sizes
        assert_agrees("resize_bilinear", arguments, torch.tensor([[expected]]))


@pytest.mark.parametrize("factor", [2, 3, 41, 47, 55])
def test_the_nearest_neighbour_is_repeated_by_whole_factors(factor: int) -> None:
    """Also by those whose inverse rounds down in float32, which PyTorch counts places with."""
    picture = torch.randn(1, 2, 3, 2)
    expected = picture.repeat_interleave(factor, -2).repeat_interleave(factor, -1)
    factors = {"scale_factor_height": factor, "scale_factor_width": factor}
    height, width = expected.shape[-2:]
    sizes = {"target_size_height": height, "target_size_width": width}

    assert_agrees("upsample_nearest_neighbor", {"x": picture} | factors, expected)
    assert_agrees("resize_nearest_neighbor", {"x": picture} | sizes, expected)


def test_numbers_are_concatenated_to_a_list() -> None:
    """As coremltools writes the shapes of what has several sizes."""
    numbers = torch.tensor(3), torch.tensor(5)

    assert_agrees("concat", {"values": numbers, "axis": 0}, torch.tensor([3, 5], dtype=torch.int32))
