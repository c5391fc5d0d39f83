"""Operations that coremltools does not fold, beside PyTorch and NumPy."""

from typing import Any

import pytest
import torch
from samples.one_operation import assert_agrees
from torch import Tensor
from torch.nn import functional

torch.manual_seed(0)
X = torch.randn(2, 4, 6, 7)
SIGNAL = torch.randn(2, 4, 9)
WEIGHT = torch.randn(8, 4, 3, 3)
GROUPED = torch.randn(8, 2, 3, 3)
TRANSPOSED = torch.randn(4, 3, 3, 3)
BIAS = torch.randn(8)
SCALE, SHIFT, MEAN = torch.rand(4), torch.rand(4), torch.rand(4)
QUERY, KEY, VALUE = torch.randn(3, 2, 5, 8), torch.randn(3, 2, 6, 8), torch.randn(3, 2, 6, 4)
MASK = torch.randn(5, 6)
MASKS = [MASK, MASK[0], MASK[:, :1], MASK[0, 0], torch.randn(3, 1, 5, 6), torch.randn(2, 1, 6)]

CONVOLUTIONS: list[tuple[dict[str, Any], Tensor]] = [
    (
        {"weight": WEIGHT, "bias": BIAS},
        functional.conv2d(X, WEIGHT, BIAS),
    ),
    (
        {"weight": WEIGHT, "pad_type": "custom", "pad": [1, 1, 2, 2], "strides": [2, 1]},
        functional.conv2d(X, WEIGHT, padding=(1, 2), stride=(2, 1)),
    ),
    (
        {"weight": WEIGHT, "pad_type": "custom", "pad": [0, 1, 2, 3]},
        functional.conv2d(functional.pad(X, [2, 3, 0, 1]), WEIGHT),
    ),
    (
        {"weight": WEIGHT[..., :2], "pad_type": "same", "dilations": [2, 1]},
        functional.conv2d(X, WEIGHT[..., :2], padding="same", dilation=(2, 1)),
    ),
    (
        {"weight": WEIGHT[..., :2], "pad_type": "same_lower"},
        functional.conv2d(functional.pad(X, [1, 0, 1, 1]), WEIGHT[..., :2]),
    ),
    (
        {"weight": GROUPED, "groups": 2},
        functional.conv2d(X, GROUPED, groups=2),
    ),
]


def test_a_convolution_matches_pytorch_for_every_padding() -> None:
    for arguments, expected in CONVOLUTIONS:
        assert_agrees("conv", {"x": X} | arguments, expected)


def test_a_convolution_over_one_axis_matches_pytorch() -> None:
    weight = torch.randn(5, 4, 3)

    assert_agrees("conv", {"x": SIGNAL, "weight": weight}, functional.conv1d(SIGNAL, weight))


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


def test_pools_match_pytorch() -> None:
    window = {"x": X, "kernel_sizes": [3, 2], "strides": [2, 2]}
    padded = window | {"pad_type": "custom", "pad": [1, 1, 1, 1]}

    assert_agrees("max_pool", padded, functional.max_pool2d(X, (3, 2), 2, 1))
    assert_agrees("avg_pool", padded, functional.avg_pool2d(X, (3, 2), 2, 1))
    assert_agrees(
        "avg_pool",
        padded | {"exclude_padding_from_average": True},
        functional.avg_pool2d(X, (3, 2), 2, 1, count_include_pad=False),
    )
    assert_agrees(
        "max_pool",
        window | {"ceil_mode": True},
        functional.max_pool2d(X, (3, 2), 2, ceil_mode=True),
    )
    assert_agrees("l2_pool", window, functional.lp_pool2d(X, 2, (3, 2), 2))


def test_normalizations_match_pytorch() -> None:
    assert_agrees(
        "batch_norm",
        {"x": X, "mean": MEAN, "variance": SCALE, "gamma": SHIFT, "beta": MEAN, "epsilon": 1e-3},
        functional.batch_norm(X, MEAN, SCALE, SHIFT, MEAN, eps=1e-3),
    )
    assert_agrees(
        "instance_norm",
        {"x": X, "gamma": SCALE, "beta": SHIFT},
        functional.instance_norm(X, weight=SCALE, bias=SHIFT),
    )
    assert_agrees(
        "local_response_norm",
        {"x": X, "size": 3, "alpha": 0.5, "beta": 0.6, "k": 2.0},
        torch.nn.LocalResponseNorm(3, 0.5, 0.6, 2.0)(X),
    )


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


def test_dequantized_is_what_pytorch_dequantizes() -> None:
    scales, zeros = torch.tensor([0.1, 0.2, 0.3, 0.4]), torch.tensor([1, -2, 3, 4])
    channels = torch.quantize_per_channel(X, scales, zeros, 1, torch.qint8)
    whole = torch.quantize_per_tensor(X, 0.25, 100, torch.quint8)
    spread = {"scale": scales, "zero_point": zeros.to(torch.int8), "axis": 1}
    same = {"scale": 0.25, "zero_point": torch.tensor(100, dtype=torch.uint8)}

    assert_agrees("dequantize", {"input": channels.int_repr()} | spread, channels.dequantize())
    assert_agrees("dequantize", {"input": whole.int_repr()} | same, whole.dequantize())


def test_silu_matches_pytorch() -> None:
    assert_agrees("silu", {"x": X}, X * torch.sigmoid(X))


def test_upsampling_matches_pytorch() -> None:
    nearest = {"scale_factor_height": 2, "scale_factor_width": 3}
    assert_agrees("upsample_nearest_neighbor", {"x": X} | nearest, _resized(X, (12, 21), "nearest"))
    assert_agrees(
        "upsample_nearest_neighbor",
        {"x": X, "scale_factor_height": 1.5, "scale_factor_width": 2.0},
        _resized(X, (9, 14), "nearest"),
    )
    assert_agrees(
        "upsample_bilinear",
        {"x": X} | nearest,
        _resized(X, (12, 21), "bilinear", align_corners=True),
    )
    assert_agrees(
        "upsample_bilinear",
        {"x": X, "align_corners": False} | nearest,
        _resized(X, (12, 21), "bilinear", align_corners=False),
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


def test_resizing_to_the_nearest_matches_pytorch() -> None:
    sizes = {"target_size_height": 4, "target_size_width": 10}

    assert_agrees("resize_nearest_neighbor", {"x": X} | sizes, _resized(X, (4, 10), "nearest"))


def test_a_crop_takes_the_edges_off() -> None:
    arguments = {"x": X, "crop_height": [1, 2], "crop_width": [0, 3]}

    assert_agrees("crop", arguments, X[:, :, 1:-2, :-3])


def test_interleaved_concatenation_takes_turns() -> None:
    expected = torch.empty(2, 8, 6, 7)
    expected[:, ::2], expected[:, 1::2] = X, X + 1

    assert_agrees("concat", {"values": (X, X + 1), "axis": 1, "interleave": True}, expected)


def test_one_hot_marks_the_place_of_each_index() -> None:
    expected = torch.tensor([[-1.0, -1, 2, -1], [2, -1, -1, -1]])
    sizes = {"one_hot_vector_size": 4, "on_value": 2.0, "off_value": -1.0}

    assert_agrees("one_hot", {"indices": torch.tensor([2, 0])} | sizes, expected)


def test_cumulative_sums_can_leave_themselves_out() -> None:
    expected = X.cumsum(1) - X

    assert_agrees("cumsum", {"x": X, "axis": 1, "exclusive": True}, expected)


def test_channels_and_space_change_places() -> None:
    shuffled = functional.pixel_shuffle(X, 2)
    block_outermost = X.reshape(2, 2, 2, 1, 6, 7).permute(0, 3, 1, 2, 4, 5).flatten(1, 3)

    assert_agrees("pixel_shuffle", {"x": X, "upscale_factor": 2}, shuffled)
    assert_agrees("pixel_unshuffle", {"x": shuffled, "downscale_factor": 2}, X)
    assert_agrees(
        "depth_to_space", {"x": X, "block_size": 2}, functional.pixel_shuffle(block_outermost, 2)
    )
    blown_up = functional.pixel_shuffle(block_outermost, 2)
    assert_agrees("space_to_depth", {"x": blown_up, "block_size": 2}, X)


def _resized(x: Tensor, size: tuple[int, int], mode: str, **options: bool) -> Tensor:
    return functional.interpolate(x, size, mode=mode, **options)
